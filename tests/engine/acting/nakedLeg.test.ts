import { describe, expect, it } from 'vitest';
import { atNewYork } from '#domain/market/calendar';
import { type Instant, isoDate } from '#domain/units';
import type { BrokerOrder } from '#ports/broker';
import type { EngineDesk } from '#support/engineDesk';
import { holdingSpread, LONG, onlyPosition, quietDesk, SHORT, sellSpread } from './spread.ts';

/** Seconds from `since` until an order that closes what is left went out. */
function repairedAfter(desk: EngineDesk, since: Instant): number {
  const sent = desk.facts.find(
    ({ at, fact }) => at >= since && fact.kind === 'OrderIntended' && fact.request.purpose === 'close',
  );
  if (!sent) throw new Error('nothing was sent');
  return (sent.at - since) / 1000;
}

/** An order of another hand, as the stream tells of it. */
function foreignOrder(symbol: string, side: 'buy' | 'sell', filled: number, desk: EngineDesk): BrokerOrder {
  return {
    brokerOrderId: 'b:elsewhere',
    clientOrderId: 'elsewhere-1',
    status: filled > 0 ? 'filled' : 'working',
    underlying: 'XYZ',
    assetClass: 'option',
    legs: [{ symbol, side, ratio: 1, intent: side === 'buy' ? 'buyToClose' : 'sellToClose' }],
    contracts: 1,
    filledContracts: filled,
    filledNetPrice: filled > 0 ? -2.1 : null,
    legFillPrices: [filled > 0 ? 2.1 : null],
    netLimit: null,
    submittedAt: desk.now,
    updatedAt: desk.now,
  };
}

