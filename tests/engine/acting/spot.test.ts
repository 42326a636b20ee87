import { describe, expect, it } from 'vitest';
import { atNewYork } from '#domain/market/calendar';
import type { Quote } from '#domain/market/chain';
import { isoDate } from '#domain/units';
import type { EngineDesk } from '#support/engineDesk';
import { holdingSpread, onlyPosition, sellSpread } from './spread.ts';

/** The stock as one venue shows it from now on. */
function stockShows(desk: EngineDesk, bid: number, ask: number): void {
  const quote: Quote = { bid, ask, bidSize: 1, askSize: 1, at: desk.now };
  desk.quotes.set('XYZ', quote);
}

describe('a stock’s quote', () => {
  it.each([
    ['one-sided', 0, 100.1],
    ['hundreds of dollars wide', 99, 400],
    ['crossed', 101, 100],
    ['wider than 1 %', 99.4, 101],
  ])('that is %s is no spot: the 95/90 spread is not rolled, and the last good one stands', (_, bid, ask) => {
    const desk = holdingSpread();
    const { positionId, exitPlan } = onlyPosition(desk);
    const roll = { whenShortDeltaAbove: 0.45, atDaysToExpiration: 0, minCredit: 0.05, maxRolls: 3 };
    desk.command({ kind: 'setExitPlan', positionId, exitPlan: { ...exitPlan, stopLossMultiple: null, roll } });
    stockShows(desk, bid, ask);
    desk.pass(200);
    const [held] = desk.engine.view().positions;
    expect(held?.mark?.spot).toBe(100);
    expect(held?.mark?.shortDelta).toBeLessThan(0.3);
    expect(desk.factsOf('ExitTriggered')).toEqual([]);
  });

  it('that is wide by the owner’s own measure is one: 1.2 % under a limit of 2 %', () => {
    const desk = holdingSpread(1, { settings: { scanner: { maxSpotSpreadFraction: 0.02 } } });
    stockShows(desk, 98.4, 99.6);
    desk.pass(70);
    expect(desk.engine.view().positions[0]?.mark?.spot).toBe(99);
  });

  it('that cannot be believed refuses an entry by the age of the last good one, and holds no exit back', () => {
    const desk = holdingSpread(1, { settings: { risk: { maxPositionsPerSymbol: 5, maxEntriesPerSymbolPerDay: 5 } } });
    desk.pass(400);
    stockShows(desk, 0, 100.1);
    desk.pass(30);
    const outcome = sellSpread(desk, 1, 'another');
    expect(outcome.kind === 'refused' && outcome.reasons.map(({ gate }) => gate)).toEqual(['quoteAge']);
    const { positionId } = onlyPosition(desk);
    expect(desk.command({ kind: 'closePosition', positionId, contracts: null, netLimit: null })).toMatchObject({ kind: 'done' });
    // It goes on to its next price on the quotes of its legs.
    const first = desk.only().request.netLimit;
    desk.pass(120);
    expect(desk.only().request.netLimit).toBeLessThan(first);
    expect(desk.factsOf('OrderWorkEnded').filter(({ reason }) => reason === 'no fresh quotes came')).toEqual([]);
  });

  it('was never good since the start: what is held can be left all the same', () => {
    const desk = holdingSpread();
    stockShows(desk, 0, 100.1);
    desk.start().pass(5);
    const { positionId } = onlyPosition(desk);
    expect(desk.command({ kind: 'closePosition', positionId, contracts: null, netLimit: null })).toMatchObject({ kind: 'done' });
  });
});

describe('market data that brings nothing', () => {
  it('is silence: answers without a quote keep no feed alive, and five held spreads are told as unattended', () => {
    const desk = holdingSpread();
    desk.quoting = false;
    for (let second = 0; second < 400; second += 1) {
      desk.pass(1);
      desk.post({ kind: 'quotesArrived', at: desk.now, quotes: [] });
    }
    expect(desk.engine.view().alerts.map(({ title }) => title)).toContain('Positions were unattended');
    expect(desk.factsOf('BreakerTripped').map(({ breaker }) => breaker)).toContain('feedDeath');
  });

  it('neither do stock quotes that cannot be believed', () => {
    const desk = holdingSpread();
    desk.quoting = false;
    for (let second = 0; second < 200; second += 1) {
      desk.pass(1);
      const quote = { bid: 0, ask: 100.1, bidSize: 0, askSize: 1, at: desk.now };
      desk.post({ kind: 'quotesArrived', at: desk.now, quotes: [{ symbol: 'XYZ', quote }] });
    }
    expect(desk.engine.view().alerts.map(({ title }) => title)).toContain('Positions were unattended');
  });

  it('is an occasion to look all the same: the expiry guard fires on an empty answer', () => {
    const desk = holdingSpread();
    desk.now = atNewYork(isoDate('2026-04-17'), '14:59');
    desk.start();
    desk.quoting = false;
    desk.pass(70);
    expect(desk.factsOf('ExitTriggered')).toEqual([]);
    desk.post({ kind: 'quotesArrived', at: desk.now, quotes: [] });
    expect(desk.factsOf('ExitTriggered').at(-1)?.reason).toBe('expiryGuard');
  });
});
