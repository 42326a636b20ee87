import { describe, expect, it } from 'vitest';
import { atNewYork } from '#domain/market/calendar';
import { cents, isoDate } from '#domain/units';
import type { JournalFact } from '#ports/facts';
import type { EngineDesk } from '#support/engineDesk';
import { holdingSpread, LONG, SHORT } from './spread.ts';

const EXPIRY = isoDate('2026-04-17');

/** The 95/90 put spread in an index that settles in cash. */
function inCash(fact: JournalFact): JournalFact {
  if (fact.kind !== 'PositionOpened') return fact;
  const legs = fact.position.legs.map((leg) => ({
    ...leg,
    contract: leg.contract && { ...leg.contract, settlement: 'cash' as const, style: 'european' as const },
  }));
  return { ...fact, position: { ...fact.position, legs } };
}

/** The morning on which it expires, XYZ at 94.00; the fees are settled and told. */
function expiringSpread(): EngineDesk {
  const desk = holdingSpread();
  desk.tells({ kind: 'fee', code: 'FEE', netCash: cents(-11) });
  desk.facts.splice(0, desk.facts.length, ...desk.facts.map(({ at, fact }) => ({ at, fact: inCash(fact) })));
  desk.price('XYZ', 94);
  desk.now = atNewYork(EXPIRY, '09:45');
  return desk.start().pass(30);
}

/** Expired on a Friday at 94.00 by our last look, so the short put was booked at -$100. */
function settledSpread(): EngineDesk {
  const desk = expiringSpread();
  desk.now = atNewYork(EXPIRY, '16:30');
  desk.hold(SHORT, 1);
  desk.hold(LONG, -1);
  desk.cash -= 10_000;
  desk.pass(120);
  expect(desk.factsOf('PositionClosed')).toMatchObject([
    { trade: { outcome: { exitReason: 'assigned', pnl: 12_000 - 10_000 - 11 } } },
  ]);
  expect(desk.engine.view().cashBook?.cash).toBe(desk.cash);
  return desk;
}

/** The broker tells that the put settled at 92.50: $250. */
function tellsSettlement(desk: EngineDesk): void {
  desk.cash -= 15_000;
  desk.tells({ kind: 'assignment', code: 'OPASN', symbol: SHORT, quantity: 1, netCash: cents(-25_000), date: EXPIRY });
}

/** The next look, and as long as an account may lag behind. */
function onMonday(desk: EngineDesk): void {
  desk.now = atNewYork(isoDate('2026-04-20'), '10:00');
  desk.start().pass(300);
}

const booked = (desk: EngineDesk) => desk.factsOf('CashBooked').map(({ amount, classification }) => [amount, classification]);

describe('a contract that settled in cash', () => {
  it('at another value than our last look gave it is put right by the difference, and nothing stops', () => {
    const desk = settledSpread();
    tellsSettlement(desk);
    onMonday(desk);
    expect(booked(desk)).toEqual([[-15_000, 'settlementPrice']]);
    expect(desk.engine.view().cashBook?.cash).toBe(desk.cash);
    expect(desk.engine.view().breakers.map(({ breaker }) => breaker)).not.toContain('books');
  });

  it('is put right in the look that settles its day too: a fee of 3 cents of Friday is told with it', () => {
    const desk = settledSpread();
    tellsSettlement(desk);
    desk.cash -= 3;
    desk.tells({ kind: 'fee', code: 'FEE', netCash: cents(-3), date: EXPIRY });
    onMonday(desk);
    expect(booked(desk)).toEqual([
      [-3, 'feesDiffer'],
      [-15_000, 'settlementPrice'],
    ]);
    expect(desk.engine.view().cashBook?.cash).toBe(desk.cash);
    expect(desk.engine.view().breakers.map(({ breaker }) => breaker)).not.toContain('books');
  });

  it('at the open is booked once, by its clearing, when the money goes ten minutes before the holdings do', () => {
    const desk = expiringSpread();
    desk.cash -= 25_000;
    desk.tells({ kind: 'assignment', code: 'OPASN', symbol: SHORT, quantity: 1, netCash: cents(-25_000), date: EXPIRY });
    desk.pass(600);
    expect(booked(desk)).toEqual([]);
    desk.hold(SHORT, 1);
    desk.hold(LONG, -1);
    desk.pass(600);
    expect(booked(desk)).toEqual([]);
    expect(desk.factsOf('PositionClosed')).toMatchObject([{ trade: { outcome: { pnl: 12_000 - 25_000 - 11 } } }]);
    expect(desk.engine.view().cashBook?.cash).toBe(desk.cash);
    expect(desk.engine.view().breakers.map(({ breaker }) => breaker)).not.toContain('books');
  });

  it('and has not left the holdings yet lets no other money pass', () => {
    const desk = expiringSpread();
    desk.cash -= 25_000 + 300_000;
    desk.tells({ kind: 'assignment', code: 'OPASN', symbol: SHORT, quantity: 1, netCash: cents(-25_000), date: EXPIRY });
    desk.pass(600);
    expect(booked(desk)).toEqual([[-300_000, 'unknown']]);
    expect(desk.engine.view().breakers.map(({ breaker }) => breaker)).toContain('books');
  });

  it('expired by the broker’s record settles for nothing, though the last price would make it $100', () => {
    const desk = expiringSpread();
    desk.hold(SHORT, 1);
    desk.hold(LONG, -1);
    desk.tells({ kind: 'expiration', code: 'OPEXP', symbol: SHORT, quantity: 1, date: EXPIRY });
    desk.pass(61);
    expect(desk.factsOf('PositionClosed')).toMatchObject([{ trade: { outcome: { exitReason: 'expired', pnl: 12_000 - 11 } } }]);
    expect(booked(desk)).toEqual([]);
  });

  it('does not swallow 3,000 dollars that left in the same look: they are unknown, told, and stop entries', () => {
    const desk = settledSpread();
    tellsSettlement(desk);
    desk.cash -= 300_000;
    onMonday(desk);
    expect(booked(desk)).toEqual([
      [-15_000, 'settlementPrice'],
      [-300_000, 'unknown'],
    ]);
    expect(desk.engine.view().breakers.map(({ breaker }) => breaker)).toContain('books');
    expect(desk.folded().view().cashBook).toEqual(desk.engine.view().cashBook);
  });

  it('and was told at the value that we booked lets no other money pass', () => {
    const desk = settledSpread();
    desk.tells({ kind: 'assignment', code: 'OPASN', symbol: SHORT, quantity: 1, netCash: cents(-10_000), date: EXPIRY });
    desk.cash -= 10_000;
    onMonday(desk);
    expect(booked(desk)).toEqual([[-10_000, 'unknown']]);
  });

  it('before this build wrote down at what value accounts for as much as was told, and no more', () => {
    const desk = settledSpread();
    const older = desk.facts.map(({ at, fact }) => {
      if (fact.kind !== 'PositionChanged') return { at, fact };
      const { settled: _, ...rest } = fact;
      return { at, fact: rest };
    });
    desk.facts.splice(0, desk.facts.length, ...older);
    tellsSettlement(desk);
    desk.cash -= 300_000;
    onMonday(desk);
    expect(booked(desk)).toEqual([
      [-25_000, 'settlementPrice'],
      [-290_000, 'unknown'],
    ]);
  });
});

