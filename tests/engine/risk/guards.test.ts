import { describe, expect, it } from 'vitest';
import { addDays } from '#domain/market/calendar';
import { cents, plusMs } from '#domain/units';
import type { RiskBook, RiskRequest } from '#engine/risk/book';
import { judge } from '#engine/risk/judge';
import { sendKeyOf } from '#engine/risk/sendKey';
import type { Arming } from '#ports/arming';
import type { RiskSettings } from '#ports/settings/settings';
import {
  ACCOUNT,
  book,
  bookWithQuotes,
  contract,
  EXPIRATION,
  exposure,
  LIMITS,
  NOW,
  option,
  quote,
  quotedFor,
  request,
  SCANNER,
  SHORT_PUT,
  SPREAD,
  secondsAgo,
  shares,
  TODAY,
} from './example.ts';

function judged(change: Partial<RiskRequest> = {}, held: RiskBook = book(), limits: Partial<RiskSettings> = {}) {
  return judge(request(change), held, { ...LIMITS, ...limits }, SCANNER);
}
const reasons = (...of: Parameters<typeof judged>) => judged(...of).reasons;
const gateOf = (verdict: ReturnType<typeof judged>, gate: string) => verdict.gates.find((result) => result.gate === gate);
const SHORT = contract('put', 95).symbol;
const LONG = contract('put', 90).symbol;

describe('message throttles', () => {
  it('the eleventh order of a second waits', () => {
    expect(reasons({}, book({ ordersLastSecond: 9 }))).toEqual([]);
    expect(reasons({}, book({ ordersLastSecond: 10 }))).toEqual(['ordersPerSecond']);
  });

  it('hold for the next rung of an order as for a new one', () => {
    expect(reasons({ replacing: true }, book({ ordersLastSecond: 10, ordersLastMinute: 30, ordersToday: 150 }))).toEqual([
      'ordersPerDay',
      'ordersPerMinute',
      'ordersPerSecond',
    ]);
  });
});

describe('the last limits for the same legs', () => {
  const sentBefore = (limits: readonly number[], age = 400, key = sendKeyOf(SPREAD, 'open')) =>
    book({ recentSends: limits.map((netLimit) => ({ key, at: secondsAgo(age), netLimit })) });

  it('1.20 against an average of 0.74: 0.46 away, 0.47 allowed; against 0.73 it is too far', () => {
    expect(reasons({}, sentBefore([0.74]))).toEqual([]);
    const far = judged({}, sentBefore([0.73]));
    expect(far.reasons).toEqual(['lastOrders']);
    expect(gateOf(far, 'lastOrders')).toEqual({
      gate: 'lastOrders',
      passed: false,
      value: 0.47,
      limit: 0.465,
      unit: 'dollars',
      note: '1 before it',
    });
  });

  it('a flipped sign, ten times and a tenth stand out', () => {
    for (const wrong of [-1.2, 12, 0.12]) expect(reasons({ netLimit: wrong }, sentBefore([1.2]))).toContain('lastOrders');
  });

  it('only the last three count, only ten minutes long, and only the same legs', () => {
    expect(reasons({}, sentBefore([9, 1.2, 1.2, 1.2]))).toEqual([]);
    expect(reasons({}, sentBefore([1.2, 1.2, 1.2, 9]))).toEqual(['lastOrders']);
    expect(reasons({}, sentBefore([9], 600))).toEqual(['lastOrders']);
    expect(reasons({}, sentBefore([9], 601))).toEqual([]);
    expect(reasons({}, sentBefore([9], 400, 'open|else'))).toEqual([]);
  });

  it('a rung is compared like a new order', () => {
    expect(reasons({ replacing: true }, sentBefore([9]))).toEqual(['lastOrders']);
  });

  it('is told, without numbers, when nothing was sent before', () => {
    expect(gateOf(judged(), 'lastOrders')).toEqual({
      gate: 'lastOrders',
      passed: true,
      value: null,
      limit: null,
      unit: 'dollars',
    });
  });
});

