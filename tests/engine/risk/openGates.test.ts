import { describe, expect, it } from 'vitest';
import { atNewYork } from '#domain/market/calendar';
import { cents, plusMs } from '#domain/units';
import type { RiskBook, RiskRequest } from '#engine/risk/book';
import { judge } from '#engine/risk/judge';
import { sendKeyOf } from '#engine/risk/sendKey';
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
  QUOTES,
  quote,
  quotedFor,
  request,
  SCANNER,
  SPREAD,
  secondsAgo,
  shares,
  TODAY,
} from './example.ts';

interface Case {
  readonly gate: string;
  readonly book?: RiskBook;
  readonly request?: Partial<RiskRequest>;
  readonly limits?: Partial<RiskSettings>;
}

function reasonsOf({ book: held = book(), request: change = {}, limits = {} }: Case): readonly string[] {
  return judge(request(change), held, { ...LIMITS, ...limits }, SCANNER).reasons;
}

const dayBefore = (ms: number) => plusMs(NOW, -ms);
const holding = (count: number, change: Parameters<typeof exposure>[0] = {}) => {
  const exposures = Array.from({ length: count }, () => exposure(change));
  return bookWithQuotes(quotedFor(exposures), { exposures });
};
const losing = (start: 'dayStartEquity' | 'weekStartEquity' | 'peakEquity', lossCents: number) =>
  book({ [start]: cents(10_000_000), equity: cents(10_000_000 - lossCents) });
const atTime = (time: string) => {
  const now = atNewYork(TODAY, time);
  const fresh = new Map([...QUOTES].map(([symbol, known]) => [symbol, { ...known, at: now }]));
  return book({ now, snapshotAt: now, quoteOf: (symbol) => fresh.get(symbol) ?? null });
};
const wideOpen: Partial<RiskSettings> = {
  maxDailyLossFraction: 1,
  maxDailyLossDollars: 1e7,
  maxWeeklyLossFraction: 1,
  maxDrawdownFraction: 1,
};
const expiringToday = [option('put', 95, -1, TODAY), option('put', 90, 1, TODAY)];
const expiringQuotes = { [contract('put', 95, TODAY).symbol]: quote(2.1), [contract('put', 90, TODAY).symbol]: quote(0.88) };

