import { describe, expect, it } from 'vitest';
import { seededUuid } from '#exchange/hashing';
import { createRandom } from '#exchange/random';

describe('seeded randomness', () => {
  it('repeats for a seed, differs for another, and forks do not depend on what was drawn before', () => {
    const draws = (seed: number) => {
      const random = createRandom(seed);
      return Array.from({ length: 5 }, () => random.next());
    };
    expect(draws(1)).toEqual(draws(1));
    expect(draws(1)).not.toEqual(draws(2));
    const used = createRandom(9);
    for (let i = 0; i < 100; i += 1) used.next();
    expect(used.fork('a').next()).toBe(createRandom(9).fork('a').next());
    expect(used.fork('a').next()).not.toBe(used.fork('b').next());
  });

  it('is uniform in [0, 1) and normal with mean 0 and deviation 1', () => {
    const random = createRandom(3);
    const buckets = new Array<number>(10).fill(0);
    let sum = 0;
    let squares = 0;
    const n = 100_000;
    for (let i = 0; i < n; i += 1) {
      const bucket = random.below(10);
      buckets[bucket] = (buckets[bucket] ?? 0) + 1;
      const z = random.normal();
      sum += z;
      squares += z * z;
    }
    for (const count of buckets) expect(Math.abs(count - n / 10)).toBeLessThan(500);
    expect(Math.abs(sum / n)).toBeLessThan(0.01);
    expect(Math.abs(squares / n - 1)).toBeLessThan(0.015);
  });

  it('makes well-formed ids that do not repeat', () => {
    const ids = new Set(Array.from({ length: 20_000 }, (_, i) => seededUuid(7, i)));
    expect(ids.size).toBe(20_000);
    for (const id of [...ids].slice(0, 100))
      expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });
});
