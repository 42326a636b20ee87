import type { Decision } from '#domain/decisions/decision';
import type { Position, Trade } from '#domain/portfolio/position';
import type { Cents, Instant } from '#domain/units';
import type { JournalReader, JournalRow } from './journal.ts';

/** A decision with what came after it. */
export interface DecisionRecord {
  readonly decision: Decision;
  readonly lastAt: Instant;
  readonly repeats: number;
  readonly counterfactual: { readonly pnlCents: Cents; readonly basis: string; readonly daysHeld: number } | null;
  readonly answer: 'approved' | 'declined' | null;
}

/** The newest refusal for one set of reasons. */
export interface RefusalRecord {
  /** Codes of the gates that failed. */
  readonly reasons: readonly string[];
  readonly decisionId: string;
  readonly underlying: string;
  readonly lastAt: Instant;
}

/** A stretch of the journal, both ends included. */
export interface RowRange {
  readonly from: number;
  readonly to: number;
}

export interface DecisionFilter {
  readonly strategyId: string | null;
  readonly underlying: string | null;
  readonly verdict: string | null;
  /** A gate among the reasons. */
  readonly reason: string | null;
  readonly offset: number;
  readonly limit: number;
}

/** One attempt of an intent, as the read model holds it. Prices per share, + credit. */
export interface OrderRecord {
  readonly intentId: string;
  readonly attempt: number;
  readonly seq: number;
  readonly createdAt: Instant;
  readonly updatedAt: Instant;
  readonly positionId: string;
  readonly underlying: string;
  readonly purpose: 'open' | 'close';
  readonly contracts: number;
  readonly netLimit: number;
  readonly rung: number;
  readonly state: string;
  readonly filled: number;
  readonly fillPrice: number | null;
  readonly clientOrderId: string | null;
  readonly brokerOrderId: string | null;
  readonly message: string;
}

export interface EquityPoint {
  readonly at: Instant;
  readonly equity: Cents;
  readonly cash: Cents;
}

export interface ChainVerdict {
  readonly ok: boolean;
  readonly events: number;
  /** Sequence number of the first row that is wrong or missing; null when none is. */
  readonly firstBad: number | null;
  readonly reason: string;
  readonly head: string;
}

/** What a window or a report reads. Everything that waits for a commit is included. */
export interface JournalQueries extends JournalReader {
  readonly journalId: string;
  /** Newest first. */
  events(filter: {
    readonly kinds: readonly string[] | null;
    readonly text: string | null;
    readonly beforeSeq: number | null;
    readonly limit: number;
  }): { readonly rows: readonly JournalRow[]; readonly total: number };
  /** Rows of one kind within a stretch, newest first; `text` must stand in the fact as it is written. What else is there is not counted. */
  within(range: RowRange, wanted: { readonly kind: string; readonly text: string | null; readonly limit: number }): JournalRow[];
  /** Refusals that were decided or repeated within a stretch: the newest for each set of reasons. */
  refusalsWithin(range: RowRange): readonly RefusalRecord[];
  /** Every row that names the id (of a trade, position, intent or decision), oldest first, at most `limit`. */
  mentioning(ids: readonly string[], limit: number): readonly JournalRow[];
  decisions(filter: DecisionFilter): { readonly rows: readonly DecisionRecord[]; readonly total: number };
  /** Newest first. */
  orders(limit: number): readonly OrderRecord[];
  ordersOf(positionId: string): readonly OrderRecord[];
  /** Every position ever held, newest first. */
  positions(limit: number): readonly Position[];
  /** Newest first, with the owner's latest notes. */
  trades(limit: number): readonly Trade[];
  /** At most `points`, oldest first, evenly thinned; the newest is always there. */
  equity(points: number): readonly EquityPoint[];
  verify(): ChainVerdict;
}
