import { civilDate } from '#domain/market/calendar';
import type { HistoryAnswer } from '#ports/marketData';
import { recordFault } from '../breakers/breakers.ts';
import { nextRequestId, notify, type Turn, wakeIn } from '../turn.ts';

/** Days of bars asked for: a year of sessions. */
const HISTORY_DAYS = 252;

/** Bars, dividends and earnings, once a day. */
export function askHistory(turn: Turn): void {
  const { present } = turn;
  const today = civilDate(turn.now);
  if (present.historyOn === today) return;
  present.historyOn = today;
  present.historyAsked.clear();
  present.historyMissing.clear();
  askNewHistory(turn);
}

/** The history of what is looked at or held and was not asked for today. */
export function askNewHistory(turn: Turn): void {
  request(
    turn,
    wanted(turn).filter((underlying) => !turn.present.historyAsked.has(underlying)),
  );
}

/** The pause is over: what did not come is asked for again. */
export function askMissingHistory(turn: Turn): void {
  const { present } = turn;
  present.historyAgainAt = null;
  request(
    turn,
    wanted(turn).filter((underlying) => present.historyMissing.has(underlying)),
  );
}

function request(turn: Turn, underlyings: readonly string[]): void {
  if (underlyings.length === 0) return;
  for (const underlying of underlyings) turn.present.historyAsked.add(underlying);
  turn.act({ kind: 'requestHistory', requestId: nextRequestId(turn, 'history'), underlyings, days: HISTORY_DAYS });
}

function wanted({ settings, state }: Turn): string[] {
  return [...new Set([...settings.universe, ...[...state.positions.values()].map(({ underlying }) => underlying)])];
}

/**
 * What came stands. What did not is no word that nothing is due: it is on record and told once a day, asked for again after a pause,
 * and until then nothing is opened there (gate `earnings`). A history of an earlier day goes on standing.
 */
export function takeHistory(turn: Turn, { histories, missing }: HistoryAnswer): void {
  const { present, settings, now } = turn;
  for (const history of histories) {
    present.histories.set(history.underlying, history);
    present.historyMissing.delete(history.underlying);
  }
  const news = missing.filter(({ underlying }) => !present.historyMissing.has(underlying));
  for (const { underlying, fault } of news) {
    present.historyMissing.add(underlying);
    recordFault(turn, `history of ${underlying}`, 'low', fault);
  }
  tell(
    turn,
    news.map(({ underlying }) => underlying).filter((underlying) => !present.histories.has(underlying)),
  );
  if (present.historyMissing.size === 0 || (present.historyAgainAt !== null && present.historyAgainAt > now)) return;
  const pause = settings.scanner.historyRetrySeconds * 1000;
  present.historyAgainAt = now + pause;
  wakeIn(turn, pause, 'history');
}

function tell(turn: Turn, underlyings: readonly string[]): void {
  if (underlyings.length === 0) return;
  const minutes = Math.max(1, Math.round(turn.settings.scanner.historyRetrySeconds / 60));
  notify(
    turn,
    'error',
    `No history of ${underlyings.slice(0, 5).join(', ')}${underlyings.length > 5 ? ` and ${underlyings.length - 5} more` : ''}`,
    `Their earnings and dividends are not known: nothing is opened there, and early assignment is not tested. Asked for again in ${minutes} min.`,
  );
}
