import { describe, expect, it } from 'vitest';
import type { Leg } from '#domain/structures/leg';
import { cents } from '#domain/units';
import type { Exposure } from '#engine/risk/book';
import { judge } from '#engine/risk/judge';
import { sendKeyOf } from '#engine/risk/sendKey';
import {
  ACCOUNT,
  book,
  bookWithQuotes,
  contract,
  exposure,
  LIMITS,
  LONG_PUT,
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
} from './example.ts';

const numberOf = (verdict: ReturnType<typeof judge>, gate: string) => verdict.gates.find((result) => result.gate === gate)?.value;

describe('size', () => {
  it('a 95/90 spread for 1.20 risks 380 a unit, so 100,000 of equity carries 5 units at 2 %', () => {
    const verdict = judge(request({ contracts: 8 }), book(), LIMITS, SCANNER);
    expect(verdict.kind).toBe('resized');
    expect(verdict.reasons).toEqual(['riskPerTrade']);
    if (verdict.kind === 'refused') return;
    expect(verdict.approved.contracts).toBe(5);
    expect(numberOf(verdict, 'riskPerTrade')).toBe(190_000);
    expect(verdict.gates.every((gate) => gate.passed)).toBe(true);
  });

  it('the risk is computed from the legs at the worst price accepted, whatever the request claims', () => {
    expect(numberOf(judge(request({ maxLossPerUnit: cents(100) }), book(), LIMITS, SCANNER), 'riskPerTrade')).toBe(38_000);
    expect(numberOf(judge(request({ maxLossPerUnit: cents(40_000) }), book(), LIMITS, SCANNER), 'riskPerTrade')).toBe(40_000);
  });

  it('a wider long leg than claimed is refused: 95/70 loses 2,380', () => {
    const legs = [SHORT_PUT, option('put', 70, 1)];
    const wide = bookWithQuotes({ [contract('put', 70).symbol]: quote(0.88) });
    expect(judge(request({ legs, maxLossPerUnit: cents(38_000) }), wide, LIMITS, SCANNER).reasons).toContain('riskPerTrade');
  });

  it('an order of 11 is cut to the 10 that one order may have', () => {
    const rich = cents(100_000_000);
    const verdict = judge(
      request({ contracts: 11 }),
      book({ equity: rich, dayStartEquity: rich, weekStartEquity: rich, peakEquity: rich }),
      { ...LIMITS, maxNotionalPerOrderDollars: 1e7 },
      SCANNER,
    );
    expect(verdict.reasons).toEqual(['contractsPerOrder']);
    expect(verdict.kind === 'refused' ? 0 : verdict.approved.contracts).toBe(10);
  });

  it('a huge size costs no time: only sizes that one order may have are tried', () => {
    const verdict = judge(request({ contracts: 1e9 }), book(), LIMITS, SCANNER);
    expect(verdict.kind === 'refused' ? 0 : verdict.approved.contracts).toBe(5);
  });

  it('a fixed gate that fails refuses every size and names all reasons', () => {
    const verdict = judge(request({ contracts: 8 }), book({ killState: 'HALTED' }), LIMITS, SCANNER);
    expect(verdict.kind).toBe('refused');
    expect(verdict.reasons).toEqual(['killSwitch', 'riskPerTrade']);
  });

  it('the last size tried tells why not even one unit passes', () => {
    const poor = cents(1_000_000);
    const verdict = judge(
      request({ contracts: 4 }),
      book({ equity: poor, dayStartEquity: poor, weekStartEquity: poor, peakEquity: poor }),
      LIMITS,
      SCANNER,
    );
    expect(verdict.kind).toBe('refused');
    expect(numberOf(verdict, 'riskPerTrade')).toBe(38_000);
  });
});

