import type { ComparedView, SafetyView } from '#contract/safety';
import type { Instant } from '#domain/units';
import type { EngineView } from '#engine/view';
import type { Difference } from '#ports/facts';
import type { JournalQueries } from '#ports/journalQueries';
import type { Desk } from '../desk.ts';
import { backupState } from './backupState.ts';
import { missingOf, notAudited, stateOf } from './controlState.ts';
import { CONTROLS, type Control } from './controls.ts';
import type { Act, LookBack, Seen } from './lookBack.ts';

/** Days of which the books are shown. */
const MOST_DAYS = 20;

/** Every control with its state, what it last did, and what proves it for this build. */
export function safetyOf(desk: Desk, lookBack: LookBack): SafetyView {
  const view = desk.view();
  const battery = desk.parts.battery();
  const proofs = new Map(battery.entries.map((entry) => [entry.command, entry]));
  const seen = lookBack.upTo(desk.parts.journalHead());
  return {
    at: view.now,
    build: desk.parts.about.build,
    battery: { green: battery.green, detail: battery.detail },
    testsRun: { ok: proofs.get('tests')?.ok ?? null, at: proofs.get('tests')?.at ?? '' },
    controls: CONTROLS.map((control) => ({
      number: control.number,
      group: control.group,
      title: control.title,
      how: control.how,
      setting: control.setting,
      state: stateOf(control, view, desk),
      missing: missingOf(control, view, desk),
      ...lastOf(control, seen, view, desk),
      proofs: control.proofs.map((command) => ({
        command,
        ok: proofs.get(command)?.ok ?? null,
        at: proofs.get(command)?.at ?? '',
      })),
      tests: control.tests,
    })),
    lookedBackTo: seen.since,
    reconciliations: seen.comparisons.map(({ at, trigger, differences }) => ({
      at,
      trigger,
      differences: differences.map(comparedOf),
    })),
    days: dayBooks(desk.parts.journal),
    notAudited: notAudited(view, desk),
    comparedAt: view.book.snapshotAt,
  };
}

/** Backups leave no row in the journal that they are copies of. */
function lastOf(
  control: Control,
  seen: Seen,
  view: EngineView,
  { parts }: Desk,
): { readonly lastAt: Instant | null; readonly lastWhat: string } {
  if (control.title !== 'Backups') return newest(control, seen, view) ?? { lastAt: null, lastWhat: '' };
  const { lastAt, lastWhat } = backupState(parts);
  return { lastAt, lastWhat };
}

/** What a control did last: a refusal or a stop before a mere mention. */
function newest(control: Control, seen: Seen, { lastTrips }: EngineView): Act | null {
  const trips = control.breakers.flatMap((breaker): Act[] => {
    const trip = lastTrips.get(breaker);
    return trip ? [{ lastAt: trip.at, lastWhat: trip.what }] : [];
  });
  const acts = [...control.gates.flatMap((gate) => seen.byGate.get(gate) ?? []), ...trips];
  const known = acts.length > 0 ? acts : control.facts.flatMap((kind) => seen.byFact.get(kind) ?? []);
  return known.reduce<Act | null>((last, act) => (last === null || act.lastAt > last.lastAt ? act : last), null);
}

/** Days of both stages; the close of a settled day has been overtaken by it. */
function dayBooks(journal: JournalQueries): SafetyView['days'] {
  const rows = journal.events({ kinds: ['DayReconciled'], text: null, beforeSeq: null, limit: MOST_DAYS }).rows;
  const settled = new Set<string>();
  return rows.flatMap(({ at, fact }) => {
    if (fact.kind !== 'DayReconciled' || (fact.stage === 'close' && settled.has(fact.date))) return [];
    if (fact.stage === 'settled') settled.add(fact.date);
    const { date, stage, compared, cash, feesBooked, feesCharged, differences } = fact;
    return [{ at, date, stage, compared, cash, feesBooked, feesCharged, differences: differences.map(comparedOf) }];
  });
}

/** Older journals do not say how a difference ended. */
function comparedOf({ subject, ours, theirs, classification, resolved, ended }: Difference): ComparedView {
  return { subject, ours, theirs, classification, resolved, ended: ended ?? (resolved ? 'explained' : 'waiting') };
}
