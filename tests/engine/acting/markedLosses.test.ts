import { describe, expect, it } from 'vitest';
import { atNewYork, sessionOn } from '#domain/market/calendar';
import { plusMs } from '#domain/units';
import { type EngineDesk, TODAY } from '#support/engineDesk';
import { holdingSpread, LONG, quietDesk, SHORT } from './spread.ts';

const FIVE_HUNDRED = { settings: { risk: { maxDailyLossDollars: 500 } } };
const open = sessionOn(TODAY)?.open ?? atNewYork(TODAY, '09:30');

/** The spread's middle, each leg with its market of four cents: natural is four cents worse. */
const spreadAt = (desk: EngineDesk, mid: number): EngineDesk => desk.price(SHORT, mid + 0.88).price(LONG, 0.88);

describe('the loss stops at conservative marks', () => {
  it('fall in the round that sees the loss, while the broker’s figure has not moved: five spreads at 2.22 natural lose 510', () => {
    const desk = holdingSpread(5, FIVE_HUNDRED);
    spreadAt(desk, 2.1).pass(61);
    expect(desk.latchRecord.state).toBe('ACTIVE');
    spreadAt(desk, 2.18).pass(61);
    expect(desk.latchRecord).toMatchObject({ state: 'REDUCING', by: 'engine' });
    const [trip] = desk.factsOf('BreakerTripped');
    expect(trip).toMatchObject({
      breaker: 'dailyLoss',
      gate: { value: expect.any(Number), limit: 50_000, note: 'at conservative marks' },
    });
    expect(trip?.gate.value).toBeGreaterThan(51_000);
    const sawIt = desk.facts.find(({ fact }) => fact.kind === 'BreakerTripped')?.at ?? 0;
    expect(desk.engine.view().positions[0]?.mark?.at).toBe(sawIt);
  });

  it('are not asked in the first minutes, whose quotes are still being made, and are asked from then on', () => {
    const desk = holdingSpread(5, FIVE_HUNDRED);
    desk.now = plusMs(open, 24 * 3_600_000);
    desk.start();
    spreadAt(desk, 2.4).pass(4 * 60);
    expect(desk.latchRecord.state).toBe('ACTIVE');
    desk.pass(2 * 60);
    expect(desk.factsOf('BreakerTripped').map(({ breaker }) => breaker)).toEqual(['dailyLoss']);
  });

  it('do not take shares bought and not yet in the account’s figures for a loss', () => {
    const desk = quietDesk({ settings: { risk: { maxDailyLossDollars: 50 } } });
    desk.trades({ symbol: 'XYZ', contracts: 200, price: 100 });
    desk.pass(300);
    expect(desk.book()).toEqual({ XYZ: 200 });
    expect(desk.latchRecord.state).toBe('ACTIVE');
    desk.trades({ symbol: 'XYZ', contracts: -200, price: 100 });
    desk.pass(300);
    expect(desk.book()).toEqual({});
    expect(desk.latchRecord.state).toBe('ACTIVE');
  });
});

describe('a mark that stays unknown', () => {
  const crossed = (desk: EngineDesk): void => void desk.price(SHORT, 2.1, -0.2);

  it('counts as a breach after five minutes of it, with its reason, and not after four', () => {
    const desk = holdingSpread();
    crossed(desk);
    desk.pass(4 * 60);
    expect(desk.latchRecord.state).toBe('ACTIVE');
    desk.pass(3 * 60);
    expect(desk.latchRecord).toMatchObject({ state: 'REDUCING', by: 'engine' });
    expect(desk.latchRecord.reason).toContain('could not be valued');
    expect(desk.factsOf('BreakerTripped')).toMatchObject([{ breaker: 'unknownMark', gate: { limit: 300, unit: 'seconds' } }]);
  });

  it('begins anew with each mark between', () => {
    const desk = holdingSpread();
    for (let round = 0; round < 5; round += 1) {
      crossed(desk);
      desk.pass(4 * 60);
      desk.price(SHORT, 2.1).pass(61);
    }
    expect(desk.latchRecord.state).toBe('ACTIVE');
  });

  it('is not what a silent feed is, nor a line that is down: both have triggers of their own', () => {
    const silent = holdingSpread();
    silent.quoting = false;
    silent.pass(20 * 60);
    expect(silent.factsOf('BreakerTripped')[0]?.breaker).toBe('feedDeath');
    expect(silent.factsOf('BreakerTripped').map(({ breaker }) => breaker)).not.toContain('unknownMark');
    const down = holdingSpread(1, {
      settings: { protection: { feedDeadSeconds: 7_200 }, failsafe: { staleDataSeconds: 3_600 } },
    });
    crossed(down);
    const change = { channel: 'data', state: 'disconnected', detail: 'gone', at: down.now } as const;
    down.post({ kind: 'connectionChanged', at: down.now, change });
    down.pass(20 * 60);
    expect(down.factsOf('BreakerTripped')).toEqual([]);
  });

  it('is not asked after the close, over the night, nor at the open', () => {
    const desk = holdingSpread();
    const close = sessionOn(TODAY)?.close ?? open;
    desk.pass((close - desk.now) / 1000);
    crossed(desk);
    const tomorrow = plusMs(open, 24 * 3_600_000);
    desk.pass((tomorrow - desk.now) / 1000 + 4 * 60);
    expect(desk.factsOf('BreakerTripped')).toEqual([]);
    desk.price(SHORT, 2.1).pass(10 * 60);
    expect(desk.latchRecord.state).toBe('ACTIVE');
  });
});