describe('a leg that is left alone', () => {
  it('after the broker sold the long one is bought back within seconds when the stream tells of it', () => {
    const desk = holdingSpread();
    desk.pass(130);
    const since = desk.now;
    desk.trades({ symbol: LONG, contracts: -1, price: 0.88 });
    desk.report({ kind: 'externalOrderSeen', order: foreignOrder(LONG, 'sell', 1, desk), at: desk.now });
    desk.pass(59);
    expect(repairedAfter(desk, since)).toBe(0);
    expect(desk.only().request).toMatchObject({ purpose: 'close', legs: [{ symbol: SHORT, side: 'buy' }] });
    desk.fills();
    expect(desk.book()).toEqual({});
    expect(desk.factsOf('PositionClosed')[0]?.trade.outcome.exitReason).toBe('orphanRepair');
  });

  it('is found by the next sweep when the stream lost it: within 60 seconds in all', () => {
    for (const second of [1, 17, 44, 49]) {
      const desk = holdingSpread();
      desk.pass(50 + second);
      const since = desk.now;
      desk.trades({ symbol: LONG, contracts: -1, price: 0.88 });
      desk.pass(60);
      expect(repairedAfter(desk, since), `lost at second ${second}`).toBe(50 - second);
    }
  });

  it('is believed at a second look when no execution tells of it either: within 60 seconds in all, too', () => {
    for (const second of [1, 17, 44, 49]) {
      const desk = holdingSpread();
      desk.pass(50 + second);
      const since = desk.now;
      desk.hold(LONG, -1);
      desk.pass(60);
      expect(repairedAfter(desk, since), `lost at second ${second}`).toBe(55 - second);
    }
  });

  it('is bought back where assignment is wanted, too: a short that lost its cover is no part of that plan', () => {
    const desk = holdingSpread();
    const { positionId, exitPlan } = onlyPosition(desk);
    desk.command({ kind: 'setExitPlan', positionId, exitPlan: { ...exitPlan, takeAssignment: true } });
    desk.pass(130);
    const since = desk.now;
    desk.trades({ symbol: LONG, contracts: -1, price: 0.88 });
    desk.pass(60);
    expect(repairedAfter(desk, since)).toBeLessThanOrEqual(60);
    expect(desk.only().request).toMatchObject({ purpose: 'close', legs: [{ symbol: SHORT, side: 'buy' }] });
  });

  it('after its short put was assigned overnight: the rest is out with the first quotes of the morning', () => {
    const desk = holdingSpread();
    desk.pass(60);
    desk.quoting = false;
    desk.now = atNewYork(isoDate('2026-03-10'), '18:00');
    desk.hold(SHORT, 1);
    desk.hold('XYZ', 100);
    desk.cash -= 950_000;
    const open = atNewYork(isoDate('2026-03-11'), '09:30');
    desk.quoting = true;
    desk.pass((open - desk.now) / 1000 + 62);
    expect(desk.book()).toEqual({ [LONG]: 1, XYZ: 100 });
    expect(repairedAfter(desk, open)).toBeLessThanOrEqual(60);
  });

  /** Checks come every four minutes only: whatever happens sooner was not left to them. */
  const rarely = { settings: { positions: { checkSeconds: 240 }, failsafe: { sweepSeconds: 300 } } };

  /** The broker's desk sells long puts of the spread, and the stream tells of it. */
  function taken(desk: EngineDesk, brokerOrderId = 'b:elsewhere'): void {
    desk.trades({ symbol: LONG, contracts: -1, price: 0.88 });
    desk.report({
      kind: 'externalOrderSeen',
      order: { ...foreignOrder(LONG, 'sell', 1, desk), brokerOrderId, clientOrderId: brokerOrderId },
      at: desk.now,
    });
  }

  it('is tried again a pause after the broker refused it, however rare the checks are', () => {
    const desk = holdingSpread(1, rarely);
    desk.pass(250);
    const since = desk.now;
    desk.submission = 'rejects';
    taken(desk);
    desk.pass(65);
    const tries = desk.facts.filter(({ at, fact }) => at >= since && fact.kind === 'OrderIntended');
    expect(tries.map(({ at }) => (at - since) / 1000)).toEqual([0, 60]);
  });

  it('is tried at once when another leg of it is taken, the pause of the first try notwithstanding', () => {
    const desk = holdingSpread(2, rarely);
    desk.pass(250);
    desk.submission = 'rejects';
    taken(desk);
    desk.pass(20);
    desk.submission = 'works';
    const since = desk.now;
    taken(desk, 'b:again');
    desk.pass(10);
    expect(repairedAfter(desk, since)).toBeLessThan(10);
    expect(desk.only().request).toMatchObject({ purpose: 'close', contracts: 2, legs: [{ symbol: SHORT, side: 'buy' }] });
  });

  it('is found when the broker refuses to close what is no longer there', () => {
    const desk = holdingSpread(1, rarely);
    desk.pass(250);
    desk.trades({ symbol: LONG, contracts: -1, price: 0.88 });
    desk.submission = 'rejects';
    desk.command({ kind: 'closePosition', positionId: 'p1', contracts: null, netLimit: null });
    expect(onlyPosition(desk).legs.map(({ symbol }) => symbol)).toEqual([SHORT]);
  });

  it('is looked for once more when an older account, told after a newer one, seems to have it', () => {
    const desk = holdingSpread(1, rarely);
    const since = desk.now;
    taken(desk);
    // As it was eight seconds ago.
    desk.hold(LONG, 1);
    desk.cash -= 8_800;
    desk.pass(7);
    expect(desk.book()).toEqual({ [SHORT]: -1, [LONG]: 1 });
    desk.hold(LONG, -1);
    desk.cash += 8_800;
    desk.pass(43);
    expect(repairedAfter(desk, since)).toBeLessThanOrEqual(50);
    expect(desk.only().request).toMatchObject({ purpose: 'close', legs: [{ symbol: SHORT, side: 'buy' }] });
  });

  it('is found between two orders in doubt, which would each explain why the books differ', () => {
    const desk = holdingSpread(1, rarely);
    desk.pass(250);
    desk.submission = 'timesOutBeforeAcceptance';
    desk.command({ kind: 'closePosition', positionId: 'p1', contracts: null, netLimit: null });
    const since = desk.now;
    taken(desk);
    desk.pass(25);
    expect(onlyPosition(desk).legs.map(({ symbol }) => symbol)).toEqual([SHORT]);
    desk.submission = 'works';
    desk.pass(25);
    expect(desk.only().request).toMatchObject({ purpose: 'close', legs: [{ symbol: SHORT, side: 'buy' }] });
    desk.fills();
    expect(desk.book()).toEqual({});
    expect((desk.now - since) / 1000).toBeLessThanOrEqual(60);
  });

  it('that the thrown switch keeps from being closed is told once, and closed when it is released', () => {
    const desk = holdingSpread(1, rarely);
    desk.pass(250);
    desk.latchRecord = { ...desk.latchRecord, state: 'HALTED', reason: 'story', by: 'owner' };
    taken(desk);
    desk.pass(600);
    const told = desk.notes.filter((title) => title.includes('an urgent exit was not sent'));
    expect(told).toHaveLength(1);
    const onRecord = desk.factsOf('FaultRecorded').filter(({ where }) => where === 'exit');
    expect(onRecord).toMatchObject([
      { severity: 'low', fault: { code: 'exitNotSent', message: expect.stringMatching(/^p\d+: /) } },
    ]);
    desk.latchRecord = { ...desk.latchRecord, state: 'ACTIVE' };
    const since = desk.now;
    desk.pass(61);
    expect(repairedAfter(desk, since)).toBeLessThanOrEqual(60);
  });

  it('is told of again after a death: the first word may have died with the program', () => {
    const desk = holdingSpread(1, rarely);
    desk.pass(250);
    desk.submission = 'rejects';
    taken(desk);
    const told = () => desk.notes.filter((title) => title.includes('a structure that lost a leg is held')).length;
    expect(told()).toBe(0);
    desk.start();
    expect(told()).toBe(1);
  });

  it('is looked at when the market data come back, not at the next check', () => {
    const desk = holdingSpread(1, rarely);
    desk.pass(250);
    const say = (state: 'connected' | 'disconnected'): void =>
      desk.post({ kind: 'connectionChanged', at: desk.now, change: { channel: 'data', state, detail: 'story', at: desk.now } });
    say('disconnected');
    desk.quoting = false;
    taken(desk);
    desk.pass(70);
    expect(desk.resting()).toHaveLength(0);
    desk.quoting = true;
    const since = desk.now;
    say('connected');
    desk.pass(5);
    expect(repairedAfter(desk, since)).toBeLessThan(5);
  });

  it('after half of a close filled leg by leg is worked on until nothing is held', () => {
    const desk = holdingSpread(3);
    desk.pass(10);
    desk.command({ kind: 'closePosition', positionId: 'p1', contracts: 3, netLimit: null });
    const since = desk.now;
    desk.fills(desk.only(), 1);
    for (let round = 0; round < 20 && desk.resting().length > 0; round += 1) desk.pass(30);
    desk.pass(60);
    const again = desk.facts.filter(({ at, fact }) => at > since && fact.kind === 'OrderIntended');
    expect(desk.book()).toEqual({ [SHORT]: -2, [LONG]: 2 });
    expect(again.length).toBeGreaterThan(0);
  });
});

