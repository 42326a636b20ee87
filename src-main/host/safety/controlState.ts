import type { ControlView } from '#contract/safety';
import { wordsOf } from '#domain/decisions/words';
import { civilDate } from '#domain/market/calendar';
import type { EngineView } from '#engine/view';
import { TRIGGERS } from '#ports/settings/protectionSettings';
import { missedDays } from '#research/audit/missedAudits';
import type { Desk } from '../desk.ts';
import { figureOf } from '../protectionViews.ts';
import { backupState } from './backupState.ts';
import type { Control } from './controls.ts';

/**
 * Only what was looked at this moment is in force, and only what was seen to hold something back is acting. A gate that is asked of
 * each order shows nothing between two of them; the rest is built in, and unknown is never green.
 */
export function stateOf(control: Control, view: EngineView, desk: Desk): ControlView['state'] {
  if (control.breakers.some((name) => view.breakers.some(({ breaker }) => breaker === name))) return 'acting';
  const own = OWN[control.title];
  if (own) return own(view, desk);
  if (control.gates.length > 0) return 'asked';
  // The engine's own list of breakers was just looked at.
  return control.breakers.length > 0 ? 'holding' : 'builtIn';
}

/** A part of a control that holds nothing back as the settings and the sources are; empty when all of it is there. */
export function missingOf(control: Control, view: EngineView, desk: Desk): string {
  return MISSING[control.title]?.(view, desk) ?? '';
}

type Look = (view: EngineView, desk: Desk) => ControlView['state'];
const actingWhen = (acts: boolean): ControlView['state'] => (acts ? 'acting' : 'holding');
const askedUnless = (acts: boolean): ControlView['state'] => (acts ? 'acting' : 'asked');
const MINUTE_MS = 60_000;

/** Before the first look at the account nothing of it can be told; what the comparison holds back is the engine's own word. */
const reconciling =
  (...reasons: readonly string[]): Look =>
  ({ book, entriesBlockedBy }) => {
    if (entriesBlockedBy.some((blocked) => reasons.some((reason) => blocked.startsWith(reason)))) return 'acting';
    return book.snapshotAt === null ? 'unknown' : 'holding';
  };

/** Entries wait for the session, its first and last minutes, or a hand; some underlyings may wait alone. */
function outsideHours({ book, settings }: EngineView): boolean {
  const { session, now, pausedSymbols, haltedSymbols } = book;
  if (session === null || pausedSymbols.size > 0 || haltedSymbols.size > 0) return true;
  const { noEntriesFirstMinutes, noEntriesLastMinutes } = settings.risk;
  return (
    now < session.open + noEntriesFirstMinutes * MINUTE_MS ||
    now >= session.close ||
    now > session.close - noEntriesLastMinutes * MINUTE_MS
  );
}

/** What the account itself stops, or does not tell. */
function accountStops({ book, settings }: EngineView): boolean {
  const { account, snapshotAt, now } = book;
  if (account === null || snapshotAt === null) return true;
  const { tradingBlocked, accountBlocked, suspendedByUser, marginDeficit, optionsLevel } = account;
  return (
    [tradingBlocked, accountBlocked, suspendedByUser].some((flag) => flag !== false) ||
    (marginDeficit ?? 1) > 0 ||
    optionsLevel === null ||
    now - snapshotAt > settings.risk.maxSnapshotAgeSeconds * 1000
  );
}

/** A loss that is not known counts as one. */
function lossesStop(view: EngineView): boolean {
  return (['dailyLoss', 'weeklyLoss', 'drawdown'] as const).some((trigger) => {
    const { value, limit } = figureOf(trigger, view);
    return value === null || value >= limit;
  });
}