describe('repeated execution', () => {
  it('three round trips in a day are enough', () => {
    expect(reasons({}, book({ roundTripsToday: new Map([['XYZ', 2]]) }))).toEqual([]);
    expect(reasons({}, book({ roundTripsToday: new Map([['XYZ', 3]]) }))).toEqual(['roundTrips']);
    expect(reasons({}, book({ roundTripsToday: new Map([['ABC', 9]]) }))).toEqual([]);
  });

  it('day trades are a house limit that is off until it is set', () => {
    expect(reasons({}, book({ dayTrades: 1_000 }))).toEqual([]);
    expect(gateOf(judged(), 'dayTrades')).toBeUndefined();
    expect(reasons({}, book({ dayTrades: 2 }), { maxDayTradesPerFiveDays: 3 })).toEqual([]);
    expect(reasons({}, book({ dayTrades: 3 }), { maxDayTradesPerFiveDays: 3 })).toEqual(['dayTrades']);
  });
});

describe('wash sales', () => {
  const lost = (days: number, ms = 0) => book({ lastLossAt: new Map([['XYZ', plusMs(NOW, -days * 86_400_000 - ms)]]) });

  it('an entry within 30 days of a loss is marked, and passes', () => {
    const verdict = judged({}, lost(12));
    expect(verdict.kind).toBe('approved');
    expect(gateOf(verdict, 'washSale')).toEqual({
      gate: 'washSale',
      passed: true,
      value: 12,
      limit: 30,
      unit: 'days',
      note: 'loss in XYZ: it may be deferred for tax',
    });
  });

  it('is refused where the owner wants that, to the last moment of the thirtieth day', () => {
    expect(reasons({}, lost(30), { blockWashSales: true })).toEqual(['washSale']);
    expect(reasons({}, lost(30, 1), { blockWashSales: true })).toEqual([]);
    expect(gateOf(judged({}, lost(30, 1)), 'washSale')?.note).toBeUndefined();
    expect(reasons({}, book({ lastLossAt: new Map([['ABC', NOW]]) }), { blockWashSales: true })).toEqual([]);
  });

  it('without a loss there is nothing to tell', () => {
    expect(gateOf(judged(), 'washSale')).toEqual({ gate: 'washSale', passed: true, value: null, limit: 30, unit: 'days' });
  });
});

describe('one expiration day', () => {
  const sameDay = (count: number, change: Parameters<typeof exposure>[0] = {}) => {
    const exposures = Array.from({ length: count }, () => exposure({ ...change }));
    return bookWithQuotes(quotedFor(exposures), { exposures });
  };

  it('takes twelve positions', () => {
    expect(reasons({}, sameDay(11))).toEqual([]);
    expect(reasons({}, sameDay(12))).toEqual(['expirationPositions']);
  });

  it('another day has room of its own; a calendar counts on both of its days', () => {
    const later = addDays(EXPIRATION, 28);
    const legs = [option('put', 95, -1, later, 'ABC'), option('put', 90, 1, later, 'ABC')];
    expect(reasons({}, sameDay(12, { legs }))).not.toContain('expirationPositions');
    const calendar = { legs: [option('put', 95, -1), option('put', 95, 1, later)] };
    expect(
      judged(calendar)
        .gates.filter(({ gate }) => gate === 'expirationPositions')
        .map(({ note }) => note),
    ).toEqual([EXPIRATION, later]);
  });

  it('may lose a quarter of equity: 380 and 24,620 of 100,000', () => {
    const full = sameDay(1, { maxLoss: cents(2_462_000) });
    expect(reasons({}, full)).toEqual([]);
    expect(reasons({}, sameDay(1, { maxLoss: cents(2_462_001) }))).toEqual(['expiryDayRisk']);
    const later = addDays(EXPIRATION, 28);
    const legs = [option('put', 95, -1, later, 'ABC'), option('put', 90, 1, later, 'ABC')];
    expect(reasons({}, sameDay(1, { legs, maxLoss: cents(9_000_000) }))).not.toContain('expiryDayRisk');
  });

  it('what is unbounded counts with what it ties up; what cash secures is bounded elsewhere', () => {
    const calls = [option('call', 110, -1, EXPIRATION, 'ABC'), option('call', 105, -1, EXPIRATION, 'ABC')];
    const unbounded = (tiedUp: number) => sameDay(1, { legs: calls, maxLoss: null, buyingPowerEffect: cents(-tiedUp) });
    expect(reasons({}, unbounded(2_462_000))).not.toContain('expiryDayRisk');
    expect(reasons({}, unbounded(2_462_001))).toContain('expiryDayRisk');
    const put = [option('put', 95, -1, EXPIRATION, 'ABC')];
    expect(reasons({}, sameDay(1, { legs: put, maxLoss: cents(9_000_000) }))).not.toContain('expiryDayRisk');
  });
});

