import { describe, expect, it } from 'vitest';
import { atNewYork } from '#domain/market/calendar';
import { isoDate } from '#domain/units';
import type { EngineDesk } from '#support/engineDesk';
import { holdingSpread, LONG, onlyPosition, SHORT } from './spread.ts';

const LAST_DAY = isoDate('2026-04-17');

/** The spread on the morning of its last day, with a stop at twice the credit. */
function lastMorning(takeAssignment: boolean): EngineDesk {
  const desk = holdingSpread();
  const { positionId, exitPlan } = onlyPosition(desk);
  desk.command({ kind: 'setExitPlan', positionId, exitPlan: { ...exitPlan, takeAssignment, stopLossMultiple: 2 } });
  desk.now = atNewYork(LAST_DAY, '11:00');
  desk.price('XYZ', 100).price(SHORT, 0.6).price(LONG, 0.1).start();
  return desk.pass(65);
}

/** Seconds from a loss of three times the credit until the exit is sent; null within five minutes. */
function stoppedAfter(desk: EngineDesk): number | null {
  const since = desk.now;
  desk.price('XYZ', 91).price(SHORT, 4.6).price(LONG, 0.8);
  for (let second = 1; second <= 300; second += 1) {
    desk.pass(1);
    const sent = desk.facts.find(
      ({ at, fact }) => at >= since && fact.kind === 'OrderIntended' && fact.request.purpose === 'close',
    );
    if (sent) return (sent.at - since) / 1000;
  }
  return null;
}

describe('a stop on the last day', () => {
  it('must hold several checks where they come every second', () => {
    const after = stoppedAfter(lastMorning(false));
    expect(after).toBeGreaterThanOrEqual(2);
    expect(after).toBeLessThanOrEqual(5);
  });

  it('is believed at the first check where they come every minute: assignment is taken', () => {
    expect(stoppedAfter(lastMorning(true))).toBeLessThanOrEqual(60);
  });
});