describe('portfolio stress', () => {
  it('is told with and without the candidate, and refuses at the share of equity it may not pass', () => {
    const held = exposure();
    const known = bookWithQuotes(quotedFor([held]), { exposures: [held] });
    const worst = numberOf(judge(request(), known, LIMITS, SCANNER), 'portfolioStress') ?? 0;
    const alone = numberOf(judge(request(), book(), LIMITS, SCANNER), 'portfolioStress') ?? 0;
    expect(alone).toBeGreaterThan(150);
    expect(alone).toBeLessThanOrEqual(380);
    expect(worst).toBeCloseTo(2 * alone, 6);
    const at = (fraction: number) => judge(request(), known, { ...LIMITS, maxStressLossFraction: fraction }, SCANNER).reasons;
    expect(at((worst + 1e-6) / 100_000)).toEqual([]);
    expect(at((worst - 1e-6) / 100_000)).toEqual(['portfolioStress']);
  });
});

describe('the next rung of an order that already passed', () => {
  const working = exposure({
    positionId: 'p-new',
    underlying: 'XYZ',
    legs: SPREAD,
    source: 'workingOrder',
    strategyId: 'bull_put_spread',
  });
  const sent = book({
    exposures: [working],
    recentSends: [{ key: sendKeyOf(SPREAD, 'open'), at: secondsAgo(10), netLimit: 1.2 }],
    entriesTodayBySymbol: new Map([['XYZ', 2]]),
  });

  it('is no duplicate of itself, no further entry, and does not count its predecessor', () => {
    const verdict = judge(
      request({ replacing: true, positionId: 'p-new', netLimit: 1.19 }),
      sent,
      { ...LIMITS, maxPositions: 1, maxPositionsPerSymbol: 1 },
      SCANNER,
    );
    expect(verdict.kind).toBe('approved');
  });

  it('without the mark it is a duplicate', () => {
    expect(judge(request({ positionId: 'p-new' }), sent, LIMITS, SCANNER).reasons).toEqual(['duplicate', 'entriesPerSymbol']);
  });

  it('still meets every other gate: the kill switch stops the second rung', () => {
    expect(
      judge(request({ replacing: true, positionId: 'p-new' }), { ...sent, killState: 'HALTED' }, LIMITS, SCANNER).reasons,
    ).toEqual(['killSwitch']);
  });
});

