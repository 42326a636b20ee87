import { describe, expect, it } from 'vitest';
import { EngineDesk } from '#support/engineDesk';
import { pricedByModel } from '#support/putChain';
import { QUIET_STRATEGY } from '#support/quietStrategy';
import { LONG, onlyPosition, SHORT } from './spread.ts';

/** A 95 put sold against cash with XYZ at 100, to be rolled when its short delta passes 0.40. */
function testedPut(contracts = 1): EngineDesk {
  const desk = new EngineDesk({ catalog: [QUIET_STRATEGY] });
  desk.equity *= contracts;
  desk.cash *= contracts;
  pricedByModel(desk, 100);
  desk.start().pass(31);
  const midOf = (symbol: string): number => ((desk.quotes.get(symbol)?.bid ?? 0) + (desk.quotes.get(symbol)?.ask ?? 0)) / 2;
  const sent = desk.command({
    kind: 'openStructure',
    legs: [{ symbol: SHORT, ratio: -1 }],
    contracts,
    netLimit: Math.round(midOf(SHORT) * 100) / 100,
    note: '',
  });
  expect(sent).toMatchObject({ kind: 'done' });
  desk.fills();
  const position = onlyPosition(desk);
  const roll = { whenShortDeltaAbove: 0.4, atDaysToExpiration: 0, minCredit: 0.05, maxRolls: 2 };
  desk.command({ kind: 'setExitPlan', positionId: 'p1', exitPlan: { ...position.exitPlan, roll } });
  return desk;
}

