import { describe, expect, it } from 'vitest';
import { askingDesk, waiting, waitsForAnswer } from './sellerDesk.ts';
import { onlyPosition } from './spread.ts';

describe('a strategy that asks first', () => {
  it('sends nothing until the owner approves, and then what he approved', () => {
    const desk = askingDesk('approve');
    const decisionId = waitsForAnswer(desk);
    desk.pass(60);
    expect(desk.orders.size).toBe(0);
    expect(waiting(desk)).toEqual([decisionId]);
    expect(desk.command({ kind: 'approveProposal', decisionId })).toMatchObject({ kind: 'done' });
    expect(desk.only().request).toMatchObject({ purpose: 'open', underlying: 'XYZ' });
    expect(desk.command({ kind: 'approveProposal', decisionId })).toMatchObject({ kind: 'refused' });
    expect(desk.orders.size).toBe(1);
    desk.fills();
    expect(onlyPosition(desk)).toMatchObject({ strategyId: 'seller', decisionId });
  });

  it('that hears nothing for three minutes is declined and may propose again', () => {
    const desk = askingDesk('approve');
    const decisionId = waitsForAnswer(desk);
    desk.pass(250);
    expect(desk.factsOf('ProposalAnswered')[0]).toMatchObject({ decisionId, approved: false, by: 'expired' });
    expect(desk.command({ kind: 'approveProposal', decisionId })).toMatchObject({ kind: 'refused' });
    expect(desk.orders.size).toBe(0);
  });

  it('on auto walks from mid towards its frozen bound and never past it', () => {
    const desk = askingDesk('auto');
    for (let n = 0; n < 10 && desk.orders.size === 0; n += 1) desk.pass(1);
    desk.pass(300);
    const rungs = desk.factsOf('OrderIntended').filter((fact) => fact.request.intentId === 'i1');
    const limits = rungs.map((fact) => fact.request.netLimit);
    expect(limits.length).toBeGreaterThan(0);
    expect(limits).toEqual([...limits].sort((a, b) => b - a));
    expect(Math.min(...limits)).toBeGreaterThanOrEqual(rungs[0]?.ladder.bound ?? Number.NaN);
    expect(desk.resting().length).toBeLessThanOrEqual(1);
  });

  it('gives up an entry when the stock has left its band', () => {
    const desk = askingDesk('auto');
    for (let n = 0; n < 60 && desk.orders.size === 0; n += 1) desk.pass(1);
    desk.price('XYZ', 101);
    desk.chain = null;
    desk.pass(60);
    expect(desk.factsOf('OrderWorkEnded')[0]).toMatchObject({ intentId: 'i1', reason: 'the underlying moved out of its band' });
    expect(desk.resting()).toHaveLength(0);
  });
});
