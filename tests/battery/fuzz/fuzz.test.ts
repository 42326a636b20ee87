import { expect, it } from 'vitest';
import { fuzz } from './fuzz.ts';

it('ten thousand payloads of strangers, viewers and forged phones change nothing, find no mistake and end nothing', {
  timeout: 120_000,
}, async () => {
  const result = await fuzz(10_000, 11);
  expect(result).toMatchObject({ ok: true, stateChanges: 0, internalFailures: 0, serverErrors: 0, alive: true });
  expect(result.payloads).toBeGreaterThanOrEqual(10_000);
  expect(result).toMatchObject({ phoneStops: true, phoneErrors: 0, tokenLeaks: 0 });
  expect(result.phone).toBeGreaterThan(1_000);
  expect(result.phoneRefused).toBeGreaterThan(result.phone / 2);
  expect(result.unauthenticated).toBeGreaterThan(50);
  expect(result.strangersAnswered).toBe(0);
  expect(result.answers['forbidden']).toBeGreaterThan(1_000);
});