/** Controls that are in force only under a condition, each with what shows it. */
const OWN: Readonly<Record<string, Look>> = {
  Duplicates: ({ settings }) => (settings.risk.duplicateWindowSeconds === 0 ? 'off' : 'asked'),
  'Message throttle': ({ book, settings, throttled }) =>
    askedUnless(
      throttled > 0 ||
        book.ordersToday >= settings.risk.maxOrdersPerDay ||
        book.ordersLastMinute >= settings.risk.maxOrdersPerMinute,
    ),
  // Only a cool-down has an end of its own.
  'Repeated execution': ({ breakers }) => askedUnless(breakers.some(({ until }) => until !== null)),
  'Loss stops': (view) => actingWhen(lossesStop(view)),
  'Instruments and hours': (view) => askedUnless(outsideHours(view)),
  // No ceiling is none: neither of the settings nor of an arming that has not ended.
  'Capital ceiling': ({ settings, arming, now }) =>
    settings.risk.capitalCeilingDollars > 0 || (arming !== null && arming.until > now) ? 'holding' : 'off',
  'Account flags': (view) => (view.book.account === null ? 'unknown' : actingWhen(accountStops(view))),
  'Live and paper apart': ({ arming, now }, { parts }) => {
    if (isEmbedded(parts)) return 'off';
    return parts.mode === 'live' ? actingWhen(arming === null || arming.until <= now) : 'holding';
  },
  'Doubt is a state': ({ book }) => actingWhen(book.underlyingsInDoubt.size > 0),
  'Rate limits': (_, { parts }) => (isEmbedded(parts) ? 'off' : 'builtIn'),
  'At the start': reconciling('the account is being reconciled', 'the account does not agree with the journal yet'),
  'All day': reconciling('unexplained:'),
  'At the end of the day': (view, desk) => {
    if (notAudited(view, desk).length > 0) return 'unknown';
    return view.lastAudit === null ? 'builtIn' : 'holding';
  },
  'Orders from elsewhere': reconciling(),
  'No stream, no entries': ({ entriesBlockedBy }) => actingWhen(entriesBlockedBy.length > 0),
  'Four states, latched': ({ latch }) => actingWhen(latch.state !== 'ACTIVE'),
  Watchdog: (_, { parts }) => {
    const { phase, outlives } = parts.watchdog();
    // One that ends with the packaged app is not what the control promises.
    if (phase === 'watching') return outlives ? 'holding' : 'off';
    if (phase === 'fired') return 'acting';
    return phase === 'off' ? 'off' : 'unknown';
  },
  Backups: (_, { parts }) => backupState(parts).state,
  'Secrets stay secret': (_, { parts: { secrets } }) =>
    secrets.backend === 'keychain' || secrets.backend === 'sealedFile' ? 'holding' : 'off',
};

function isEmbedded(parts: Desk['parts']): boolean {
  return parts.quality === 'simulated' || parts.quality === 'recorded';
}

/** Several controls and the panel ask the same of one view. */
const missedOf = new WeakMap<EngineView, readonly string[]>();

/** Days that closed while the desk was off, as far as this account goes. */
export function notAudited(view: EngineView, { parts }: Desk): readonly string[] {
  const known = missedOf.get(view);
  if (known) return known;
  const days = missedDays(parts.journal, { today: civilDate(view.now), account: view.account.number }).map(({ date }) => date);
  missedOf.set(view, days);
  return days;
}

const MISSING: Readonly<Record<string, (view: EngineView, desk: Desk) => string>> = {
  Backups: (_, { parts }) => backupState(parts).missing,
  'At the end of the day': (view, desk) => {
    const days = notAudited(view, desk);
    return days.length === 0 ? '' : `Never audited, the desk was off when they closed: ${days.join(', ')}.`;
  },
  'Instruments and hours': ({ settings, book }) => {
    if (settings.scanner.earningsBlackoutDays === 0) return 'Earnings are not asked.';
    return settings.universe.some((underlying) => (book.earningsOf(underlying)?.length ?? 0) > 0)
      ? ''
      : 'No earnings dates are known: that part holds nothing back.';
  },
  'Self-cross and wash sale': ({ settings }) => (settings.risk.blockWashSales ? '' : 'Wash sales are marked, not refused.'),
  'Automatic triggers': ({ settings }) => {
    const { severities } = settings.protection;
    const mild = TRIGGERS.filter((trigger) => severities[trigger] === 'low' || severities[trigger] === 'medium');
    return mild.length === 0 ? '' : `Told only, nothing is stopped: ${mild.map(wordsOf).join(', ')}.`;
  },
};