/** For each gate what just passes and what just does not: a flipped comparison fails one of the two. */
const BOUNDARIES: readonly { readonly gate: string; readonly passes: Omit<Case, 'gate'>; readonly fails: Omit<Case, 'gate'> }[] =
  [
    { gate: 'killSwitch', passes: {}, fails: { book: book({ killState: 'REDUCING' }) } },
    { gate: 'entriesBlocked', passes: {}, fails: { book: book({ entriesBlockedBy: ['reconciling'] }) } },
    { gate: 'accountFlags', passes: {}, fails: { book: book({ account: { ...ACCOUNT, tradingBlocked: true } }) } },
    { gate: 'accountFlags', passes: {}, fails: { book: book({ account: { ...ACCOUNT, accountBlocked: true } }) } },
    { gate: 'accountFlags', passes: {}, fails: { book: book({ account: { ...ACCOUNT, suspendedByUser: true } }) } },
    // What the broker does not tell is no 'no'.
    { gate: 'accountFlags', passes: {}, fails: { book: book({ account: { ...ACCOUNT, tradingBlocked: null } }) } },
    { gate: 'accountFlags', passes: {}, fails: { book: book({ account: { ...ACCOUNT, accountBlocked: null } }) } },
    { gate: 'accountFlags', passes: {}, fails: { book: book({ account: { ...ACCOUNT, suspendedByUser: null } }) } },
    { gate: 'marginDeficit', passes: {}, fails: { book: book({ account: { ...ACCOUNT, marginDeficit: null } }) } },
    { gate: 'optionsLevel', passes: {}, fails: { book: book({ account: { ...ACCOUNT, optionsLevel: null } }) } },
    { gate: 'buyingPower', passes: {}, fails: { book: book({ account: { ...ACCOUNT, optionsBuyingPower: null } }) } },
    { gate: 'accountFlags', passes: {}, fails: { book: book({ account: null }) } },
    { gate: 'marginDeficit', passes: {}, fails: { book: book({ account: { ...ACCOUNT, marginDeficit: cents(1) } }) } },
    { gate: 'optionsLevel', passes: {}, fails: { book: book({ account: { ...ACCOUNT, optionsLevel: 2 } }) } },
    {
      gate: 'snapshotAge',
      passes: { book: book({ snapshotAt: secondsAgo(150) }) },
      fails: { book: book({ snapshotAt: secondsAgo(150.001) }) },
    },
    { gate: 'snapshotAge', passes: {}, fails: { book: book({ snapshotAt: null }) } },
    {
      gate: 'dailyLoss',
      passes: { book: losing('dayStartEquity', 499_999), limits: { ...wideOpen, maxDailyLossFraction: 0.05 } },
      fails: { book: losing('dayStartEquity', 500_000), limits: { ...wideOpen, maxDailyLossFraction: 0.05 } },
    },
    { gate: 'dailyLoss', passes: {}, fails: { book: book({ dayStartEquity: null }) } },
    {
      gate: 'dailyLossDollars',
      passes: { book: losing('dayStartEquity', 99_999), limits: { ...wideOpen, maxDailyLossDollars: 1000 } },
      fails: { book: losing('dayStartEquity', 100_000), limits: { ...wideOpen, maxDailyLossDollars: 1000 } },
    },
    {
      gate: 'weeklyLoss',
      passes: { book: losing('weekStartEquity', 799_999), limits: { ...wideOpen, maxWeeklyLossFraction: 0.08 } },
      fails: { book: losing('weekStartEquity', 800_000), limits: { ...wideOpen, maxWeeklyLossFraction: 0.08 } },
    },
    { gate: 'weeklyLoss', passes: {}, fails: { book: book({ weekStartEquity: null }) } },
    {
      gate: 'drawdown',
      passes: { book: losing('peakEquity', 1_999_999), limits: { ...wideOpen, maxDrawdownFraction: 0.2 } },
      fails: { book: losing('peakEquity', 2_000_000), limits: { ...wideOpen, maxDrawdownFraction: 0.2 } },
    },
    { gate: 'drawdown', passes: {}, fails: { book: book({ equity: null }) } },
    { gate: 'marketHours', passes: {}, fails: { book: book({ session: null }) } },
    { gate: 'marketHours', passes: { book: atTime('15:50') }, fails: { book: atTime('16:00') } },
    { gate: 'firstMinutes', passes: { book: atTime('09:35') }, fails: { book: atTime('09:34') } },
    { gate: 'lastMinutes', passes: { book: atTime('15:50') }, fails: { book: atTime('15:51') } },
    {
      gate: 'expired',
      passes: {},
      fails: {
        request: {
          legs: [
            option('put', 95, -1, '2026-03-09' as typeof EXPIRATION),
            option('put', 90, 1, '2026-03-09' as typeof EXPIRATION),
          ],
        },
      },
    },
    {
      gate: 'expiryDay',
      passes: {
        book: bookWithQuotes(expiringQuotes),
        request: { legs: expiringToday },
        limits: { expiryDayEntryCutoffMinutes: 300 },
      },
      fails: {
        book: bookWithQuotes(expiringQuotes),
        request: { legs: expiringToday },
        limits: { expiryDayEntryCutoffMinutes: 301 },
      },
    },
    {
      gate: 'allowList',
      passes: { limits: { allowedUnderlyings: ['XYZ'] } },
      fails: { limits: { allowedUnderlyings: ['ABC'] } },
    },
    {
      gate: 'allowList',
      passes: { limits: { blockedUnderlyings: ['ABC'] } },
      fails: { limits: { blockedUnderlyings: ['XYZ'] } },
    },
    {
      gate: 'symbolPaused',
      passes: { book: book({ pausedSymbols: new Set(['ABC']) }) },
      fails: { book: book({ pausedSymbols: new Set(['XYZ']) }) },
    },
    {
      gate: 'symbolHalted',
      passes: { book: book({ haltedSymbols: new Set(['ABC']) }) },
      fails: { book: book({ haltedSymbols: new Set(['XYZ']) }) },
    },
    {
      gate: 'orderInDoubt',
      passes: { book: book({ underlyingsInDoubt: new Set(['ABC']) }) },
      fails: { book: book({ underlyingsInDoubt: new Set(['XYZ']) }) },
    },
    { gate: 'ordersPerDay', passes: { book: book({ ordersToday: 149 }) }, fails: { book: book({ ordersToday: 150 }) } },
    {
      gate: 'ordersPerMinute',
      passes: { book: book({ ordersLastMinute: 29 }) },
      fails: { book: book({ ordersLastMinute: 30 }) },
    },
    {
      gate: 'duplicate',
      passes: { book: book({ recentSends: [{ key: sendKeyOf(SPREAD, 'open'), at: secondsAgo(300), netLimit: 1.2 }] }) },
      fails: {
        book: book({ recentSends: [{ key: sendKeyOf([...SPREAD].reverse(), 'open'), at: secondsAgo(299), netLimit: 1.2 }] }),
      },
    },
    {
      gate: 'entriesPerSymbol',
      passes: { book: book({ entriesTodayBySymbol: new Map([['XYZ', 1]]) }) },
      fails: { book: book({ entriesTodayBySymbol: new Map([['XYZ', 2]]) }) },
    },
    {
      gate: 'daysBetweenEntries',
      passes: {
        book: book({ lastEntryAt: new Map([['bull_put_spread:XYZ', dayBefore(3 * 86_400_000)]]) }),
        limits: { minDaysBetweenSameSymbolEntries: 3 },
      },
      fails: {
        book: book({ lastEntryAt: new Map([['bull_put_spread:XYZ', dayBefore(3 * 86_400_000 - 1)]]) }),
        limits: { minDaysBetweenSameSymbolEntries: 3 },
      },
    },
    { gate: 'positions', passes: { book: holding(19) }, fails: { book: holding(20) } },
    {
      gate: 'positions',
      passes: { book: holding(19, { source: 'workingOrder' }) },
      fails: { book: holding(20, { source: 'workingOrder' }) },
    },
    {
      gate: 'sectorPositions',
      passes: { book: holding(4, { sector: 'Technology' }) },
      fails: { book: holding(5, { sector: 'Technology' }) },
    },
    {
      gate: 'symbolPositions',
      passes: { book: holding(1, { underlying: 'XYZ', legs: SPREAD }) },
      fails: { book: holding(2, { underlying: 'XYZ', legs: SPREAD }) },
    },
    {
      gate: 'strategyPositions',
      passes: { book: holding(5, { strategyId: 'bull_put_spread' }) },
      fails: { book: holding(6, { strategyId: 'bull_put_spread' }) },
    },
    {
      gate: 'strategyPositions',
      passes: { book: holding(5, { strategyId: 'bull_put_spread' }), limits: { maxPositionsPerStrategy: 6 } },
      fails: { book: holding(5, { strategyId: 'bull_put_spread' }), limits: { maxPositionsPerStrategy: 5 } },
    },
    {
      gate: 'selfCross',
      passes: {},
      fails: {
        book: book({ exposures: [exposure({ underlying: 'XYZ', legs: [option('put', 95, 1), option('put', 100, -1)] })] }),
      },
    },
    { gate: 'legQuotes', passes: {}, fails: { book: bookWithQuotes({ [contract('put', 90).symbol]: null }) } },
    {
      gate: 'legQuotes',
      passes: {},
      fails: { book: bookWithQuotes({ [contract('put', 90).symbol]: { ...quote(0.88), bid: 0.95 } }) },
    },
    {
      gate: 'legQuotes',
      passes: {},
      fails: { book: bookWithQuotes({ [contract('put', 90).symbol]: { ...quote(0.88), bid: Number.NaN } }) },
    },
    { gate: 'legQuotes', passes: {}, fails: { book: bookWithQuotes({ XYZ: null }) } },
    {
      gate: 'quoteAge',
      passes: { book: bookWithQuotes({ [contract('put', 90).symbol]: quote(0.88, 0.04, secondsAgo(10)) }) },
      fails: { book: bookWithQuotes({ [contract('put', 90).symbol]: quote(0.88, 0.04, secondsAgo(10.001)) }) },
    },
    {
      gate: 'quoteAge',
      passes: { book: bookWithQuotes({ XYZ: quote(100, 0.02, secondsAgo(10)) }) },
      fails: { book: bookWithQuotes({ XYZ: quote(100, 0.02, secondsAgo(11)) }) },
    },
    // Mid 1.22, bid/ask of the combination 0.08: half of it plus a cent = 0.05 away.
    { gate: 'priceCollar', passes: { request: { netLimit: 1.15 } }, fails: { request: { netLimit: 1.14 } } },
    { gate: 'priceCollar', passes: { request: { netLimit: 1.29 } }, fails: { request: { netLimit: 1.3 } } },
    { gate: 'priceCollar', passes: {}, fails: { request: { netLimit: -1.2 } } },
    {
      gate: 'notional',
      passes: { limits: { maxNotionalPerOrderDollars: 9500 } },
      fails: { limits: { maxNotionalPerOrderDollars: 9499 } },
    },
    // 380 a unit against 380.00 and 379.99 of equity share.
    {
      gate: 'riskPerTrade',
      passes: {
        book: book({
          equity: cents(1_900_000),
          dayStartEquity: cents(1_900_000),
          weekStartEquity: cents(1_900_000),
          peakEquity: cents(1_900_000),
        }),
      },
      fails: {
        book: book({
          equity: cents(1_899_950),
          dayStartEquity: cents(1_899_950),
          weekStartEquity: cents(1_899_950),
          peakEquity: cents(1_899_950),
        }),
      },
    },
    {
      gate: 'strategyRisk',
      passes: { book: holding(1, { strategyId: 'bull_put_spread', maxLoss: cents(962_000) }) },
      fails: { book: holding(1, { strategyId: 'bull_put_spread', maxLoss: cents(962_001) }) },
    },
    { gate: 'strategyRisk', passes: {}, fails: { book: holding(1, { strategyId: 'bull_put_spread', maxLoss: null }) } },
    {
      gate: 'buyingPower',
      passes: {
        book: book({ account: { ...ACCOUNT, optionsBuyingPower: cents(38_000) } }),
        limits: { maxBuyingPowerFraction: 1 },
      },
      fails: {
        book: book({ account: { ...ACCOUNT, optionsBuyingPower: cents(37_999) } }),
        limits: { maxBuyingPowerFraction: 1 },
      },
    },
    {
      gate: 'buyingPowerShare',
      passes: { book: book({ account: { ...ACCOUNT, optionsBuyingPower: cents(76_000) } }) },
      fails: { book: book({ account: { ...ACCOUNT, optionsBuyingPower: cents(75_999) } }) },
    },
    {
      gate: 'buyingPowerShare',
      passes: {
        book: bookWithQuotes(quotedFor([exposure()]), {
          exposures: [exposure()],
          account: { ...ACCOUNT, optionsBuyingPower: cents(114_000) },
        }),
      },
      fails: {
        book: bookWithQuotes(quotedFor([exposure()]), {
          exposures: [exposure()],
          account: { ...ACCOUNT, optionsBuyingPower: cents(113_999) },
        }),
      },
    },
    {
      gate: 'portfolioDelta',
      passes: { book: holding(1, { deltaShares: 2990 }) },
      fails: { book: holding(1, { deltaShares: 2991 }) },
    },
    {
      gate: 'portfolioDelta',
      passes: { book: holding(1, { deltaShares: -3010 }) },
      fails: { book: holding(1, { deltaShares: -3011 }) },
    },
    { gate: 'portfolioDelta', passes: {}, fails: { book: holding(1, { deltaShares: null }) } },
    { gate: 'portfolioDelta', passes: {}, fails: { request: { deltaSharesPerUnit: null } } },
    {
      gate: 'portfolioVega',
      passes: { book: holding(1, { vegaDollarsPerPoint: -2995 }) },
      fails: { book: holding(1, { vegaDollarsPerPoint: -2996 }) },
    },
    { gate: 'portfolioVega', passes: {}, fails: { request: { vegaDollarsPerUnit: null } } },
    { gate: 'portfolioStress', passes: { book: holding(1) }, fails: { book: book({ exposures: [exposure()] }) } },
    { gate: 'uncoveredShort', passes: {}, fails: { request: { legs: [option('put', 95, -1)], netLimit: 2.1 } } },
    {
      gate: 'uncoveredShort',
      passes: {
        book: book({ freeShares: () => 100 }),
        request: { legs: [option('call', 105, -1)], netLimit: 1.9, secured: true },
      },
      fails: { book: book({ freeShares: () => 99 }), request: { legs: [option('call', 105, -1)], netLimit: 1.9, secured: true } },
    },
    {
      gate: 'securedShape',
      passes: { request: { legs: [option('put', 95, -1)], netLimit: 2.1, secured: true } },
      fails: { request: { secured: true } },
    },
    { gate: 'legs', passes: {}, fails: { request: { legs: [] } } },
    { gate: 'legs', passes: {}, fails: { request: { legs: [option('put', 95, -1), option('put', 90, 1, EXPIRATION, 'ABC')] } } },
    { gate: 'legs', passes: {}, fails: { request: { legs: [option('put', 95, -0.5), option('put', 90, 0.5)] } } },
    { gate: 'limitPrice', passes: {}, fails: { request: { netLimit: Number.NaN } } },
    { gate: 'wholeContracts', passes: {}, fails: { request: { contracts: 0 } } },
  ];

