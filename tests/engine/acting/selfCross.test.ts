import { describe, expect, it } from 'vitest';
import { holdingSpread, LONG, SHORT, sellSpread } from './spread.ts';

/** One 95/90 put spread held, and an order to sell another one resting at 1.20. */
function sellingAnother(execution = {}) {
  const risk = { maxPositionsPerSymbol: 5, maxEntriesPerSymbolPerDay: 5 };
  const desk = holdingSpread(1, { settings: { risk, execution } });
  desk.pass(400);
  expect(sellSpread(desk, 1, 'another')).toMatchObject({ kind: 'done' });
  return { desk, entry: desk.only() };
}

describe('an exit while an entry on the other side of its legs works', () => {
  it('takes the entry back first, and goes out two seconds later: the broker would refuse one of both', () => {
    const { desk, entry } = sellingAnother();
    desk.price(SHORT, 0.9, 0.1).price(LONG, 0.32, 0.1);
    desk.pass(61);
    expect(entry.status).toBe('cancelled');
    const exit = desk.only();
    expect(exit.request).toMatchObject({ purpose: 'close', contracts: 1 });
    expect(desk.factsOf('ExitTriggered').map(({ reason }) => reason)).toEqual(['takeProfit', 'takeProfit']);
    desk.fills(exit);
    expect(desk.book()).toEqual({});
  });

  it('asks for one cancel only, and waits for its answer', () => {
    const { desk, entry } = sellingAnother();
    desk.cancels = 'lost';
    desk.price(SHORT, 0.9, 0.1).price(LONG, 0.32, 0.1);
    for (let second = 0; second < 90 && desk.factsOf('CancelRequested').length === 0; second += 1) desk.pass(1);
    desk.pass(8);
    expect(desk.resting()).toEqual([entry]);
    expect(desk.factsOf('CancelRequested')).toHaveLength(1);
    entry.status = 'cancelled';
    desk.report({
      kind: 'orderCancelled',
      clientOrderId: entry.id,
      brokerOrderId: `b:${entry.id}`,
      filledContracts: 0,
      at: desk.now,
    });
    desk.pass(3);
    expect(desk.only().request.purpose).toBe('close');
  });

  it('goes out all the same when the cancel is not answered for ten seconds: a stop waits for no broker', () => {
    const { desk, entry } = sellingAnother();
    desk.cancels = 'lost';
    desk.price(SHORT, 0.9, 0.1).price(LONG, 0.32, 0.1);
    for (let second = 0; second < 90 && desk.factsOf('CancelRequested').length === 0; second += 1) desk.pass(1);
    desk.pass(13);
    expect(desk.resting().map(({ request }) => request.purpose)).toEqual(['open', 'close']);
    expect(desk.resting()[0]).toBe(entry);
  });

  it('waits as long as the owner set: 30 seconds for a cancel, tried every 20', () => {
    const { desk, entry } = sellingAnother({ exitWaitsForCancelSeconds: 30, giveWaySeconds: 20 });
    desk.cancels = 'lost';
    desk.price(SHORT, 0.9, 0.1).price(LONG, 0.32, 0.1);
    for (let second = 0; second < 90 && desk.factsOf('CancelRequested').length === 0; second += 1) desk.pass(1);
    desk.pass(38);
    expect(desk.resting()).toEqual([entry]);
    desk.pass(4);
    expect(desk.resting().map(({ request }) => request.purpose)).toEqual(['open', 'close']);
  });

  it('of the owner is put back into his hand: he presses again when the entry is gone', () => {
    const { desk } = sellingAnother();
    const close = { kind: 'closePosition', positionId: 'p1', contracts: 1, netLimit: -1.1 } as const;
    const first = desk.command(close, 'first');
    expect(first.kind === 'refused' && first.reasons.map(({ gate }) => gate)).toEqual(['selfCross']);
    expect(desk.resting()).toEqual([]);
    expect(desk.command(close, 'second')).toMatchObject({ kind: 'done' });
    expect(desk.only().request).toMatchObject({ purpose: 'close', netLimit: -1.1 });
  });
});
