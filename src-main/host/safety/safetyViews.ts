import type { ComparedView, SafetyView } from '#contract/safety';
import { titleOf } from '#domain/decisions/words';
import type { Instant } from '#domain/units';
import type { Difference, JournalFact } from '#ports/facts';
import type { JournalQueries } from '#ports/journalQueries';
import type { Desk } from '../desk.ts';
import { eventViewOf } from '../narrate.ts';
import { backupState } from './backupState.ts';
import { missingOf, stateOf } from './controlState.ts';
import { CONTROLS, type Control } from './controls.ts';

/** Refusals looked through for the last time that a gate said no. */
const MOST_REFUSALS = 300;
const MOST_BREAKERS = 100;
/** Comparisons looked through for those that found something. */
const MOST_COMPARISONS = 200;
const MOST_SHOWN = 20;

/** Every control with its state, what it last did, and what proves it for this build. */
export function safetyOf(desk: Desk): SafetyView {
  const view = desk.view();
  const battery = desk.parts.battery();
  const proofs = new Map(battery.entries.map((entry) => [entry.command, entry]));
  const seen = lastActs(desk.parts.journal);
  return {
    at: view.now,
    build: desk.parts.about.build,
    battery: { green: battery.green, detail: battery.detail },
    controls: CONTROLS.map((control) => ({
      number: control.number,
      group: control.group,
      title: control.title,
      how: control.how,
      setting: control.setting,
      state: stateOf(control, view, desk),
      missing: missingOf(control, view, desk),
      ...lastOf(control, seen, desk),
      proofs: control.proofs.map((command) => ({
        command,
        ok: proofs.get(command)?.ok ?? null,
        at: proofs.get(command)?.at ?? '',
      })),
      tests: control.tests,
    })),
    reconciliations: comparisons(desk.parts.journal),
    days: dayBooks(desk.parts.journal),
    comparedAt: view.book.snapshotAt,
  };
}

interface Act {
  readonly lastAt: Instant;
  readonly lastWhat: string;
}

interface LastActs {
  readonly byGate: ReadonlyMap<string, Act>;
  readonly byBreaker: ReadonlyMap<string, Act>;
  readonly byFact: ReadonlyMap<string, Act>;
}

function lastActs(journal: JournalQueries): LastActs {
  const byGate = new Map<string, Act>();
  const refused = journal.decisions({
    strategyId: null,
    underlying: null,
    verdict: 'refused',
    reason: null,
    offset: 0,
    limit: MOST_REFUSALS,
  });
  for (const { decision, lastAt } of refused.rows)
    for (const gate of decision.reasons)
      keepNewest(byGate, gate, { lastAt, lastWhat: `${titleOf(gate)} refused ${decision.underlying} (${decision.decisionId})` });
  const commands = journal.events({ kinds: ['CommandAnswered'], text: 'refused', beforeSeq: null, limit: MOST_BREAKERS });
  for (const { at, fact } of commands.rows)
    if (fact.kind === 'CommandAnswered' && fact.outcome.kind === 'refused')
      for (const { gate } of fact.outcome.reasons)
        keepNewest(byGate, gate, { lastAt: at, lastWhat: `${titleOf(gate)} refused the owner’s order` });
  const byBreaker = new Map<string, Act>();
  const tripped = journal.events({ kinds: ['BreakerTripped'], text: null, beforeSeq: null, limit: MOST_BREAKERS });
  for (const { at, fact } of tripped.rows)
    if (fact.kind === 'BreakerTripped') keepNewest(byBreaker, fact.breaker, { lastAt: at, lastWhat: fact.action });
  const byFact = new Map<string, Act>();
  for (const kind of new Set<JournalFact['kind']>(CONTROLS.flatMap(({ facts }) => facts))) {
    const [row] = journal.events({ kinds: [kind], text: null, beforeSeq: null, limit: 1 }).rows;
    if (row) byFact.set(kind, { lastAt: row.at, lastWhat: eventViewOf(row).summary });
  }
  return { byGate, byBreaker, byFact };
}

function keepNewest(acts: Map<string, Act>, key: string, act: Act): void {
  const known = acts.get(key);
  if (!known || known.lastAt < act.lastAt) acts.set(key, act);
}

/** Backups leave no row in the journal that they are copies of. */
function lastOf(
  control: Control,
  seen: LastActs,
  { parts }: Desk,
): { readonly lastAt: Instant | null; readonly lastWhat: string } {
  if (control.title !== 'Backups') return newest(control, seen) ?? { lastAt: null, lastWhat: '' };
  const { lastAt, lastWhat } = backupState(parts);
  return { lastAt, lastWhat };
}

/** What a control did last: a refusal or a stop before a mere mention. */
function newest(control: Control, seen: LastActs): Act | null {
  const acts = [
    ...control.gates.map((gate) => seen.byGate.get(gate)),
    ...control.breakers.map((breaker) => seen.byBreaker.get(breaker)),
  ].filter((act) => act !== undefined);
  const known = acts.length > 0 ? acts : control.facts.map((kind) => seen.byFact.get(kind)).filter((act) => act !== undefined);
  return known.reduce<Act | null>((last, act) => (last === null || act.lastAt > last.lastAt ? act : last), null);
}

function comparisons(journal: JournalQueries): SafetyView['reconciliations'] {
  const rows = journal.events({ kinds: ['Reconciled'], text: null, beforeSeq: null, limit: MOST_COMPARISONS }).rows;
  return rows
    .flatMap(({ at, fact }) =>
      fact.kind === 'Reconciled' && fact.differences.length > 0
        ? [
            {
              at,
              trigger: fact.trigger,
              differences: fact.differences.map(comparedOf),
            },
          ]
        : [],
    )
    .slice(0, MOST_SHOWN);
}

/** Days of both stages; the close of a settled day has been overtaken by it. */
function dayBooks(journal: JournalQueries): SafetyView['days'] {
  const rows = journal.events({ kinds: ['DayReconciled'], text: null, beforeSeq: null, limit: MOST_SHOWN }).rows;
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