describe('earnings', () => {
  const reports = (days: number) => book({ earningsOf: (underlying) => (underlying === 'XYZ' ? [addDays(TODAY, days)] : []) });

  it('today and tomorrow keep entries out, the day after does not, nor what is over', () => {
    expect(reasons({}, reports(0))).toEqual(['earnings']);
    expect(reasons({}, reports(1))).toEqual(['earnings']);
    expect(reasons({}, reports(2))).toEqual([]);
    expect(reasons({}, reports(-1))).toEqual([]);
  });

  it('names the nearest report, and says when none is known', () => {
    const two = book({ earningsOf: () => [addDays(TODAY, 90), addDays(TODAY, 1)] });
    expect(gateOf(judged({}, two), 'earnings')?.note).toBe(addDays(TODAY, 1));
    expect(gateOf(judged(), 'earnings')).toEqual({
      gate: 'earnings',
      passed: true,
      value: 1,
      limit: 1,
      unit: 'yes/no',
      note: 'none is known',
    });
  });

  it('0 days switches it off', () => {
    const verdict = judge(request(), reports(0), LIMITS, { ...SCANNER, earningsBlackoutDays: 0 });
    expect(verdict.kind).toBe('approved');
    expect(gateOf(verdict, 'earnings')).toBeUndefined();
  });
});

describe('quotes that say nothing', () => {
  it('a leg wider than its mid is not opened', () => {
    const wide = (width: number) => bookWithQuotes({ [SHORT]: quote(2, width) });
    expect(reasons({ netLimit: 1.12 }, wide(2))).not.toContain('legSpread');
    expect(reasons({ netLimit: 1.12 }, wide(2.02))).toContain('legSpread');
  });

  it('a cheap leg is not asked, one at the price of cheap legs is', () => {
    const cheap = (mid: number) => bookWithQuotes({ [LONG]: { ...quote(mid), bid: 0, ask: 2 * mid } });
    expect(reasons({ netLimit: 1.7 }, cheap(0.49), { maxLegSpreadFraction: 0.5 })).not.toContain('legSpread');
    expect(reasons({ netLimit: 1.7 }, cheap(0.5), { maxLegSpreadFraction: 0.5 })).toContain('legSpread');
  });

  it('nothing is sold that nobody bids for; what is bought needs no bid', () => {
    const noBid = { ...quote(0.1), bid: 0, ask: 0.2 };
    expect(reasons({}, bookWithQuotes({ [SHORT]: noBid }))).toContain('bidToSell');
    expect(reasons({}, bookWithQuotes({ [SHORT]: { ...noBid, bid: 0.01 } }))).not.toContain('bidToSell');
    expect(reasons({}, bookWithQuotes({ [LONG]: noBid }))).not.toContain('bidToSell');
  });

  it('a crossed leg is told as that, not as wide', () => {
    const crossed = judged({}, bookWithQuotes({ [SHORT]: { ...quote(2.1), bid: 2.2, ask: 2.0 } }));
    expect(crossed.reasons).toContain('legQuotes');
    expect(crossed.gates.filter(({ gate }) => gate === 'bidToSell')).toEqual([]);
  });
});

describe('our own working closes', () => {
  it('are not traded against', () => {
    expect(reasons({}, book({ closingSides: new Map([[SHORT, 1]]) }))).toEqual(['selfCross']);
    expect(reasons({}, book({ closingSides: new Map([[SHORT, -1]]) }))).toEqual([]);
    expect(reasons({}, book({ closingSides: new Map([['else', 1]]) }))).toEqual([]);
  });
});