describe('opening gates at their boundaries', () => {
  it('lets the example through with every gate told', () => {
    const verdict = judge(request(), book(), LIMITS, SCANNER);
    expect(verdict.kind).toBe('approved');
    expect(verdict.reasons).toEqual([]);
    expect(verdict.gates.every((gate) => gate.passed)).toBe(true);
    expect(verdict.gates.length).toBeGreaterThan(35);
  });

  for (const { gate, passes, fails } of BOUNDARIES) {
    it(`${gate}: passes at its limit, refuses one step beyond (row ${BOUNDARIES.findIndex((row) => row.fails === fails) + 1})`, () => {
      expect(reasonsOf({ gate, ...passes })).not.toContain(gate);
      expect(reasonsOf({ gate, ...fails })).toContain(gate);
      expect(
        judge(request(fails.request), fails.book ?? book(), { ...LIMITS, ...fails.limits }, SCANNER).gates.find(
          (result) => result.gate === gate && !result.passed,
        ),
      ).toBeDefined();
    });
  }
});

describe('secured structures', () => {
  const put = { legs: [option('put', 95, -1)], netLimit: 2.1, secured: true } as const;
  const scannerAt = (change: Partial<typeof SCANNER>) => ({ ...SCANNER, ...change });

  it('a cash-secured 95 put ties up 9,500: 25 % of 38,000 and not a cent less', () => {
    const equity = (value: number) =>
      book({ equity: cents(value), dayStartEquity: cents(value), weekStartEquity: cents(value), peakEquity: cents(value) });
    expect(judge(request(put), equity(3_800_000), LIMITS, scannerAt({ maxEquityShareSecured: 0.25 })).reasons).not.toContain(
      'equityShare',
    );
    expect(judge(request(put), equity(3_799_900), LIMITS, scannerAt({ maxEquityShareSecured: 0.25 })).reasons).toContain(
      'equityShare',
    );
  });

  it('it loses 1,500 when 100 falls by a fifth: 5 % of 30,000', () => {
    const scanner = scannerAt({ maxEquityShareSecured: 1 });
    const equity = (value: number) =>
      book({ equity: cents(value), dayStartEquity: cents(value), weekStartEquity: cents(value), peakEquity: cents(value) });
    expect(judge(request(put), equity(3_000_000), LIMITS, scanner).reasons).not.toContain('stressLoss');
    expect(judge(request(put), equity(2_999_900), LIMITS, scanner).reasons).toContain('stressLoss');
  });

  it('needs its strike in cash, puts already sold included', () => {
    const held = exposure({ underlying: 'XYZ', legs: [option('put', 95, -1)], maxLoss: cents(930_000), strategyId: 'other' });
    const cash = (value: number) => book({ exposures: [held], account: { ...ACCOUNT, cash: cents(value) } });
    expect(judge(request(put), cash(1_900_000), LIMITS, SCANNER).reasons).not.toContain('cashForPuts');
    expect(judge(request(put), cash(1_899_999), LIMITS, SCANNER).reasons).toContain('cashForPuts');
  });

  it('counts the stress loss of the strategy, not the strike', () => {
    const held = exposure({
      underlying: 'XYZ',
      legs: [option('put', 95, -1)],
      maxLoss: cents(930_000),
      strategyId: 'cash_secured_put',
    });
    const share = (maxRiskFraction: number) =>
      request({ ...put, strategyId: 'cash_secured_put', strategyLimits: { maxPositions: 6, maxRiskFraction } });
    expect(judge(share(0.03), book({ exposures: [held] }), LIMITS, SCANNER).reasons).not.toContain('strategyRisk');
    expect(judge(share(0.0299), book({ exposures: [held] }), LIMITS, SCANNER).reasons).toContain('strategyRisk');
  });

  it('a call against 100 free shares needs level 1 only, and the shares are what is tied up', () => {
    const call = { legs: [option('call', 105, -1)], netLimit: 1.9, secured: true } as const;
    const verdict = judge(
      request(call),
      book({ freeShares: () => 100, account: { ...ACCOUNT, optionsLevel: 1 } }),
      LIMITS,
      SCANNER,
    );
    expect(verdict.kind).toBe('approved');
    expect(verdict.gates.find((gate) => gate.gate === 'equityShare')?.value).toBe(1_000_000);
  });

  it('a buy-write pays for its shares out of buying power', () => {
    const legs = [shares(100), option('call', 105, -1)];
    const write = request({ legs, netLimit: -98.1, secured: true, buyingPowerEffectPerUnit: cents(-981_000) });
    expect(judge(write, book(), LIMITS, SCANNER).kind).toBe('approved');
    expect(
      judge(write, book({ account: { ...ACCOUNT, optionsBuyingPower: cents(900_000) } }), LIMITS, SCANNER).reasons,
    ).toContain('buyingPower');
  });
});

