import { describe, expect, it } from 'vitest';
import { instant, isoDate, plusMs } from '#domain/units';
import type { MachineObservation } from '#ports/engine';
import { engineSettings } from '#ports/settings/settings';
import type { EngineDesk } from '#support/engineDesk';
import { QUIET_STRATEGY } from '#support/quietStrategy';
import { askingDesk } from './sellerDesk.ts';
import { holdingSpread, quietDesk, SHORT, sellSpread } from './spread.ts';
import { closedTrade, trustDesk } from './trustDesk.ts';

/** What every automatic trigger leaves behind: the latch, the alert, the rows. */
function stoppedBy(desk: EngineDesk, trigger: string, state: 'REDUCING' | 'HALTED' = 'REDUCING'): void {
  expect(desk.latchRecord).toMatchObject({ state, by: 'engine' });
  expect(desk.latchRecord.reason).toContain(trigger);
  expect(desk.factsOf('BreakerTripped').map(({ breaker }) => breaker)).toEqual([trigger]);
  expect(desk.factsOf('KillStateChanged')).toMatchObject([{ from: 'ACTIVE', to: state, by: 'engine' }]);
  expect(desk.notes).toEqual(expect.arrayContaining([`Breaker: ${trigger}`, `Kill switch: ${state}`]));
  expect(
    desk
      .folded()
      .view()
      .breakers.map(({ breaker }) => breaker),
  ).toEqual([trigger]);
}

const observe = (desk: EngineDesk, kind: MachineObservation['kind'], value: number): void =>
  desk.post({ kind: 'machineObserved', at: desk.now, observation: { kind, value } });

