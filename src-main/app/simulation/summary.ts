import { createHash } from 'node:crypto';
import type { JournalFact } from '#ports/facts';
import type { JournalRow } from '#ports/journal';

/** What a run did, counted from its journal alone. */
export interface RunCounts {
  readonly scans: number;
  readonly candidates: number;
  readonly proposals: number;
  readonly approved: number;
  readonly rejected: number;
  readonly ordersSubmitted: number;
  readonly ordersFilled: number;
  readonly ordersCancelled: number;
  readonly tradesOpened: number;
  readonly tradesClosed: number;
  readonly assignments: number;
  readonly expirations: number;
  readonly exitReasons: Readonly<Record<string, number>>;
  readonly byStrategy: Readonly<Record<string, { readonly opened: number; readonly closed: number; readonly pnlCents: number }>>;
  readonly realizedPnlCents: number;
  readonly feesCents: number;
  readonly journalEvents: number;
  readonly journalHash: string;
  /** Fingerprint of decisions and trades alone: equal however the orders travelled. */
  readonly tradesHash: string;
}

/** Folds the journal's rows into the counts that every command prints. */
export function countRun(rows: Iterable<JournalRow>): RunCounts {
  const counts = {
    scans: 0,
    candidates: 0,
    proposals: 0,
    approved: 0,
    rejected: 0,
    ordersSubmitted: 0,
    ordersFilled: 0,
    ordersCancelled: 0,
    tradesOpened: 0,
    tradesClosed: 0,
    assignments: 0,
    expirations: 0,
    realizedPnlCents: 0,
    feesCents: 0,
    journalEvents: 0,
  };
  const exitReasons: Record<string, number> = {};
  const byStrategy: Record<string, { opened: number; closed: number; pnlCents: number }> = {};
  const story = createHash('sha256');
  let journalHash = '';
  const strategy = (id: string): { opened: number; closed: number; pnlCents: number } => {
    byStrategy[id] ??= { opened: 0, closed: 0, pnlCents: 0 };
    return byStrategy[id];
  };
  for (const { fact, hash } of rows) {
    counts.journalEvents += 1;
    journalHash = hash;
    const told = toldInStory(fact);
    if (told !== null) story.update(JSON.stringify(told)).update('\n');
    switch (fact.kind) {
      case 'ScanCompleted':
        counts.scans += 1;
        counts.candidates += fact.candidates;
        counts.proposals += fact.proposals;
        break;
      case 'ProposalDecided':
        if (fact.decision.verdict === 'approved' || fact.decision.verdict === 'resized') counts.approved += 1;
        else if (fact.decision.verdict === 'refused') counts.rejected += 1;
        break;
      case 'RefusalsRepeated':
        for (const repeat of fact.repeats) counts.rejected += repeat.count;
        break;
      case 'OrderIntended':
        counts.ordersSubmitted += 1;
        break;
      case 'OrderReported':
        if (fact.report.kind === 'orderFilled' && fact.report.complete) counts.ordersFilled += 1;
        if (fact.report.kind === 'orderCancelled') counts.ordersCancelled += 1;
        break;
      case 'PositionOpened':
        counts.tradesOpened += 1;
        strategy(fact.position.strategyId).opened += 1;
        break;
      case 'PositionClosed': {
        const { trade } = fact;
        counts.tradesClosed += 1;
        counts.realizedPnlCents += trade.outcome.pnl;
        counts.feesCents += trade.execution.fees;
        exitReasons[trade.outcome.exitReason] = (exitReasons[trade.outcome.exitReason] ?? 0) + 1;
        const own = strategy(trade.strategyId);
        own.closed += 1;
        own.pnlCents += trade.outcome.pnl;
        break;
      }
      default:
        break;
    }
    if (fact.kind === 'PositionClosed' && fact.trade.outcome.exitReason === 'assigned') counts.assignments += 1;
    if (fact.kind === 'PositionClosed' && fact.trade.outcome.exitReason === 'expired') counts.expirations += 1;
  }
  return { ...counts, exitReasons, byStrategy, journalHash, tradesHash: story.digest('hex') };
}

/** The part of a fact that belongs to the story of decisions and trades; broker ids and transport details do not. */
function toldInStory(fact: JournalFact): unknown {
  if (fact.kind === 'ProposalDecided') {
    const { snapshotId: _, ...decision } = fact.decision;
    return decision;
  }
  if (fact.kind === 'PositionClosed') return fact.trade;
  if (fact.kind === 'PositionOpened')
    return {
      openedAt: fact.position.openedAt,
      legs: fact.position.legs,
      units: fact.position.units,
      credit: fact.position.entryCredit,
    };
  return null;
}
