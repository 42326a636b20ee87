import { describe, expect, it } from 'vitest';
import { cents } from '#domain/units';
import { buyingPowerRoom } from '#engine/risk/buyingPower';
import { combinationQuote, isSane } from '#engine/risk/combinationQuote';
import { above, atLeast, atMost, below, failedGates, holds } from '#engine/risk/gates';
import { judge } from '#engine/risk/judge';
import { hasSoundLegs, notionalDollars } from '#engine/risk/openCase';
import { lossAtFall, withFreeShares } from '#engine/risk/secured';
import { sendKeyOf } from '#engine/risk/sendKey';
import { stressOf, stressOfBook, worstLoss } from '#engine/risk/stressGrid';
import {
  ACCOUNT,
  book,
  bookWithQuotes,
  contract,
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
} from './example.ts';

const RATE = SCANNER.riskFreeRate;
const grid = { ...LIMITS, stressSpotMoves: [-0.1, 0, 0.1], stressVolatilityMoves: [0, 0.5] };

describe('comparisons', () => {
  it('each passes and fails where it says', () => {
    expect([atMost('g', 5, 5, 'x').passed, atMost('g', 5.1, 5, 'x').passed]).toEqual([true, false]);
    expect([below('g', 4.9, 5, 'x').passed, below('g', 5, 5, 'x').passed]).toEqual([true, false]);
    expect([atLeast('g', 5, 5, 'x').passed, atLeast('g', 4.9, 5, 'x').passed]).toEqual([true, false]);
    expect([above('g', 5.1, 5, 'x').passed, above('g', 5, 5, 'x').passed]).toEqual([true, false]);
  });

  it('nothing unknown and nothing that is no number ever passes', () => {
    for (const compare of [atMost, below, atLeast, above]) {
      for (const hole of [null, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
        expect(compare('g', hole, 5, 'x').passed).toBe(false);
        expect(compare('g', hole, 5, 'x').value).toBeNull();
        expect(compare('g', 5, hole, 'x').passed).toBe(false);
        expect(compare('g', 5, hole, 'x').limit).toBeNull();
      }
    }
  });

  it('a note is kept, and left out when there is none', () => {
    expect(atMost('g', 1, 2, 'x', 'why')).toEqual({ gate: 'g', passed: true, value: 1, limit: 2, unit: 'x', note: 'why' });
    expect('note' in atMost('g', 1, 2, 'x')).toBe(false);
    expect(holds('g', false, 'why').note).toBe('why');
    expect('note' in holds('g', true)).toBe(false);
  });

  it('names each failed gate once, in order', () => {
    expect(failedGates([holds('b', false), holds('a', true), holds('c', false), holds('b', false)])).toEqual(['b', 'c']);
  });
});

describe('a combination made of its legs', () => {
  it('a quote of ten million dollars a share is of no world, a cent less could be', () => {
    const quote = (ask: number) => ({ bid: 1, ask, bidSize: 1, askSize: 1, at: NOW });
    expect(isSane(quote(10_000_000))).toBe(false);
    expect(isSane(quote(9_999_999.99))).toBe(true);
  });

  it('a 95/90 put spread quoted 2.08/2.12 and 0.86/0.90: mid 1.22, natural 1.18, width 0.08', () => {
    const made = combinationQuote(SPREAD, (symbol) => QUOTES.get(symbol) ?? null);
    expect(made?.mid).toBeCloseTo(1.22, 10);
    expect(made?.natural).toBeCloseTo(1.18, 10);
    expect(made?.width).toBeCloseTo(0.08, 10);
  });

  it('a leg without a bid can still be bought, a leg without an ask is nothing', () => {
    const at = (long: { bid: number; ask: number }) =>
      combinationQuote(SPREAD, (symbol) =>
        symbol === contract('put', 90).symbol ? { ...quote(1), ...long } : (QUOTES.get(symbol) ?? null),
      );
    expect(at({ bid: 0, ask: 0.05 })?.natural).toBeCloseTo(2.03, 10);
    expect(at({ bid: 0, ask: 0 })).toBeNull();
  });
});

describe('what the legs must be', () => {
  it('every leg whole, of one underlying and one multiplier', () => {
    const odd = { kind: 'option', ratio: 1, contract: { ...contract('put', 90), multiplier: 10 } } as const;
    expect(hasSoundLegs(request())).toBe(true);
    expect(hasSoundLegs(request({ legs: [option('put', 95, -1), odd] }))).toBe(false);
    expect(hasSoundLegs(request({ legs: [option('put', 95, -1), option('put', 90, 0)] }))).toBe(false);
    expect(hasSoundLegs(request({ legs: [option('put', 95, -1), option('put', 90, 0.5)] }))).toBe(false);
    expect(hasSoundLegs(request({ underlying: 'ABC' }))).toBe(false);
  });

  it('notional counts short strikes and shares, not long legs', () => {
    expect(notionalDollars(SPREAD, 100)).toBe(9_500);
    expect(notionalDollars([shares(100), option('call', 105, -1)], 100)).toBe(20_500);
    expect(notionalDollars([shares(-100)], 100)).toBe(10_000);
  });

  it('one key whatever the order of the legs, another for another size of leg or purpose', () => {
    expect(sendKeyOf(SPREAD, 'open')).toBe(sendKeyOf([...SPREAD].reverse(), 'open'));
    expect(sendKeyOf(SPREAD, 'open')).not.toBe(sendKeyOf(SPREAD, 'close'));
    expect(sendKeyOf(SPREAD, 'open')).not.toBe(sendKeyOf([option('put', 95, -2), option('put', 90, 1)], 'open'));
  });

  it('free shares cover only the calls that need them', () => {
    const call = [option('call', 105, -1)];
    expect(withFreeShares(call, 2, 'XYZ', 350)).toEqual([option('call', 105, -2), shares(200)]);
    expect(withFreeShares(call, 1, 'XYZ', 0)).toEqual(call);
    expect(withFreeShares(SPREAD, 1, 'XYZ', 500)).toEqual(SPREAD);
    expect(withFreeShares(call, 1, 'XYZ', 1)).toEqual([...call, shares(1)]);
  });

  it('a fall of a fifth costs a short 95 put 1,500 and a hundred shares 2,000', () => {
    expect(lossAtFall([option('put', 95, -1)], 100, 0.2)).toBeCloseTo(1_500, 9);
    expect(lossAtFall([shares(100), option('call', 105, -1)], 100, 0.2)).toBeCloseTo(2_000, 9);
    expect(lossAtFall([option('put', 95, 1)], 100, 0.2)).toBe(0);
  });
});

describe('duplicates', () => {
  it('the latest of several sends counts, and other orders do not', () => {
    const key = sendKeyOf(SPREAD, 'open');
    const sends = (ages: readonly number[], of = key) =>
      book({ recentSends: ages.map((age) => ({ key: of, at: secondsAgo(age), netLimit: 1.2 })) });
    expect(judge(request(), sends([10, 1000]), LIMITS, SCANNER).reasons).toEqual(['duplicate']);
    expect(judge(request(), sends([1000, 10]), LIMITS, SCANNER).reasons).toEqual(['duplicate']);
    expect(judge(request(), sends([10], 'open|else'), LIMITS, SCANNER).reasons).toEqual([]);
  });
});

describe('adding to a position', () => {
  it('what already counts is not counted twice', () => {
    const held = exposure({ positionId: 'mine', underlying: 'XYZ', legs: SPREAD });
    const one = { ...LIMITS, maxPositions: 1, maxPositionsPerSymbol: 1 };
    expect(judge(request({ positionId: 'mine' }), book({ exposures: [held] }), one, SCANNER).reasons).toEqual([]);
    expect(judge(request({ positionId: 'other' }), book({ exposures: [held] }), one, SCANNER).reasons).toContain('positions');
    expect(judge(request(), book({ exposures: [held] }), one, SCANNER).reasons).toContain('positions');
  });
});

describe('replacing', () => {
  const working = exposure({
    positionId: 'p',
    underlying: 'XYZ',
    legs: SPREAD,
    units: 1000,
    source: 'workingOrder',
    deltaShares: 5_000,
  });
  const judged = (change: Parameters<typeof request>[0], held = working) =>
    judge(request(change), book({ exposures: [held] }), LIMITS, SCANNER).reasons;

  it('leaves out exactly the working order of its own position', () => {
    expect(judged({ replacing: true, positionId: 'p' })).toEqual([]);
    expect(judged({ replacing: true, positionId: 'q' })).toContain('portfolioDelta');
    expect(judged({ positionId: 'p' })).toContain('portfolioDelta');
    expect(judged({ replacing: true, positionId: 'p' }, { ...working, source: 'position' })).toContain('portfolioDelta');
  });

  it('in the stress grid too', () => {
    const alone = stressOfBook(book({ exposures: [working] }), grid, RATE, 'p');
    expect([...(alone ?? [])].every((dollars) => dollars === 0)).toBe(true);
    expect(worstLoss(stressOfBook(book({ exposures: [working] }), grid, RATE, 'q') ?? new Float64Array())).toBeGreaterThan(1000);
    expect(
      worstLoss(stressOfBook(book({ exposures: [{ ...working, source: 'position' }] }), grid, RATE, 'p') ?? new Float64Array()),
    ).toBeGreaterThan(1000);
  });
});

describe('buying power in use', () => {
  it('adds positions and working orders to the candidate: 380 each, half of 2,280 is 1,140', () => {
    const exposures = [exposure(), exposure({ source: 'workingOrder' })];
    const free = (optionsBuyingPower: number) =>
      bookWithQuotes(quotedFor(exposures), { exposures, account: { ...ACCOUNT, optionsBuyingPower: cents(optionsBuyingPower) } });
    expect(judge(request(), free(190_000), LIMITS, SCANNER).reasons).toEqual([]);
    expect(judge(request(), free(189_999), LIMITS, SCANNER).reasons).toEqual(['buyingPowerShare']);
  });
});

describe('room for one more', () => {
  it('is the tighter of what is free and of the share that may be used, never below nothing, unknown without an account', () => {
    const exposures = [exposure(), exposure({ source: 'workingOrder' })];
    const room = (optionsBuyingPower: number) =>
      buyingPowerRoom(exposures, { ...ACCOUNT, optionsBuyingPower: cents(optionsBuyingPower) }, LIMITS);
    // Half of 190,000 + 38,000 less 76,000 in use = 38,000: just one more unit, as the gate says.
    expect(room(190_000)).toBe(38_000);
    expect(room(10_000)).toBe(0);
    expect(
      buyingPowerRoom(exposures, { ...ACCOUNT, optionsBuyingPower: cents(190_000) }, { ...LIMITS, maxBuyingPowerFraction: 1 }),
    ).toBe(152_000);
    expect(buyingPowerRoom(exposures, null, LIMITS)).toBeNull();
  });
});

describe('edges', () => {
  it('an account that started at nothing has no share to lose: refused', () => {
    expect(judge(request(), book({ dayStartEquity: cents(0) }), LIMITS, SCANNER).reasons).toContain('dailyLoss');
  });

  it('a locked market (bid = ask) is sane', () => {
    expect(judge(request(), bookWithQuotes({ [contract('put', 90).symbol]: quote(0.88, 0) }), LIMITS, SCANNER).reasons).toEqual(
      [],
    );
  });

  it('shares of several lots net before their calls are looked at', () => {
    const lots = exposure({ positionId: 'p1', underlying: 'XYZ', legs: [shares(100), shares(100), option('call', 105, -1)] });
    const sell = (count: number) =>
      judge(
        request({ purpose: 'close', positionId: 'p1', legs: [shares(-count)], contracts: 1, netLimit: 9999 }),
        book({ exposures: [lots] }),
        LIMITS,
        SCANNER,
      ).reasons;
    expect(sell(100)).toEqual([]);
    expect(sell(101)).toContain('uncoveredShort');
  });
});

describe('the stress grid', () => {
  it('shares move by the spot moves alone, whatever volatility does', () => {
    expect([...(stressOf([shares(100)], 'XYZ', book(), grid, RATE) ?? [])]).toEqual(
      [-1000, 0, 1000, -1000, 0, 1000].map((x) => expect.closeTo(x, 9)),
    );
  });

  it('a short put loses when the price falls, gains when it rises, and loses when volatility rises', () => {
    const [fall = 0, still = 1, rise = 0, , louder = 0] = stressOf([option('put', 95, -1)], 'XYZ', book(), grid, RATE) ?? [];
    expect(fall).toBeLessThan(-400);
    expect(still).toBeCloseTo(0, 9);
    expect(rise).toBeGreaterThan(100);
    expect(louder).toBeLessThan(-50);
  });

  it('an option whose price implies no volatility is taken at the fallback, and louder fallback hurts more', () => {
    const flat = bookWithQuotes({ [contract('put', 140).symbol]: { ...quote(30), at: NOW } });
    const at = (stressFallbackVolatility: number) =>
      stressOf([option('put', 140, -1)], 'XYZ', flat, { ...grid, stressFallbackVolatility }, RATE)?.[4] ?? 0;
    expect(at(0.9)).toBeLessThan(at(0.2));
  });

  it('an implied volatility that can be had is used, not the fallback', () => {
    const at = (stressFallbackVolatility: number) =>
      stressOf(SPREAD, 'XYZ', book(), { ...grid, stressFallbackVolatility }, RATE)?.[0];
    expect(at(0.9)).toBe(at(0.2));
  });

  it('a missing mark anywhere leaves no answer', () => {
    expect(stressOf(SPREAD, 'XYZ', bookWithQuotes({ [contract('put', 90).symbol]: null }), grid, RATE)).toBeNull();
    expect(stressOf(SPREAD, 'XYZ', bookWithQuotes({ XYZ: null }), grid, RATE)).toBeNull();
    expect(stressOfBook(book({ exposures: [exposure()] }), grid, RATE)).toBeNull();
  });

  it('is not asked for when a cheaper gate already refused', () => {
    const verdict = judge(
      request(),
      book({ killState: 'HALTED', account: { ...ACCOUNT, optionsBuyingPower: cents(0) } }),
      LIMITS,
      SCANNER,
    );
    expect(verdict.gates.some((gate) => gate.gate === 'portfolioStress')).toBe(false);
  });
});

describe('closing sizes', () => {
  const held = exposure({ positionId: 'p1', underlying: 'XYZ', legs: SPREAD, units: 3 });
  const closing = (contracts: number, legs = [option('put', 95, 1), option('put', 90, -1)]) =>
    judge(
      request({ purpose: 'close', positionId: 'p1', legs, contracts, netLimit: -1.24 }),
      book({ exposures: [held] }),
      LIMITS,
      SCANNER,
    );

  it('zero, a fraction and a negative number are no size', () => {
    expect(closing(0).reasons).toContain('wholeContracts');
    expect(closing(-1).kind).toBe('refused');
    expect(closing(0.5).kind).toBe('refused');
    expect(closing(1.5).kind).toBe('resized');
  });

  it('one leg that does not reduce fails the whole order', () => {
    expect(closing(1, [option('put', 95, 1), option('put', 85, -1)]).reasons).toContain('reduceOnly');
  });

  it('is allowed from the first moment of the session', () => {
    const opening = book({ exposures: [held], session: { open: NOW, close: secondsAgo(-3600) } });
    expect(
      judge(
        request({ purpose: 'close', positionId: 'p1', legs: [option('put', 95, 1), option('put', 90, -1)], netLimit: -1.24 }),
        opening,
        LIMITS,
        SCANNER,
      ).kind,
    ).toBe('approved');
    expect(judge(request(), opening, { ...LIMITS, noEntriesFirstMinutes: 0 }, SCANNER).reasons).toEqual([]);
  });
});
