import type { OutputOf, ParsedOf } from '#contract/contract';
import type { DecisionView } from '#contract/decisions';
import type { DecisionRecord, JournalQueries } from '#ports/journalQueries';

/** Decisions that the feed holds. */
const MOST_RECENT = 100;

export function recentDecisions(journal: JournalQueries): readonly DecisionView[] {
  const everything = { strategyId: null, underlying: null, verdict: null, reason: null, offset: 0, limit: MOST_RECENT };
  return journal.decisions(everything).rows.map(decisionViewOf);
}

export function searchDecisions(journal: JournalQueries, input: ParsedOf<'decisions.search'>): OutputOf<'decisions.search'> {
  const { rows, total } = journal.decisions(input);
  return { rows: rows.map(decisionViewOf), total };
}

export function funnelOf(journal: JournalQueries, limit: number): OutputOf<'decisions.funnel'> {
  const { rows } = journal.events({ kinds: ['ScanCompleted'], text: null, beforeSeq: null, limit });
  return rows.flatMap(({ at, fact }) => (fact.kind === 'ScanCompleted' ? [{ ...fact, at }] : []));
}

function decisionViewOf(record: DecisionRecord): DecisionView {
  const { decision, lastAt, repeats, counterfactual, answer } = record;
  return { decision, firstAt: decision.at, lastAt, repeats, counterfactual, answer };
}
