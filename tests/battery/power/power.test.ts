import { describe, expect, it } from 'vitest';
import { losePower } from './losePower.ts';

describe('a power loss', () => {
  it('takes no order’s intent with it, wherever it comes', (context) => {
    const result = losePower({ seed: 11, cuts: 80, minutes: 20, durability: 'full' });
    if (typeof result === 'string') return context.skip(result);
    expect(result.ordersOnTheWire).toBeGreaterThan(3);
    expect(result).toMatchObject({ cuts: 80, lostIntents: 0, badCuts: 0, refusedJournals: 0 });
  }, 120_000);

  it('would be noticed: with synchronous=NORMAL intents are lost', (context) => {
    const result = losePower({ seed: 11, cuts: 40, minutes: 20, durability: 'normal' });
    if (typeof result === 'string') return context.skip(result);
    expect(result.badCuts).toBeGreaterThan(10);
  }, 120_000);
});