describe('a tested short strike', () => {
  it('is rolled out for a credit: closed first, then sold again in May, in one campaign', () => {
    const desk = testedPut();
    pricedByModel(desk, 95.5);
    for (let n = 0; n < 30 && desk.factsOf('ExitTriggered').length === 0; n += 1) desk.pass(10);
    expect(desk.factsOf('ExitTriggered')[0]).toMatchObject({ reason: 'roll' });
    const close = desk.only();
    expect(close.request).toMatchObject({ purpose: 'close', contracts: 1 });
    const paid = -close.request.netLimit;
    desk.fills(close);
    desk.pass(1);
    const open = desk.only();
    expect(open.request).toMatchObject({ purpose: 'open', contracts: 1 });
    expect(open.request.legs.every((leg) => leg.symbol.includes('260515'))).toBe(true);
    expect(open.request.netLimit - paid).toBeGreaterThanOrEqual(0.05 - 1e-9);
    desk.fills(open);
    expect(onlyPosition(desk)).toMatchObject({ campaignId: 'c1', rolls: 1, units: 1, exitPlan: { roll: { maxRolls: 2 } } });
    expect(desk.factsOf('PositionClosed')[0]?.trade).toMatchObject({ campaignId: 'c1', outcome: { exitReason: 'roll' } });
  });

  it('is not rolled to where its own time stop would close it again at once: the owner is told both days', () => {
    const desk = testedPut();
    pricedByModel(desk, 95.5);
    const { exitPlan } = onlyPosition(desk);
    const roll = (timeStopDays: number | null) => {
      desk.command({ kind: 'setExitPlan', positionId: 'p1', exitPlan: { ...exitPlan, timeStopDays } });
      return desk.command({ kind: 'rollPosition', positionId: 'p1' });
    };
    const refused = roll(90);
    expect(refused).toMatchObject({ kind: 'refused', message: expect.stringContaining('above its time stop of 90 days') });
    expect(desk.factsOf('OrderIntended')).toHaveLength(1);
    expect(roll(null)).toMatchObject({ kind: 'done' });
  });

  it('after three of four were closed cheaply before: the one that is left is rolled, and its own price is what the new one must pay', () => {
    const desk = testedPut(4);
    expect(onlyPosition(desk).units).toBe(4);
    pricedByModel(desk, 103);
    desk.pass(1);
    desk.command({ kind: 'closePosition', positionId: 'p1', contracts: 3, netLimit: null });
    const cheap = -desk.only().request.netLimit;
    desk.fills();
    pricedByModel(desk, 95.5);
    for (let n = 0; n < 30 && desk.factsOf('ExitTriggered').at(-1)?.reason !== 'roll'; n += 1) desk.pass(10);
    const close = desk.only();
    expect(close.request).toMatchObject({ purpose: 'close', contracts: 1 });
    const paid = -close.request.netLimit;
    expect(paid).toBeGreaterThan(cheap + 1);
    desk.fills(close);
    desk.pass(1);
    const open = desk.factsOf('OrderIntended').at(-1)!;
    expect(open.request).toMatchObject({ purpose: 'open', contracts: 1 });
    expect(open.ladder.bound - paid).toBeGreaterThanOrEqual(0.05 - 1e-9);
  });

  it('whose broker takes one leg at a time counts what all its legs cost', () => {
    const desk = new EngineDesk({ catalog: [QUIET_STRATEGY], maxLegs: 1 });
    pricedByModel(desk, 100);
    desk.start().pass(31);
    const midOf = (symbol: string): number => ((desk.quotes.get(symbol)?.bid ?? 0) + (desk.quotes.get(symbol)?.ask ?? 0)) / 2;
    const legs = [
      { symbol: SHORT, ratio: -1 },
      { symbol: LONG, ratio: 1 },
    ];
    const netLimit = Math.round((midOf(SHORT) - midOf(LONG)) * 100) / 100;
    desk.command({ kind: 'openStructure', legs, contracts: 2, netLimit, note: '' });
    desk.fills();
    const roll = { whenShortDeltaAbove: 1, atDaysToExpiration: 60, minCredit: 0.05, maxRolls: 2 };
    desk.command({ kind: 'setExitPlan', positionId: 'p1', exitPlan: { ...onlyPosition(desk).exitPlan, roll } });
    for (let n = 0; n < 30 && desk.factsOf('ExitTriggered').length === 0; n += 1) desk.pass(10);
    const bought = desk.only();
    expect(bought.request).toMatchObject({ contracts: 2, legs: [{ symbol: SHORT, side: 'buy' }] });
    desk.fills(bought);
    const sold = desk.only();
    expect(sold.request).toMatchObject({ contracts: 2, legs: [{ symbol: LONG, side: 'sell' }] });
    desk.fills(sold);
    desk.pass(1);
    const paid = -(bought.request.netLimit + sold.request.netLimit);
    const open = desk.factsOf('OrderIntended').at(-1)!;
    expect(open.request).toMatchObject({ purpose: 'open', contracts: 2 });
    expect(open.ladder.bound - paid).toBeGreaterThanOrEqual(0.05 - 1e-9);
  });

  it('is not what a calendar has: its legs would meet in one contract, so it is not rolled', () => {
    const desk = new EngineDesk({ catalog: [QUIET_STRATEGY] });
    pricedByModel(desk, 100);
    desk.start().pass(31);
    const MAY = SHORT.replace('260417', '260515');
    const midOf = (symbol: string): number => ((desk.quotes.get(symbol)?.bid ?? 0) + (desk.quotes.get(symbol)?.ask ?? 0)) / 2;
    const legs = [
      { symbol: SHORT, ratio: -1 },
      { symbol: MAY, ratio: 1 },
    ];
    const netLimit = Math.round((midOf(SHORT) - midOf(MAY)) * 100) / 100;
    expect(desk.command({ kind: 'openStructure', legs, contracts: 1, netLimit, note: '' })).toMatchObject({ kind: 'done' });
    desk.fills();
    expect(desk.command({ kind: 'rollPosition', positionId: 'p1' })).toMatchObject({ kind: 'refused' });
    expect(desk.resting()).toEqual([]);
  });

  it('stays closed when the kill switch falls between the close and the reopening', () => {
    const desk = testedPut();
    pricedByModel(desk, 95.5);
    for (let n = 0; n < 30 && desk.factsOf('ExitTriggered').length === 0; n += 1) desk.pass(10);
    desk.quoting = false;
    desk.fills();
    desk.command({ kind: 'throwKillSwitch', verb: 'stopEntries', reason: 'test' });
    desk.quoting = true;
    desk.pass(300);
    expect(desk.resting()).toHaveLength(0);
    expect(desk.engine.view().positions).toHaveLength(0);
  });

  it('deep in the money pays for no roll: it is left to its stop', () => {
    const desk = testedPut();
    pricedByModel(desk, 80);
    for (let n = 0; n < 30 && desk.factsOf('ExitTriggered').length === 0; n += 1) desk.pass(10);
    expect(desk.factsOf('ExitTriggered')[0]?.reason).toBe('stopLoss');
  });
});
