import { describe, expect, it } from 'vitest';
import { killDays } from './killDays.ts';

describe('SIGKILL', () => {
  it('takes no intent of an order that left, and the journal opens again', async () => {
    const result = await killDays(12, { seed: 100, workers: 2 });
    expect(result.ordersOnTheWire).toBeGreaterThan(0);
    expect(result).toMatchObject({ processes: 12, lostIntents: 0, refusedJournals: 0, crashes: 0, findings: [] });
    expect(result.kills).toBeGreaterThanOrEqual(11);
    expect(result.killsAfterOrders).toBeGreaterThan(0);
  }, 120_000);
});