describe('what throws the switch by itself', () => {
  it('losses: of the day, of the week, from the peak', () => {
    const day = quietDesk();
    day.equity = 9_499_999;
    day.pass(61);
    stoppedBy(day, 'dailyLoss');
    const week = quietDesk({ settings: { risk: { maxDailyLossFraction: 1, maxDailyLossDollars: 10_000_000 } } });
    week.equity = 9_199_999;
    week.pass(61);
    stoppedBy(week, 'weeklyLoss');
    const peak = quietDesk({
      settings: { risk: { maxDailyLossFraction: 1, maxDailyLossDollars: 10_000_000, maxWeeklyLossFraction: 1 } },
    });
    peak.equity = 7_999_999;
    peak.pass(61);
    stoppedBy(peak, 'drawdown');
  });

  it('an evening’s audit that found an order which the journal does not prove: it halts', () => {
    const desk = quietDesk();
    const clean = { date: isoDate('2026-01-05'), orders: 3, filledUnits: 2, unintended: 0, duplicates: 0, lost: 0, findings: [] };
    const head = { seq: 41, hash12: '0123456789ab' };
    desk.post({ kind: 'dayAudited', at: desk.now, audit: { ...clean, head } });
    expect(desk.latchRecord.state).toBe('ACTIVE');
    expect(desk.notes).toContain('2026-01-05 audited');
    const findings = ['unintendedOrder: sd-x: the journal holds no such intent'];
    desk.post({ kind: 'dayAudited', at: desk.now, audit: { ...clean, unintended: 1, findings, head } });
    stoppedBy(desk, 'audit', 'HALTED');
    expect(desk.latchRecord.reason).toContain('the journal holds no such intent');
    expect(desk.factsOf('DayAudited').map(({ unintended }) => unintended)).toEqual([0, 1]);
  });

  it('a book that drifts from the broker’s: we are short one put, it says long two, snapshot after snapshot', () => {
    const desk = holdingSpread();
    desk.hold(SHORT, 3);
    desk.pass(33);
    expect(desk.latchRecord.state).toBe('ACTIVE');
    desk.pass(12);
    stoppedBy(desk, 'drift');
  });

  it('refusals of the broker: more than half of ten orders', () => {
    const desk = quietDesk({ settings: { risk: { duplicateWindowSeconds: 0, maxEntriesPerSymbolPerDay: 100 } } });
    desk.submission = 'rejects';
    for (let order = 0; order < 9; order += 1) sellSpread(desk);
    expect(desk.latchRecord.state).toBe('ACTIVE');
    sellSpread(desk);
    stoppedBy(desk, 'rejects');
  });

  it('fills far worse than decided: one of 2.30 a share, or the fifth of 0.60 in a day', () => {
    const one = quietDesk();
    sellSpread(one);
    one.fills(one.only(), 1, -1.1);
    stoppedBy(one, 'slippage');
    const several = quietDesk({
      settings: {
        risk: { duplicateWindowSeconds: 0, maxEntriesPerSymbolPerDay: 100, maxPositionsPerSymbol: 50 },
        protection: { maxSlippageOutliersPerDay: 3 },
      },
    });
    for (let fill = 0; fill < 3; fill += 1) {
      expect(several.latchRecord.state).toBe('ACTIVE');
      sellSpread(several);
      several.fills(several.only(), 1, 0.6);
    }
    expect(several.factsOf('SlippageNoted')).toHaveLength(3);
    stoppedBy(several, 'slippage');
  });

  it('a feed that falls silent for five minutes of the session, while something is held', () => {
    const desk = holdingSpread();
    desk.quoting = false;
    desk.pass(299);
    expect(desk.latchRecord.state).toBe('ACTIVE');
    desk.pass(120);
    stoppedBy(desk, 'feedDeath');
  });

  it('a feed is not dead when nobody asks anything of it', () => {
    const desk = quietDesk();
    desk.quoting = false;
    desk.pass(1_000);
    expect(desk.latchRecord.state).toBe('ACTIVE');
    const looking = quietDesk({ catalog: [QUIET_STRATEGY] });
    looking.quoting = false;
    looking.pass(1_000);
    stoppedBy(looking, 'feedDeath');
  });

  it('five hard errors in a row', () => {
    const desk = quietDesk();
    desk.snapshots = 'failing';
    for (let n = 0; n < 5; n += 1) desk.pass(61);
    stoppedBy(desk, 'errors');
  });

  it.each([
    ['clockSkew', -1_001, 1_000],
    ['clockSkew', 1_001, 999],
    ['diskFree', 499, 501],
    ['loopLag', 10_001, 9_999],
    ['heap', 0.93, 0.91],
  ] as const)('the machine: %s of %d, not of %d', (kind, bad, good) => {
    const desk = quietDesk();
    observe(desk, kind, good);
    expect(desk.latchRecord.state).toBe('ACTIVE');
    sellSpread(desk);
    observe(desk, kind, bad);
    stoppedBy(desk, kind === 'diskFree' ? 'diskSpace' : kind);
    expect(desk.resting()).toHaveLength(0);
  });

  it('CRITICAL freezes, and closes everything only when the owner chose that', () => {
    const frozen = holdingSpread(1, { settings: { protection: { severities: { heap: 'critical' } } } });
    observe(frozen, 'heap', 0.99);
    stoppedBy(frozen, 'heap', 'HALTED');
    expect(frozen.engine.view().positions).toHaveLength(1);
    const settings = { protection: { severities: { heap: 'critical' }, onCritical: 'flatten' } };
    const flat = holdingSpread(1, { settings });
    observe(flat, 'heap', 0.99);
    expect(flat.latchRecord.state).toBe('FLATTENING');
    expect(flat.only().request.purpose).toBe('close');
  });

  it('HIGH may only pause: entries wait until it is over, the switch is not thrown', () => {
    const desk = quietDesk({ settings: { protection: { onHigh: 'pause' } } });
    observe(desk, 'loopLag', 60_000);
    expect(desk.latchRecord.state).toBe('ACTIVE');
    expect(sellSpread(desk)).toMatchObject({ kind: 'refused', reasons: [{ gate: 'entriesBlocked' }] });
    observe(desk, 'loopLag', 20);
    expect(sellSpread(desk).kind).toBe('done');
    expect(desk.factsOf('BreakerReset')).toMatchObject([{ breaker: 'loopLag', by: 'engine' }]);
  });

  it('MEDIUM tells and LOW only writes: the switch stays where it is', () => {
    const desk = quietDesk({ settings: { protection: { severities: { heap: 'medium', loopLag: 'low' } } } });
    observe(desk, 'heap', 0.99);
    observe(desk, 'loopLag', 60_000);
    expect(desk.latchRecord.state).toBe('ACTIVE');
    expect(desk.factsOf('BreakerTripped').map(({ severity }) => severity)).toEqual(['medium', 'low']);
    expect(sellSpread(desk).kind).toBe('done');
  });

  it('never loosens what the owner threw', () => {
    const desk = quietDesk();
    desk.command({ kind: 'throwKillSwitch', verb: 'freeze', reason: 'mine' });
    observe(desk, 'heap', 0.99);
    expect(desk.latchRecord).toMatchObject({ state: 'HALTED', reason: 'mine' });
  });
});

