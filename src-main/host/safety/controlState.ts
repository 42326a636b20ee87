import type { ControlView } from '#contract/safety';
import { wordsOf } from '#domain/decisions/words';
import type { EngineView } from '#engine/view';
import { TRIGGERS } from '#ports/settings/protectionSettings';
import type { Desk } from '../desk.ts';
import { backupState } from './backupState.ts';
import type { Control } from './controls.ts';

/** Only what was looked at this moment is in force; the rest is built in, and unknown is never green. */
export function stateOf(control: Control, view: EngineView, desk: Desk): ControlView['state'] {
  if (control.breakers.some((name) => view.breakers.some(({ breaker }) => breaker === name))) return 'acting';
  const own = OWN[control.title];
  if (own) return own(view, desk);
  if (control.group === 'reconciliation') return view.book.snapshotAt === null ? 'unknown' : 'holding';
  // A gate is asked by every order, whoever sends it.
  return control.gates.length > 0 || control.breakers.length > 0 ? 'holding' : 'builtIn';
}

/** A part of a control that holds nothing back as the settings and the sources are; empty when all of it is there. */
export function missingOf(control: Control, view: EngineView, desk: Desk): string {
  return MISSING[control.title]?.(view, desk) ?? '';
}

type Look = (view: EngineView, desk: Desk) => ControlView['state'];
const actingWhen = (acts: boolean): ControlView['state'] => (acts ? 'acting' : 'holding');

/** Controls that are in force only under a condition, each with what shows it. */
const OWN: Readonly<Record<string, Look>> = {
  Duplicates: ({ settings }) => (settings.risk.duplicateWindowSeconds === 0 ? 'off' : 'holding'),
  // No ceiling is none: neither of the settings nor of an arming that has not ended.
  'Capital ceiling': ({ settings, arming, now }) =>
    settings.risk.capitalCeilingDollars > 0 || (arming !== null && arming.until > now) ? 'holding' : 'off',
  'Account flags': ({ book }) => (book.account === null ? 'unknown' : 'holding'),
  'Live and paper apart': ({ arming, now }, { parts }) => {
    if (isEmbedded(parts)) return 'off';
    return parts.mode === 'live' ? actingWhen(arming === null || arming.until <= now) : 'holding';
  },
  'Doubt is a state': ({ book }) => actingWhen(book.underlyingsInDoubt.size > 0),
  'Rate limits': (_, { parts }) => (isEmbedded(parts) ? 'off' : 'builtIn'),
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

const MISSING: Readonly<Record<string, (view: EngineView, desk: Desk) => string>> = {
  Backups: (_, { parts }) => backupState(parts).missing,
  'Instruments and hours': ({ settings, book }) => {
    if (settings.scanner.earningsBlackoutDays === 0) return 'Earnings are not asked.';
    return settings.universe.some((underlying) => book.earningsOf(underlying).length > 0)
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
