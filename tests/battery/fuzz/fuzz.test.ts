import { expect, it } from 'vitest';
import { fuzz } from './fuzz.ts';

it('ten thousand payloads: strangers, viewers and forged phones change nothing, who may act finds no mistake, and nobody ends anything', {
  timeout: 120_000,
}, async () => {
  const result = await fuzz(10_000, 11);
  expect(result).toMatchObject({ ok: true, stateChanges: 0, internalFailures: 0, serverErrors: 0, alive: true });
  expect(result.payloads).toBeGreaterThanOrEqual(10_000);
  expect(result).toMatchObject({ phoneStops: true, phoneErrors: 0, tokenLeaks: 0 });
  expect(result.phone).toBeGreaterThan(500);
  expect(result.phoneRefused).toBeGreaterThan(result.phone / 2);
  expect(result.unauthenticated).toBeGreaterThan(100);
  expect(result.strangersAnswered).toBe(0);
  expect(result.answers['forbidden']).toBeGreaterThan(1_000);
  const { insiders, port } = result;
  expect(insiders).toMatchObject({ alive: true, untyped: [], unanswered: 0, memoryLevel: true });
  expect(port).toMatchObject({ alive: true, untyped: [], unanswered: 0, notEnded: 0, mistakes: [], polluted: false });
  // The schemas of commands meet them, and some wishes are granted.
  expect(insiders.answers['owner badInput']).toBeGreaterThan(100);
  expect(insiders.answers['operator forbidden']).toBeGreaterThan(10);
  expect(insiders.answers['owner done']).toBeGreaterThan(20);
  expect(insiders.acted).toContain('journal.editNote');
  expect(port.answers['port badInput']).toBeGreaterThan(300);
});
