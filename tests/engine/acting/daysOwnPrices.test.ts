import { describe, expect, it } from 'vitest';
import { atNewYork } from '#domain/market/calendar';
import { isoDate } from '#domain/units';
import type { EngineDesk } from '#support/engineDesk';
import { pricedByModel } from '#support/putChain';
import { askingDesk } from './sellerDesk.ts';

const HOUR = 3600;
const bar = (date: string, close: number) => ({
  date: isoDate(date),
  open: close,
  high: close,
  low: close,
  close,
  volume: 1_000_000,
});

/** A desk that only observes the sale of the April 95/90 put spread, from 10 March on. */
function observing(): EngineDesk {
  return askingDesk('approve', { strategies: { seller: { mode: 'observe' } } });
}

/** The program is started again at nine in the morning of a day. */
function startsOn(desk: EngineDesk, date: string, spot: number): void {
  desk.now = atNewYork(isoDate(date), '09:00');
  pricedByModel(desk, spot);
  desk.start();
}

const settled = (desk: EngineDesk) => desk.factsOf('CounterfactualMarked').filter(({ basis }) => basis === 'expiration');
const observations = (desk: EngineDesk) => desk.engine.view().trust.get('seller');

describe('a day is recorded with its own prices', () => {
  it('a spread that expired on a Friday while the program was off is settled on Monday at Friday’s close: 92, not 96', () => {
    const desk = observing().pass(8 * HOUR);
    const [decision] = desk.factsOf('ProposalDecided').map((fact) => fact.decision);
    expect(decision).toMatchObject({ verdict: 'refused', reasons: ['observeOnly'] });
    const credit = decision?.metrics.midCredit ?? Number.NaN;
    desk.bars = [bar('2026-04-16', 93), bar('2026-04-17', 92)];
    startsOn(desk, '2026-04-20', 96);
    desk.pass(10 * HOUR);
    expect(settled(desk).length).toBeGreaterThan(0);
    for (const { pnlPerUnit, daysHeld } of settled(desk)) {
      expect(pnlPerUnit).toBeLessThan((credit - 3) * 10_000 + 1);
      expect(pnlPerUnit).toBeGreaterThan((credit - 3) * 10_000 - 500);
      expect(daysHeld).toBe(38);
    }
    expect(observations(desk)).toBeDefined();
  });

  it('without Friday’s close there is no mark, and the journal says so', () => {
    const desk = observing().pass(8 * HOUR);
    desk.bars = [bar('2026-04-16', 93)];
    startsOn(desk, '2026-04-20', 96);
    desk.pass(10 * HOUR);
    expect(settled(desk)).toEqual([]);
    expect(desk.factsOf('FaultRecorded').filter(({ where }) => where === 'what was refused')).toMatchObject([
      { severity: 'low', fault: { code: 'noClose' } },
    ]);
  });

  it('with every strategy off nothing is looked at: the days have no volatility, and Tuesday’s is not theirs', () => {
    const desk = observing().pass(8 * HOUR);
    expect(desk.factsOf('DailyVolatilityRecorded').map(({ date }) => date)).toEqual(['2026-03-10']);
    desk.command({ kind: 'setStrategyMode', strategyId: 'seller', mode: 'off' });
    desk.pass(3 * 24 * HOUR);
    expect(desk.factsOf('DayClosed').map(({ date }) => date)).toEqual(['2026-03-10', '2026-03-11', '2026-03-12', '2026-03-13']);
    expect(desk.factsOf('DailyVolatilityRecorded').map(({ date }) => date)).toEqual(['2026-03-10']);
    expect(desk.engine.view().ivHistories.get('XYZ')).toHaveLength(1);
  });
});
