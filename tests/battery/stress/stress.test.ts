import { describe, expect, it } from 'vitest';
import { createRandom } from '#exchange/random';
import { stressed } from './stressed.ts';

describe('an engine that gives no sign of life', () => {
  it.each(['frozen', 'databaseLocked'] as const)(
    '%s: its entries are back within five seconds, nothing else is touched',
    async (stress) => {
      const { clearedAfterMs, problems } = await stressed(stress, createRandom(1, 'stress'), { beatMs: 100 });
      expect(problems).toEqual([]);
      expect(clearedAfterMs).toBeLessThan(5_000);
    },
    60_000,
  );
});