describe('real money', () => {
  const arming: Arming = { account: 'PA1', build: 'b', ceilingDollars: 1_000, at: NOW, until: plusMs(NOW, 1), by: 'owner' };
  const live = (change: Partial<Arming> = {}, more: Partial<RiskBook> = {}) =>
    book({ live: { arming: { ...arming, ...change } }, ...more });

  it('opens nothing that is not armed, for another account, or after its time', () => {
    expect(reasons({}, live())).toEqual([]);
    expect(gateOf(judged({}, live()), 'notArmed')).toEqual({
      gate: 'notArmed',
      passed: true,
      value: 1,
      limit: 1,
      unit: 'yes/no',
      note: 'armed',
    });
    expect(gateOf(judged(), 'notArmed')).toBeUndefined();
    expect(reasons({}, book({ live: { arming: null } }))).toEqual(['notArmed']);
    expect(reasons({}, live({ account: 'PA2' }))).toEqual(['notArmed']);
    expect(reasons({}, live({}, { account: null }))).toContain('notArmed');
    expect(reasons({}, live({ until: NOW }))).toEqual(['notArmed']);
    expect(gateOf(judged({}, live({ until: NOW })), 'notArmed')?.note).toBe('the arming is over');
  });

  it('the lower of both ceilings holds: 380 of 379.99', () => {
    expect(reasons({}, live({ ceilingDollars: 380 }))).toEqual([]);
    expect(reasons({}, live({ ceilingDollars: 379.99 }))).toEqual(['capitalCeiling']);
    expect(reasons({}, live(), { capitalCeilingDollars: 379.99 })).toEqual(['capitalCeiling']);
    expect(reasons({}, book(), { capitalCeilingDollars: 379.99 })).toEqual(['capitalCeiling']);
    expect(reasons({}, book(), { capitalCeilingDollars: 0 })).toEqual([]);
    expect(gateOf(judged(), 'capitalCeiling')).toBeUndefined();
  });

  it('counts what is held at the larger of loss and money tied up, and refuses what is unknown', () => {
    const held = (change: Parameters<typeof exposure>[0]) => {
      const exposures = [exposure(change)];
      return bookWithQuotes(quotedFor(exposures), { exposures });
    };
    const at = (change: Parameters<typeof exposure>[0]) => reasons({}, held(change), { capitalCeilingDollars: 1_000 });
    expect(at({ maxLoss: cents(62_000) })).toEqual([]);
    expect(at({ maxLoss: cents(62_001) })).toEqual(['capitalCeiling']);
    expect(at({ buyingPowerEffect: cents(-62_001) })).toEqual(['capitalCeiling']);
    expect(at({ maxLoss: null })).toContain('capitalCeiling');
    const naked = { legs: [option('call', 105, -1)], netLimit: 1.9 };
    expect(reasons(naked, book(), { capitalCeilingDollars: 1_000_000 })).toContain('capitalCeiling');
    const noSpot = judged({}, bookWithQuotes({ XYZ: null }), { capitalCeilingDollars: 1_000_000 });
    expect(gateOf(noSpot, 'capitalCeiling')?.value).toBeNull();
  });
});