describe('rest after a loss', () => {
  it('a strategy that lost five times in a row pauses for a day; the switch is not thrown', () => {
    const desk = trustDesk({
      protection: { strategyLosingStreak: 5, stopCooldownMinutes: 60 },
      trust: { demoteLosingStreak: 100, maxTrips: 100 },
    });
    for (let trade = 0; trade < 5; trade += 1) closedTrade(desk, -10);
    expect(desk.engine.view().breakers).toMatchObject([
      { breaker: 'strategy:manual', severity: 'medium', scope: { level: 'strategy', strategyId: 'manual' } },
    ]);
    expect(desk.latchRecord.state).toBe('ACTIVE');
    desk.pass(24 * 3_600);
    expect(desk.engine.view().breakers.filter(({ breaker }) => breaker.startsWith('strategy'))).toHaveLength(0);
  });

  it('holds back what a strategy proposes, and only there', () => {
    const desk = askingDesk('auto');
    const until = instant(desk.now + 3_600_000);
    const gate = { gate: 'stopLoss', passed: false, value: -100, limit: 0, unit: 'cents' };
    desk.facts.push({
      at: desk.now,
      fact: {
        kind: 'BreakerTripped',
        breaker: 'stop:XYZ',
        severity: 'medium',
        gate,
        action: 'rest',
        scope: { level: 'position', underlying: 'XYZ' },
        until,
      },
    });
    desk.start().pass(60);
    expect(desk.factsOf('OrderIntended')).toHaveLength(0);
    expect(desk.factsOf('ProposalDecided').at(-1)?.decision.reasons).toEqual(['coolingDown']);
    desk.pass(3_600);
    expect(desk.factsOf('OrderIntended').length).toBeGreaterThan(0);
  });
});

describe('a critical alert', () => {
  const settings = { protection: { severities: { heap: 'critical' }, onCritical: 'stopEntries' } };

  it('that nobody acknowledges for five minutes stops entries, after a restart too', () => {
    const desk = quietDesk({ settings });
    observe(desk, 'heap', 0.99);
    const [alert] = desk.engine.view().alerts;
    expect(alert).toMatchObject({ alertId: 'a1', title: 'Breaker: heap' });
    desk.pass(200);
    desk.start();
    desk.pass(101);
    expect(desk.factsOf('BreakerTripped').map(({ breaker }) => breaker)).toEqual(['heap', 'alertUnseen']);
  });

  /** An alert that throws no switch by itself: an hour without an engine. */
  const unattended = (protection = {}) => {
    const desk = holdingSpread(1, { settings: { protection } });
    desk.now = plusMs(desk.now, 3_600_000);
    desk.start();
    desk.pass(10);
    expect(desk.engine.view().alerts).toMatchObject([{ title: 'Positions were unattended' }]);
    expect(desk.latchRecord.state).toBe('ACTIVE');
    return desk;
  };

  it('unseen for five minutes is what throws the switch to REDUCING: an exit still goes out, an entry does not', () => {
    const desk = unattended();
    desk.pass(280);
    expect(desk.latchRecord.state).toBe('ACTIVE');
    desk.pass(15);
    expect(desk.latchRecord).toMatchObject({ state: 'REDUCING', by: 'engine', reason: expect.stringContaining('for 300 s') });
    expect(sellSpread(desk, 1, 'after').kind).toBe('refused');
    expect(desk.command({ kind: 'closePosition', positionId: 'p1', contracts: 1, netLimit: null }).kind).toBe('done');
  });

  it('waits as long as the owner set, also when he sets it while one is open', () => {
    const desk = unattended();
    const change = (seconds: number) =>
      desk.post({
        kind: 'settingsChanged',
        at: desk.now,
        settings: engineSettings.parse({ universe: ['XYZ'], protection: { alertAcknowledgeSeconds: seconds } }),
        changes: [],
        by: 'owner',
      });
    change(900);
    desk.pass(600);
    expect(desk.latchRecord.state).toBe('ACTIVE');
    change(620);
    desk.pass(15);
    expect(desk.latchRecord.state).toBe('REDUCING');
  });

  it('that he acknowledges is over', () => {
    const desk = quietDesk({ settings });
    observe(desk, 'heap', 0.99);
    expect(desk.command({ kind: 'acknowledgeAlert', alertId: 'a1' }).kind).toBe('done');
    desk.pass(600);
    expect(desk.factsOf('BreakerTripped').map(({ breaker }) => breaker)).toEqual(['heap']);
    expect(desk.folded().view().alerts).toHaveLength(0);
  });
});