describe('closing', () => {
  const held = exposure({ positionId: 'p1', underlying: 'XYZ', legs: SPREAD, units: 3 });
  const closeLegs = [option('put', 95, 1), option('put', 90, -1)];
  const closing = (change: Parameters<typeof request>[0] = {}) =>
    request({ purpose: 'close', origin: 'engine', positionId: 'p1', legs: closeLegs, contracts: 3, netLimit: -1.3, ...change });

  it('passes with everything lost, blocked and unknown: only a halt stops it', () => {
    const bad = book({
      exposures: [held],
      killState: 'REDUCING',
      entriesBlockedBy: ['everything'],
      equity: null,
      dayStartEquity: null,
      account: { ...ACCOUNT, marginDeficit: cents(5_000_000) },
      snapshotAt: null,
      ordersToday: 10_000,
      pausedSymbols: new Set(['XYZ']),
      underlyingsInDoubt: new Set(['XYZ']),
    });
    expect(judge(closing(), bad, LIMITS, SCANNER).kind).toBe('approved');
    expect(judge(closing(), { ...bad, killState: 'FLATTENING' }, LIMITS, SCANNER).kind).toBe('approved');
    expect(judge(closing(), { ...bad, killState: 'HALTED' }, LIMITS, SCANNER).reasons).toEqual(['killSwitch']);
  });

  it('sends nothing outside the session', () => {
    expect(judge(closing(), book({ exposures: [held], session: null }), LIMITS, SCANNER).reasons).toEqual(['marketHours']);
    const session = { open: NOW, close: NOW };
    expect(judge(closing(), book({ exposures: [held], session }), LIMITS, SCANNER).reasons).toEqual(['marketHours']);
  });

  it('never more than is held: 5 wished, 3 held, 2 of them in a working order already', () => {
    const exposures = [held];
    const five = judge(closing({ contracts: 5 }), book({ exposures }), LIMITS, SCANNER);
    expect(five.kind === 'refused' ? 0 : five.approved.contracts).toBe(3);
    const one = judge(closing({ contracts: 3 }), book({ exposures, closingUnits: new Map([['p1', 2]]) }), LIMITS, SCANNER);
    expect(one.kind === 'refused' ? 0 : one.approved.contracts).toBe(1);
    const none = judge(closing({ contracts: 1 }), book({ exposures, closingUnits: new Map([['p1', 3]]) }), LIMITS, SCANNER);
    expect(none.reasons).toEqual(['reduceOnly']);
  });

  it('never what another hand closes already: of 3 held it buys back 1 spread, 2, 3 of the short alone, or another contract', () => {
    const left = (closingOrders: readonly Leg[][], exposures: readonly Exposure[] = [held]) => {
      const orders = closingOrders.map((legs) => ({ positionId: 'external:1', underlying: 'XYZ', legs }));
      const verdict = judge(closing({ contracts: 3 }), book({ exposures, closingOrders: orders }), LIMITS, SCANNER);
      return verdict.kind === 'refused' ? verdict.reasons : verdict.approved.contracts;
    };
    const back = (units: number) => [option('put', 95, units), option('put', 90, -units)];
    expect([left([]), left([back(1)]), left([back(1), back(1)]), left([back(3)])]).toEqual([3, 2, 1, ['reduceOnly']]);
    expect(left([[option('put', 95, 3)]])).toEqual(['reduceOnly']);
    expect(left([[option('put', 85, 3)]])).toBe(3);
    expect(left([[option('put', 95, -3)]])).toBe(3);
    // Held twice, each hand has its own; what is only ordered is nothing to close.
    expect(left([back(3)], [held, { ...held, positionId: 'p2' }])).toBe(3);
    expect(left([back(3)], [held, { ...held, positionId: 'p2', source: 'workingOrder' }])).toEqual(['reduceOnly']);
  });

  it('takes no more of a leg than its own position holds, whatever another position holds of it', () => {
    const uneven = { ...held, units: 1, legs: [option('put', 95, -3), option('put', 90, 1)] };
    const other = { ...held, positionId: 'p2', units: 1, legs: [option('put', 90, 5)] };
    const three = judge(closing({ contracts: 3 }), book({ exposures: [uneven, other] }), LIMITS, SCANNER);
    expect(three.kind === 'refused' ? 0 : three.approved.contracts).toBe(1);
  });

  it('its own working order counts once', () => {
    const own = { positionId: 'p1', underlying: 'XYZ', legs: [option('put', 95, 1), option('put', 90, -1)] };
    const closingUnits = new Map([['p1', 1]]);
    const two = judge(
      closing({ contracts: 2 }),
      book({ exposures: [held], closingUnits, closingOrders: [own] }),
      LIMITS,
      SCANNER,
    );
    expect(two.kind).toBe('approved');
  });

  it('a working order to open is not held: there is nothing to close', () => {
    expect(judge(closing(), book({ exposures: [{ ...held, source: 'workingOrder' }] }), LIMITS, SCANNER).reasons).toContain(
      'reduceOnly',
    );
    expect(judge(closing(), book(), LIMITS, SCANNER).reasons).toContain('reduceOnly');
    // Nor what another position holds of it.
    const exposures = [
      { ...held, source: 'workingOrder' as const },
      { ...held, positionId: 'p2' },
    ];
    expect(judge(closing(), book({ exposures }), LIMITS, SCANNER).reasons).toEqual(['reduceOnly']);
  });

  it('the wrong side is no close', () => {
    expect(judge(closing({ legs: SPREAD, netLimit: 1.2 }), book({ exposures: [held] }), LIMITS, SCANNER).reasons).toContain(
      'reduceOnly',
    );
  });

  it('the long leg alone may not go, the short leg alone may', () => {
    const exposures = [held];
    expect(
      judge(closing({ legs: [option('put', 90, -1)], netLimit: 0.86 }), book({ exposures }), LIMITS, SCANNER).reasons,
    ).toContain('uncoveredShort');
    expect(judge(closing({ legs: [option('put', 95, 1)], netLimit: -2.12 }), book({ exposures }), LIMITS, SCANNER).kind).toBe(
      'approved',
    );
  });

  it('shares under a call may not go before the call', () => {
    const covered = exposure({ positionId: 'p1', underlying: 'XYZ', legs: [shares(100), option('call', 105, -1)] });
    const sellShares = closing({ legs: [shares(-100)], contracts: 1, netLimit: 9999 });
    expect(judge(sellShares, book({ exposures: [covered] }), LIMITS, SCANNER).reasons).toContain('uncoveredShort');
    const buyCall = closing({ legs: [option('call', 105, 1)], contracts: 1, netLimit: -1.92 });
    expect(judge(buyCall, book({ exposures: [covered] }), LIMITS, SCANNER).kind).toBe('approved');
  });

  it('never pays more than the spread can ever be worth, quotes or none', () => {
    const blind = book({ exposures: [held], quoteOf: () => null });
    expect(judge(closing({ netLimit: -5 }), blind, LIMITS, SCANNER).kind).toBe('approved');
    expect(judge(closing({ netLimit: -5.02 }), blind, LIMITS, SCANNER).reasons).toEqual(['worstPrice']);
    expect(judge(closing({ netLimit: -13 }), blind, LIMITS, SCANNER).reasons).toEqual(['worstPrice']);
  });

  it('with quotes it is not worse than mid by more than the exit collar', () => {
    // Mid -1.22, bid/ask 0.08: twice that and ten cents = 0.26.
    const exposures = [held];
    expect(judge(closing({ netLimit: -1.48 }), book({ exposures }), LIMITS, SCANNER).kind).toBe('approved');
    expect(judge(closing({ netLimit: -1.49 }), book({ exposures }), LIMITS, SCANNER).reasons).toEqual(['priceCollar']);
    expect(judge(closing({ netLimit: -0.1 }), book({ exposures }), LIMITS, SCANNER).kind).toBe('approved');
  });

  it('one leg is bought at a debit and sold at a credit: a price of the other sign, or none, is refused', () => {
    const short = exposure({ positionId: 'p1', underlying: 'XYZ', legs: [SHORT_PUT] });
    const long = exposure({ positionId: 'p1', underlying: 'XYZ', legs: [LONG_PUT] });
    const buyAt = (netLimit: number) =>
      judge(closing({ legs: [option('put', 95, 1)], contracts: 1, netLimit }), book({ exposures: [short] }), LIMITS, SCANNER)
        .reasons;
    const sellAt = (netLimit: number) =>
      judge(closing({ legs: [option('put', 90, -1)], contracts: 1, netLimit }), book({ exposures: [long] }), LIMITS, SCANNER)
        .reasons;
    expect([buyAt(-2.12), buyAt(97.95), buyAt(0)]).toEqual([[], ['limitSide'], ['limitSide']]);
    expect(sellAt(0.86)).toEqual([]);
    expect(sellAt(-0.01)).toContain('limitSide');
    expect(sellAt(0)).toContain('limitSide');
  });

  it('a price that is no number is refused', () => {
    expect(judge(closing({ netLimit: Number.NaN }), book({ exposures: [held] }), LIMITS, SCANNER).reasons).toEqual([
      'limitPrice',
    ]);
  });

  it('without a position named it may take from everything held in the underlying', () => {
    const orphan = exposure({ positionId: 'p2', underlying: 'XYZ', legs: [LONG_PUT] });
    const sell = closing({ positionId: null, legs: [option('put', 90, -1)], contracts: 1, netLimit: 0.86 });
    expect(judge(sell, book({ exposures: [orphan] }), LIMITS, SCANNER).kind).toBe('approved');
  });
});