describe('every leg of every comparison', () => {
  it('one long option needs level 2, a naked call a level that nobody has', () => {
    const long = { legs: [option('put', 90, 1)], netLimit: -0.88, maxLossPerUnit: null };
    const level = (optionsLevel: number) => book({ account: { ...ACCOUNT, optionsLevel } });
    expect(reasons(long, level(2))).not.toContain('optionsLevel');
    expect(reasons(long, level(1))).toContain('optionsLevel');
    const call = { legs: [option('call', 105, -1)], netLimit: 1.9 };
    expect(reasons(call, level(3))).toContain('optionsLevel');
    const put = { legs: [SHORT_PUT], netLimit: 2.1, secured: true };
    expect(reasons(put, level(1))).not.toContain('optionsLevel');
    expect(reasons(put, level(0))).toContain('optionsLevel');
  });

  it('days between entries are not asked when the setting is 0, whatever was entered', () => {
    const entered = book({ lastEntryAt: new Map([['bull_put_spread:XYZ', NOW]]) });
    expect(gateOf(judged({}, entered), 'daysBetweenEntries')).toBeUndefined();
    expect(gateOf(judged({}, book(), { minDaysBetweenSameSymbolEntries: 3 }), 'daysBetweenEntries')).toBeUndefined();
  });

  it('a position that closes with shares and puts together has no ceiling of its worth', () => {
    const held = exposure({ positionId: 'p1', underlying: 'XYZ', legs: [shares(-100), option('put', 95, -1)] });
    const close = judged(
      { purpose: 'close', positionId: 'p1', legs: [shares(100), option('put', 95, 1)], netLimit: -102.1 },
      book({ exposures: [held] }),
    );
    expect(gateOf(close, 'worstPrice')).toBeUndefined();
  });

  it('a loss that cannot be told is no number and no pass', () => {
    for (const gate of ['dailyLoss', 'dailyLossDollars', 'weeklyLoss', 'drawdown'])
      expect(gateOf(judged({}, book({ equity: null })), gate)?.value).toBeNull();
    expect(gateOf(judged({}, book({ dayStartEquity: null })), 'dailyLossDollars')).toEqual({
      gate: 'dailyLossDollars',
      passed: false,
      value: null,
      limit: 5_000,
      unit: 'dollars',
    });
    expect(reasons({}, book({ dayStartEquity: cents(-100), equity: cents(-100) }))).toContain('dailyLoss');
  });

  it('a naked call is told what it would tie up, beside the refusal', () => {
    const naked = judged({ legs: [option('call', 105, -1)], netLimit: 1.9, buyingPowerEffectPerUnit: cents(0) });
    // A fifth of 100 less 5 out of the money, 1,500, and its ask of 1.92, less the credit of 1.90: 1,502.
    expect(gateOf(naked, 'buyingPower')?.value).toBe(150_200);
  });
});

describe('an order for a number that is none', () => {
  it('is refused for it, to open and to close, and nothing else is worked out', () => {
    for (const contracts of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0.99, 0, -1, 1_000_000_001])
      for (const purpose of ['open', 'close'] as const) {
        const verdict = judged({ purpose, contracts });
        expect(verdict.kind).toBe('refused');
        expect(verdict.reasons).toEqual(['wholeContracts']);
        expect(verdict.gates.map(({ gate }) => gate)).toEqual(['legs', 'limitPrice', 'wholeContracts']);
      }
  });

  it('one and a half is cut to one, and says why', () => {
    const verdict = judged({ contracts: 1.5 });
    expect(verdict.kind === 'resized' && verdict.approved.contracts).toBe(1);
    expect(verdict.reasons).toEqual(['wholeContracts']);
  });

  it('a price that is none, or a million dollars and a cent, is refused for it', () => {
    for (const netLimit of [Number.NaN, Number.NEGATIVE_INFINITY, 1e300, 1_000_000.01, -1_000_000.01])
      expect(reasons({ netLimit })).toEqual(['limitPrice']);
    expect(reasons({ netLimit: -1_000_000 })).not.toContain('limitPrice');
    expect(judged({ contracts: 1_000_000_000 }).kind).toBe('resized');
    const together = (contracts: number) => reasons({ netLimit: 1_000_000, contracts });
    expect(together(100_000)).not.toContain('wholeContracts');
    expect(together(100_001)).toContain('wholeContracts');
  });

  it('a close of a hundred thousand units of one that holds three is cut to three, without trying them all', () => {
    const held = exposure({ positionId: 'p1', underlying: 'XYZ', units: 3, maxLoss: cents(114_000) });
    const legs = [option('put', 95, 1), option('put', 90, -1)];
    const verdict = judged(
      { purpose: 'close', positionId: 'p1', legs, netLimit: -1.22, contracts: 100_000 },
      book({ exposures: [{ ...held, legs: SPREAD }] }),
    );
    expect(verdict.kind).toBe('resized');
    expect(verdict.kind === 'resized' && verdict.approved.contracts).toBe(3);
  });
});
