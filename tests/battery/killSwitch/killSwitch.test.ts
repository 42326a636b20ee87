import { describe, expect, it } from 'vitest';
import { killLatchWriters } from './latchKills.ts';
import { runSessions } from './sessions.ts';
import { measureWallClock } from './wallClock.ts';

describe('the kill switch', () => {
  it('thrown anywhere in a session lets no order leave after it, and takes back what was open', async () => {
    const result = await runSessions(1, 120);
    expect(result).toMatchObject({ sessions: 120, sentAfterLatch: 0, createdAfterLatch: 0, entriesLeft: 0, failures: [] });
    expect(result.withOpenEntries).toBeGreaterThan(30);
    for (const count of [...Object.values(result.byWay), ...Object.values(result.byVerb)]) expect(count).toBeGreaterThan(10);
  }, 120_000);

  it('acts at once and has the broker’s word within two seconds, over the wire', async () => {
    const result = await measureWallClock(6);
    expect(result).toMatchObject({ throws: 6, entriesThrownAt: 18, entriesCancelled: 18, entriesLeft: 0 });
    expect(result.localBlockMs.p50).toBeLessThan(50);
    expect(result.cancelAckMs.p50).toBeLessThan(2_000);
  }, 120_000);

  it('stays thrown when the process that wrote it is killed in the middle of a write', async () => {
    expect(await killLatchWriters(12, 1, 2)).toEqual({ kills: 12, latchesLost: 0 });
  }, 60_000);
});
