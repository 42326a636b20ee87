import { civilDate } from '#domain/market/calendar';
import type { JournalRow } from '#ports/journal';
import type { BrokerTruth } from './brokerTruth.ts';

/**
 * The journal's end-of-day statements against the broker's ledger: each adds up, the broker's side is the ledger's cash of that
 * moment, a settled day agrees to the cent, and an unsettled one differs by no more than the rounding of the day's fees. Nothing in
 * a simulated world is beyond explanation, so an unknown movement is a finding too.
 */
export function dayBookFindings(truth: BrokerTruth, rows: readonly JournalRow[]): readonly string[] {
  const findings: string[] = [];
  for (const { at, fact } of rows) {
    if (fact.kind === 'CashBooked' && (fact.classification === 'unknown' || fact.classification === 'priceDiffers'))
      findings.push(`${fact.date}: ${fact.amount} cents booked as ${fact.classification}: ${fact.detail}`);
    if (fact.kind !== 'DayReconciled') continue;
    const { opening, fills, fees, elsewhere, clearing, activities, corrections, ours, theirs } = fact.cash;
    const sum = opening + fills + fees + elsewhere + clearing + activities + corrections;
    if (sum !== ours) findings.push(`${fact.date}: the statement adds up to ${sum}, not to ${ours}`);
    const held = truth.ledger.filter((entry) => entry.at <= at).reduce((total, { cash }) => total + cash, 0);
    if (held !== theirs) findings.push(`${fact.date}: ${theirs} taken for the broker’s cash, ${held} in its ledger`);
    const charges = truth.ledger.filter(
      ({ kind, at: when }) => kind === 'fee' && when <= at && civilDate(when) >= fact.date,
    ).length;
    const room = fact.stage === 'settled' && civilDate(at) > fact.date ? chargesOn(truth, civilDate(at)) : charges;
    if (Math.abs(ours - theirs) > room)
      findings.push(`${fact.date} (${fact.stage}): ${ours} by our book, ${theirs} at the broker`);
    for (const { subject, classification, ended } of fact.differences)
      if (ended === 'escalated') findings.push(`${fact.date}: ${subject} ended as ${classification}`);
  }
  return findings;
}

/** Executions of a day that were charged: each may have been rounded up where the order was rounded once. */
function chargesOn(truth: BrokerTruth, date: string): number {
  return truth.ledger.filter(({ kind, at }) => kind === 'fee' && civilDate(at) === date).length;
}