describe('a start before the feed’s first price, the contracts gone over the weekend', () => {
  const closed = (desk: EngineDesk) =>
    desk.factsOf('PositionClosed').map(({ trade: { outcome } }) => [outcome.exitReason, outcome.pnl]);
  const tellsAssigned = (desk: EngineDesk) =>
    desk.tells({ kind: 'assignment', code: 'OPASN', symbol: SHORT, quantity: 1, netCash: cents(-25_000), date: EXPIRY });

  /** It settled at 92.50: the account paid $250. */
  function gone(): EngineDesk {
    const desk = expiringSpread();
    desk.quotes.clear();
    desk.cash -= 25_000;
    desk.hold(SHORT, 1);
    desk.hold(LONG, -1);
    return desk;
  }
  const startsOn = (desk: EngineDesk, day: string, time = '10:00') => {
    desk.now = atNewYork(isoDate(day), time);
    desk.start().pass(120);
  };

  it('takes the broker’s word: assigned at -$250, not expired for nothing', () => {
    const desk = gone();
    tellsAssigned(desk);
    startsOn(desk, '2026-04-20', '08:45');
    expect(closed(desk)).toEqual([['assigned', 12_000 - 25_000 - 11]]);
    expect(booked(desk)).toEqual([]);
    expect(desk.engine.view().cashBook?.cash).toBe(desk.cash);
  });

  it('waits for that word where it has none: nothing is closed, nothing is unknown, and no breaker for it', () => {
    const desk = gone();
    startsOn(desk, '2026-04-20');
    expect(closed(desk)).toEqual([]);
    expect(booked(desk)).toEqual([]);
    const { breakers, lastDifferences } = desk.engine.view();
    expect(lastDifferences?.differences.map(({ classification, ended }) => [classification, ended])).toEqual([
      ['settlementAwaited', 'waiting'],
      ['settlementAwaited', 'waiting'],
    ]);
    expect(breakers.map(({ breaker }) => breaker)).not.toContain('drift');
    tellsAssigned(desk);
    desk.pass(61);
    expect(closed(desk)).toEqual([['assigned', 12_000 - 25_000 - 11]]);
    expect(booked(desk)).toEqual([]);
  });

  it('or for a price, whichever comes first', () => {
    const desk = gone();
    startsOn(desk, '2026-04-20');
    desk.price('XYZ', 92.5).tick();
    desk.pass(61);
    expect(closed(desk)).toEqual([['assigned', 12_000 - 25_000 - 11]]);
  });

  it('not beyond the next session: what nothing was said of expired, and what the cash says else is told', () => {
    const desk = gone();
    startsOn(desk, '2026-04-21');
    expect(closed(desk)).toEqual([['expired', 12_000 - 11]]);
    expect(booked(desk)).toEqual([[-25_000, 'unknown']]);
    expect(desk.engine.view().breakers.map(({ breaker }) => breaker)).toContain('books');
  });
});
