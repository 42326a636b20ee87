import { describe, expect, it } from 'vitest';
import { civilDay, clockTime, dayAndTime, dayOf, duration } from '../../../src-renderer/components/format/instants.ts';

describe('time as the owner reads it, in New York', () => {
  it('is five hours behind UTC in winter and four in summer', () => {
    expect(clockTime(Date.UTC(2026, 10, 17, 15, 31, 5))).toBe('10:31:05');
    expect(clockTime(Date.UTC(2026, 6, 17, 15, 31, 5))).toBe('11:31:05');
  });

  it('names the New York day, not the UTC day', () => {
    expect(dayOf(Date.UTC(2026, 10, 18, 3, 0, 0))).toBe('Tue 17 Nov');
    expect(dayAndTime(Date.UTC(2026, 10, 18, 3, 0, 0))).toBe('17 Nov 22:00:00');
  });

  it('writes civil dates and says when there is none', () => {
    expect(civilDay('2026-09-18')).toBe('18 Sep');
    expect(civilDay('2026-09-18', true)).toBe('18 Sep 2026');
    expect(civilDay(null)).toBe('–');
    expect(clockTime(null)).toBe('–');
  });

  it('gives a span the words that it needs', () => {
    expect(duration(400)).toBe('0.4 s');
    expect(duration(42_000)).toBe('42 s');
    expect(duration(185_000)).toBe('3 m 05 s');
    expect(duration(7_800_000)).toBe('2 h 10 m');
    expect(duration(273_600_000)).toBe('3 d 4 h');
    expect(duration(-5)).toBe('0.0 s');
  });
});
