import { describe, expect, it } from 'vitest';
import { atNewYork } from '#domain/market/calendar';
import { isoDate } from '#domain/units';
import { dayAndTime } from '../../../src-renderer/components/format/instants.ts';
import { neverOf, noneFound, testsRunOf } from '../../../src-renderer/panels/safety/soFar.ts';

describe('what the Safety panel says of what it has not seen', () => {
  const noon = atNewYork(isoDate('2026-03-10'), '12:00');

  it('says never only when the journal was read to its beginning', () => {
    expect(neverOf(null)).toBe('never');
    expect(neverOf(noon)).toBe(`not since ${dayAndTime(noon)}`);
    expect(noneFound(null)).toBe('No comparison has found a difference.');
    expect(noneFound(noon)).toBe(`No comparison has found a difference since ${dayAndTime(noon)}.`);
  });

  it('shows a test file as proof only when the tests were green for this build', () => {
    expect(testsRunOf({ ok: null, at: '' })).toMatchObject({ sign: '○', tone: 'faint' });
    expect(testsRunOf({ ok: true, at: '2026-03-10' })).toMatchObject({ sign: '✓', tone: 'gain' });
    expect(testsRunOf({ ok: false, at: '2026-03-10' })).toMatchObject({ sign: '✕', tone: 'loss' });
  });
});
