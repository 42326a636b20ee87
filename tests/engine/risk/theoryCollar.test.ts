import { describe, expect, it } from 'vitest';
import type { RiskBook, RiskRequest } from '#engine/risk/book';
import { judge } from '#engine/risk/judge';
import type { RiskSettings } from '#ports/settings/settings';
import { book, bookWithQuotes, contract, LIMITS, option, quote, request, SCANNER, shares } from './example.ts';

/** Our own prices: the 95 put 2.06, the 90 put 0.90, so the spread 1.16; a quarter of 2.96 is 0.74. */
const THEORY: Readonly<Record<string, number>> = {
  [contract('put', 95).symbol]: 2.06,
  [contract('put', 90).symbol]: 0.9,
  [contract('call', 105).symbol]: 1.9,
};
const theoryOf: RiskBook['theoryOf'] = ({ symbol }) => THEORY[symbol] ?? null;

/** The price collar itself is left wide open: only the theory stands in the way. */
function judged(change: Partial<RiskRequest>, held: RiskBook = book({ theoryOf }), limits: Partial<RiskSettings> = {}) {
  return judge(request(change), held, { ...LIMITS, priceCollarFraction: 500, ...limits }, SCANNER);
}
const theory = (...of: Parameters<typeof judged>) => judged(...of).gates.find(({ gate }) => gate === 'theory');

/** Passed or not, how far away, how far it may be. */
function told(...of: Parameters<typeof judged>) {
  const gate = theory(...of);
  return [gate?.passed, gate?.value, gate?.limit];
}

describe('the limit against our own theoretical price', () => {
  it('a 95/90 put spread at 1.20: 0.04 from 1.16, and 0.74 + its bid/ask of 0.08 + ten cents are allowed', () => {
    expect(judged({}).kind).toBe('approved');
    expect(theory({})).toEqual({
      gate: 'theory',
      passed: true,
      value: 0.04,
      limit: 0.92,
      unit: 'dollars',
      note: 'theoretical price 1.16',
    });
  });

  it('2.08 is as far as it goes, 2.09 too far; so is 0.24, and 0.23 below', () => {
    expect(told({ netLimit: 2.08 })).toEqual([true, 0.92, 0.92]);
    expect(judged({ netLimit: 2.09 }).reasons).toEqual(['theory']);
    expect(told({ netLimit: 0.24 })).toEqual([true, 0.92, 0.92]);
    expect(told({ netLimit: 0.23 })).toEqual([false, 0.93, 0.92]);
  });

  it('a flipped sign, ten times and a tenth stand out', () => {
    for (const netLimit of [-1.2, 12, 0.12]) expect(judged({ netLimit }).reasons).toContain('theory');
  });

  it('quotes that agree with each other and are wrong together stand out, where the collar of the mid sees nothing', () => {
    const wrong = bookWithQuotes(
      { [contract('put', 95).symbol]: quote(4.1), [contract('put', 90).symbol]: quote(0.88) },
      { theoryOf },
    );
    const verdict = judged({ netLimit: 3.2 }, wrong, { priceCollarFraction: LIMITS.priceCollarFraction });
    expect(verdict.reasons).toEqual(['theory']);
  });

  it('the owner sets how wide it is', () => {
    expect(judged({ netLimit: 2.09 }, undefined, { theoryCollarFraction: 0.3 }).reasons).toEqual([]);
    expect(judged({ netLimit: 1.7 }, undefined, { theoryCollarFraction: 0.1 }).reasons).toEqual(['theory']);
  });

  it('shares count at their mid: a covered call at -98.10 stands at its theory', () => {
    const legs = [option('call', 105, -1), shares(100)];
    const at = (netLimit: number) => ({ legs, netLimit, secured: true });
    // A quarter of 1.90, a bid/ask of 0.06 with the shares', ten cents.
    expect(told(at(-98.1))).toEqual([true, 0, 0.635]);
    expect(theory(at(-98.1))?.note).toBe('theoretical price -98.10');
    expect(told(at(-96.1))).toEqual([false, 2, 0.635]);
  });

  it('every ratio counts: two short puts against one long', () => {
    const legs = [option('put', 95, -2), option('put', 90, 1)];
    expect(told({ legs, netLimit: 3.2 })).toEqual([true, 0.02, 1.475]);
    expect(theory({ legs, netLimit: 3.2 })?.note).toBe('theoretical price 3.22');
  });

  it('without a theory, or without quotes to know the bid/ask, there is nothing to compare, and it is said', () => {
    const silent = { gate: 'theory', passed: true, value: null, limit: null, unit: 'dollars', note: 'no theoretical price' };
    expect(theory({}, book())).toEqual(silent);
    const half: RiskBook['theoryOf'] = ({ right, strike }) => (right === 'put' && strike === 95 ? 2.06 : null);
    expect(theory({ netLimit: 9 }, book({ theoryOf: half }))).toEqual(silent);
    expect(theory({}, bookWithQuotes({ [contract('put', 90).symbol]: null }, { theoryOf }))).toEqual(silent);
    const calls = { legs: [option('call', 105, -1), shares(100)], netLimit: -98.1, secured: true };
    expect(theory(calls, bookWithQuotes({ XYZ: null }, { theoryOf }))).toEqual(silent);
  });
});
