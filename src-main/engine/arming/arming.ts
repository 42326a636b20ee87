import type { GateResult } from '#domain/decisions/decision';
import { type Instant, plusMs } from '#domain/units';
import type { CommandOutcome } from '#ports/commands';
import { activeWorks, currentRecord, dropWaiting, requestCancel, STOPPED } from '../execution/work.ts';
import { isOver } from '../state/orderRecord.ts';
import { notify, type Turn } from '../turn.ts';

const HOUR_MS = 3_600_000;

/**
 * Takes the owner's leave to open with real money. The one-time code was proved before this; what is checked here is that
 * the account is the one that trades and that nothing of the evidence is missing.
 */
export function armLive(
  turn: Turn,
  wish: { readonly account: string; readonly ceilingDollars: number; readonly evidence: readonly GateResult[] },
  by: string,
): CommandOutcome {
  const { parts, settings, now } = turn;
  if (parts.mode !== 'live')
    return { kind: 'refused', message: 'There is nothing to arm: this desk trades on paper.', reasons: [] };
  if (wish.account !== parts.account)
    return { kind: 'refused', message: 'The account number is not the one of this account.', reasons: [] };
  const missing = wish.evidence.filter(({ passed }) => !passed);
  if (missing.length > 0 || wish.evidence.length === 0)
    return { kind: 'refused', message: 'The evidence for live trading is not complete.', reasons: missing };
  const until = plusMs(now, Math.round(settings.live.armedHours * HOUR_MS));
  const { account, ceilingDollars, evidence } = wish;
  turn.emit({ kind: 'LiveArmed', arming: { account, build: parts.build, ceilingDollars, at: now, until, by }, evidence });
  wakeAtEnd(turn);
  return {
    kind: 'done',
    message: `Live trading is armed for ${settings.live.armedHours} hours, with at most $${ceilingDollars} at risk.`,
    ids: [],
  };
}

/** Takes the leave back: nothing new is opened, exits go on. */
export function disarmLive(turn: Turn, reason: string, by: string): CommandOutcome {
  if (turn.state.arming === null) return { kind: 'refused', message: 'Live trading is not armed.', reasons: [] };
  turn.emit({ kind: 'LiveDisarmed', reason, by });
  takeEntriesBack(turn);
  return { kind: 'done', message: 'Live trading is disarmed: nothing new is opened, exits go on.', ids: [] };
}

/** An entry that rests at the broker could still fill: without a leave it is taken back. */
function takeEntriesBack(turn: Turn): void {
  dropWaiting(turn, 'live trading is not armed', (spec) => spec.purpose === 'open');
  for (const work of activeWorks(turn)) {
    const record = currentRecord(turn, work.intentId);
    if (work.purpose !== 'open' || !record || isOver(record.status) || record.status === 'cancelPending') continue;
    requestCancel(turn, record, STOPPED);
  }
}

/** Wakes when the arming ends; at a start too, for one that was given before it. */
export function wakeAtEnd(turn: Turn): void {
  const { arming } = turn.state;
  if (arming && arming.until > turn.now)
    turn.act({ kind: 'wakeAt', at: arming.until, reason: { kind: 'armingEnds', subject: '' } });
}

/**
 * The clock was set back. A leave that was over stays over, and one that the clock would make much longer is asked for anew; a small
 * step leaves it, with its end looked for again.
 */
export function armingAfterSetBack(turn: Turn, from: Instant): void {
  const { arming } = turn.state;
  if (arming === null) return;
  const isSmall = from - turn.now <= turn.settings.failsafe.clockJumpSeconds * 1000;
  if (isSmall && from < arming.until) return wakeAtEnd(turn);
  end(turn, 'the clock was set back');
}

/** The arming's time is over: it is put on record and told. */
export function armingEnds(turn: Turn): void {
  const { arming } = turn.state;
  if (arming === null || turn.now < arming.until) return;
  end(turn, 'its time is over');
}

function end(turn: Turn, reason: string): void {
  turn.emit({ kind: 'LiveDisarmed', reason, by: 'engine' });
  takeEntriesBack(turn);
  notify(
    turn,
    'breach',
    'Live trading is no longer armed',
    'Nothing new is opened; exits go on. Arm it again in Settings.',
    true,
  );
}
