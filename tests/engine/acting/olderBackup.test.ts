import { describe, expect, it } from 'vitest';
import { occSymbol } from '#domain/market/instrument';
import { isoDate } from '#domain/units';
import { composeClientOrderId } from '#ports/clientOrderId';
import type { EngineDesk } from '#support/engineDesk';
import { holdingSpread, LONG, quietDesk, SHORT, sellSpread } from './spread.ts';

const put = (strike: number) => occSymbol({ root: 'XYZ', expiration: isoDate('2026-04-17'), right: 'put', strike });
const OTHER_SHORT = put(85);
const OTHER_LONG = put(80);
const ROOM = { settings: { risk: { maxPositionsPerSymbol: 10, maxPositionsPerExpiration: 20 } } };

/** The owner's ticket for the 85/80 put spread at 1.20. */
function sellOther(desk: EngineDesk) {
  desk.price(OTHER_SHORT, 1.9).price(OTHER_LONG, 0.68).tick();
  return desk.command({
    kind: 'openStructure',
    legs: [
      { symbol: OTHER_SHORT, ratio: -1 },
      { symbol: OTHER_LONG, ratio: 1 },
    ],
    contracts: 1,
    netLimit: 1.2,
    note: '',
  });
}

/** Sold the 95/90 put spread, then a copy of the journal from before it was put back and an hour went by. */
function restored(filled: boolean): EngineDesk {
  const desk = quietDesk(ROOM);
  const older = [...desk.facts];
  sellSpread(desk);
  if (filled) desk.fills();
  desk.pass(60);
  return desk.putBack(older).pass(3_600).start();
}

/** The owner has looked: the breaker is reset and the switch released. */
function released(desk: EngineDesk): EngineDesk {
  desk.command({ kind: 'resetBreaker', breaker: 'books', reason: 'looked' });
  desk.command({ kind: 'releaseKillSwitch', word: 'RESUME', heldMs: 3_000, reason: 'looked' });
  return desk.pass(1);
}

describe('an older copy of the journal is put back', () => {
  it('an order that the broker knows under its name stops entries, with the reason, once', () => {
    const desk = restored(true);
    const [old] = desk.orders.keys();
    expect(desk.latchRecord).toMatchObject({ state: 'REDUCING', by: 'engine' });
    expect(desk.latchRecord.reason).toContain(old);
    expect(desk.latchRecord.reason).toContain('an older copy');
    expect(desk.factsOf('UnrecordedOrderNoted')).toMatchObject([{ clientOrderId: old, step: 'seen', status: 'filled' }]);
    expect(sellOther(desk).kind).toBe('refused');
    released(desk).pass(600);
    expect(desk.latchRecord.state).toBe('ACTIVE');
    desk.start().pass(120);
    expect(desk.factsOf('UnrecordedOrderNoted')).toHaveLength(1);
    expect(desk.latchRecord.state).toBe('ACTIVE');
  });

  it('its fill is not booked on the new order, whose number is beyond every number at the broker', () => {
    const desk = released(restored(true).pass(120));
    expect(desk.book()).toEqual({ [SHORT]: -1, [LONG]: 1 });
    expect(sellOther(desk).kind).toBe('done');
    desk.pass(300);
    expect(desk.only().request).toMatchObject({ intentId: 'i2', attempt: 1 });
    expect([...desk.engine.view().works.values()]).toMatchObject([{ intentId: 'i2', filled: 0, outcome: null }]);
    expect(desk.factsOf('OrderReported').filter(({ report }) => report.kind === 'orderFilled')).toHaveLength(0);
    desk.fills();
    expect(desk.book()).toEqual({ [SHORT]: -1, [LONG]: 1, [OTHER_SHORT]: -1, [OTHER_LONG]: 1 });
    expect(desk.pass(300).book()).toEqual(Object.fromEntries(desk.holdings));
  });

  it('its entry that still rests is taken back by the broker’s id, without a hand', () => {
    const desk = restored(false);
    expect(desk.resting()).toHaveLength(1);
    desk.pass(10);
    expect(desk.resting()).toHaveLength(0);
    expect(desk.factsOf('UnrecordedOrderNoted').map(({ step }) => step)).toEqual(['seen', 'takenBack']);
    expect(desk.engine.view().killProgress).toBeNull();
    expect(desk.pass(300).book()).toEqual({});
  });

  it('its exit is left to work while entries are stopped, and taken back when all is frozen', () => {
    const desk = holdingSpread();
    const older = [...desk.facts];
    desk.command({ kind: 'closePosition', positionId: 'p1', contracts: null, netLimit: -0.5 });
    desk.putBack(older).pass(60).start().pass(30);
    expect(desk.latchRecord.state).toBe('REDUCING');
    expect(desk.only().request.purpose).toBe('close');
    desk.command({ kind: 'throwKillSwitch', verb: 'freeze', reason: 'mine' });
    desk.pass(10);
    expect(desk.resting()).toHaveLength(0);
    expect(desk.engine.view().killProgress).toBeNull();
  });
});

describe('an order is known by its whole id', () => {
  it('a fill under the number of a resting order and another hash changes nothing but the switch', () => {
    const desk = quietDesk();
    sellSpread(desk);
    const order = desk.only();
    const stranger = composeClientOrderId('test0001', 'i1', 1, 'fedcba987654');
    const { status, filled } = order;
    const fill = desk.fill(order);
    Object.assign(order, { status, filled, value: 0 });
    desk.hold(SHORT, 1);
    desk.hold(LONG, -1);
    desk.report({ ...fill, clientOrderId: stranger, brokerOrderId: 'b:other' } as typeof fill);
    expect(desk.book()).toEqual({});
    expect([...desk.engine.view().works.values()]).toMatchObject([{ filled: 0 }]);
    expect(desk.latchRecord).toMatchObject({ state: 'REDUCING', by: 'engine' });
  });

  it('an order that our book has for dead and the broker shows open is taken back when the switch is thrown', () => {
    const desk = quietDesk();
    sellSpread(desk);
    const { id } = desk.only();
    desk.report({ kind: 'orderCancelled', clientOrderId: id, brokerOrderId: `b:${id}`, filledContracts: 0, at: desk.now });
    expect([...desk.engine.view().works.values()]).toMatchObject([{ outcome: 'notFilled' }]);
    desk.command({ kind: 'throwKillSwitch', verb: 'stopEntries', reason: 'mine' });
    desk.pass(10);
    expect(desk.resting()).toHaveLength(0);
    expect(desk.engine.view().killProgress).toBeNull();
  });
});
