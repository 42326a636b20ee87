import fc from 'fast-check';
import type { Leg } from '#domain/structures/leg';
import { call, put, stock } from './legs.ts';

const EXPIRATIONS = ['2026-12-18', '2027-01-15', '2027-02-19'] as const;

/** An option leg with a strike on a 5-point grid, a ratio of -3 to 3 and one of `expirations` months. */
export function anyOption(expirations: 1 | 2 | 3): fc.Arbitrary<Leg> {
  return fc
    .record({
      right: fc.constantFrom('call', 'put'),
      strike: fc.integer({ min: 10, max: 40 }).map((n) => n * 5),
      ratio: fc.integer({ min: -3, max: 3 }).filter((n) => n !== 0),
      expiration: fc.constantFrom(...EXPIRATIONS.slice(0, expirations)),
    })
    .map(({ right, strike, ratio, expiration }) => (right === 'call' ? call : put)(strike, ratio, { expiration }));
}

/** One to six option legs, now and then with shares. */
export function anyLegs(expirations: 1 | 2 | 3): fc.Arbitrary<Leg[]> {
  const options = fc.array(anyOption(expirations), { minLength: 1, maxLength: 6 });
  const shares = fc.constantFrom(0, 0, 0, 50, 100, 200, -100, -200);
  return fc.tuple(options, shares).map(([legs, held]) => (held === 0 ? legs : [...legs, stock(held)]));
}