describe('what a strategy may open by now', () => {
  const cooling = book({ coolingOf: (strategyId, underlying) => (underlying === 'XYZ' ? `stop:${strategyId}` : null) });
  const leave = (mode: 'auto' | 'approve' | 'observe' | 'off', maxContracts: number | null = null) =>
    book({ leaveOf: () => ({ mode, maxContracts }) });

  it('is nothing during a cool-down: by itself, approved by the owner, or as the new part of a roll', () => {
    for (const change of [{}, { consent: 'own' }, { consent: 'owners' }, { origin: 'engine', consent: 'own' }] as const)
      expect(judge(request(change), cooling, LIMITS, SCANNER).reasons).toEqual(['coolingDown']);
    expect(judge(request({ origin: 'owner', strategyId: 'manual' }), cooling, LIMITS, SCANNER).kind).toBe('approved');
    expect(judge(request({ replacing: true, positionId: 'p1' }), cooling, LIMITS, SCANNER).reasons).toEqual(['coolingDown']);
  });

  it('depends on its mode and on whose word it is: approve needs the owner’s, observe and off have none', () => {
    const reasons = (mode: Parameters<typeof leave>[0], consent: 'own' | 'owners') =>
      judge(request({ consent }), leave(mode), LIMITS, SCANNER).reasons;
    expect(reasons('auto', 'own')).toEqual([]);
    expect(reasons('approve', 'own')).toEqual(['strategyMode']);
    expect(reasons('approve', 'owners')).toEqual([]);
    for (const mode of ['observe', 'off'] as const)
      for (const consent of ['own', 'owners'] as const) expect(reasons(mode, consent)).toEqual(['strategyMode']);
  });

  it('is no more units than its rung allows', () => {
    const verdict = judge(request({ contracts: 3, consent: 'own' }), leave('auto', 2), LIMITS, SCANNER);
    expect(verdict.kind === 'resized' && verdict.approved.contracts).toBe(2);
    expect(verdict.reasons).toEqual(['trustedContracts']);
    const owners = request({ contracts: 3, origin: 'owner', strategyId: 'manual' });
    expect(judge(owners, leave('auto', 2), LIMITS, SCANNER).kind).toBe('approved');
  });

  it('is not asked of a close, nor of the later leg of an entry whose first is held', () => {
    const held = exposure({ positionId: 'p9', underlying: 'XYZ', legs: [shares(100)], units: 1 });
    const call = { legs: [option('call', 105, -1)], netLimit: 1.9, secured: true, positionId: 'p9', consent: 'own' } as const;
    const stopped = book({
      exposures: [held],
      freeShares: () => 100,
      coolingOf: () => 'stop:XYZ',
      leaveOf: leave('off').leaveOf,
    });
    const reasons = judge(request(call), stopped, LIMITS, SCANNER).reasons;
    expect(reasons).not.toContain('coolingDown');
    expect(reasons).not.toContain('strategyMode');
  });
});