describe('orders of other hands', () => {
  const opening = (desk: EngineDesk): BrokerOrder => ({
    ...foreignOrder(SHORT, 'sell', 0, desk),
    contracts: 4,
    legs: [{ symbol: SHORT, side: 'sell', ratio: 1, intent: 'sellToOpen' }],
    netLimit: 2.1,
  });

  it('count in the gate as filled before any of them is', () => {
    const desk = holdingSpread();
    desk.report({ kind: 'externalOrderSeen', order: opening(desk), at: desk.now });
    const counted = () => desk.engine.riskBook().exposures.filter(({ strategyId }) => strategyId === 'external');
    desk.openElsewhere.push(opening(desk));
    desk.pass(61);
    expect(counted()).toMatchObject([{ units: 4, maxLoss: 4 * (9_500 - 210) * 100, source: 'workingOrder', underlying: 'XYZ' }]);
    expect(counted()[0]?.deltaShares).toBeGreaterThan(0);
    desk.openElsewhere.splice(0);
    desk.pass(61);
    expect(counted()).toEqual([]);
  });

  it('that close what we hold stand against an entry the other way', () => {
    const desk = holdingSpread();
    desk.openElsewhere.push(foreignOrder(SHORT, 'buy', 0, desk));
    desk.pass(61);
    expect(desk.engine.riskBook().closingSides.get(SHORT)).toBe(1);
    expect(desk.engine.riskBook().exposures.filter(({ strategyId }) => strategyId === 'external')).toEqual([]);
  });
});

describe('an account that falls behind its own record', () => {
  it('after the broker bought back a leg adopts nothing: the trade costs what was paid', () => {
    const desk = holdingSpread();
    desk.pass(130);
    desk.trades({ symbol: SHORT, contracts: 1, price: 2.1 });
    desk.report({ kind: 'externalOrderSeen', order: foreignOrder(SHORT, 'buy', 1, desk), at: desk.now });
    desk.pass(1);
    expect(desk.book()).toEqual({ [LONG]: 1 });
    // Two older looks, five seconds apart: the leg and its cash stand there again.
    desk.hold(SHORT, -1);
    desk.cash += 21_000;
    desk.report({ kind: 'externalOrderSeen', order: foreignOrder(SHORT, 'buy', 1, desk), at: desk.now });
    desk.pass(12);
    desk.hold(SHORT, 1);
    desk.cash -= 21_000;
    desk.pass(60);
    expect(desk.book()).toEqual({ [LONG]: 1 });
    expect(desk.factsOf('PositionOpened')).toHaveLength(1);
    expect(desk.factsOf('PositionClosed')).toEqual([]);
    expect(onlyPosition(desk).cashFlow).toBe(12_000 - 21_000);
  });

  it('does not take a fill of ours that its record lacks for a second one of the other hand', () => {
    const desk = quietDesk();
    sellSpread(desk, 2);
    desk.fills(desk.only(), 1);
    desk.pass(60);
    expect(desk.book()).toEqual({ [SHORT]: -1, [LONG]: 1 });
    // The broker buys one short back; at the same moment our second unit is filled, and the account shows only the former.
    desk.trades({ symbol: SHORT, contracts: 1, price: 2.1 });
    desk.fills(desk.only());
    const untold = desk.activities.splice(-2);
    const cash = untold.reduce((sum, { netCash }) => sum + netCash, 0);
    desk.hold(SHORT, 1);
    desk.hold(LONG, -1);
    desk.cash -= cash;
    desk.report({ kind: 'externalOrderSeen', order: foreignOrder(SHORT, 'buy', 1, desk), at: desk.now });
    desk.pass(12);
    expect(desk.book()).toEqual({ [SHORT]: -2, [LONG]: 2 });
    desk.activities.push(...untold);
    desk.hold(SHORT, -1);
    desk.hold(LONG, 1);
    desk.cash += cash;
    desk.pass(90);
    expect(desk.book()[SHORT]).toBe(-1);
    expect(desk.factsOf('PositionOpened')).toHaveLength(1);
    // Two units sold at 1.20, one short bought back at 2.10.
    expect(onlyPosition(desk).cashFlow).toBe(24_000 - 21_000);
  });
});
