import { describe, expect, it } from 'vitest';
import { measureClockSkew } from '#adapters/brokers/alpaca/brokerClock';
import { freeMegabytes, watchMachine } from '#app/desk/machineWatch';
import { instant } from '#domain/units';
import type { MachineObservation } from '#ports/engine';

const OURS = 1_767_632_400_000;

/** A broker whose clock is so much ahead of ours, over a wire that takes its time. */
function skewAgainst(aheadMs: number, wireMs: number): Promise<number> {
  let now = OURS;
  const gateway = {
    call: () => {
      now += wireMs / 2;
      const timestamp = new Date(now + aheadMs).toISOString();
      now += wireMs / 2;
      return Promise.resolve({ timestamp, is_open: true });
    },
  };
  return measureClockSkew(gateway, { now: () => instant(now) });
}

describe('the machine as it is measured', () => {
  it('tells our clock from the broker’s, and a slow wire is no difference', async () => {
    expect(await skewAgainst(0, 3_000)).toBe(0);
    expect(await skewAgainst(400, 1_000)).toBe(0);
    expect(await skewAgainst(2_000, 200)).toBe(-1_900);
    expect(await skewAgainst(-2_000, 200)).toBe(1_900);
  });

  it('finds free space, memory in use and a loop that stood still', async () => {
    expect(await freeMegabytes('.')).toBeGreaterThan(0);
    const seen = new Map<MachineObservation['kind'], number>();
    const watching = watchMachine({
      folder: '.',
      clockSkew: () => Promise.resolve(7),
      observed: ({ kind, value }) => void seen.set(kind, Math.max(value, seen.get(kind) ?? 0)),
      onError: (_, error) => {
        throw error;
      },
    });
    await new Promise((resolve) => setTimeout(resolve, 200));
    for (const until = performance.now() + 400; performance.now() < until; );
    for (let tries = 0; !seen.has('loopLag') && tries < 200; tries += 1) await new Promise((resolve) => setTimeout(resolve, 50));
    watching.stop();
    expect(seen.get('loopLag')).toBeGreaterThan(300);
    expect(seen.get('heap')).toBeGreaterThan(0);
    expect(seen.get('heap')).toBeLessThan(1);
    expect(seen.get('diskFree')).toBeGreaterThan(0);
    expect(seen.get('clockSkew')).toBe(7);
  }, 20_000);
});
