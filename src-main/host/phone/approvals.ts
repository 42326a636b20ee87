import { createHash } from 'node:crypto';
import type { Decision } from '#domain/decisions/decision';

/** An answer that waits for its one-time code: for exactly this proposal, until then, once. */
export interface Ticket {
  readonly decisionId: string;
  readonly approve: boolean;
  readonly content: string;
  readonly until: number;
}

/** Names what would be sent: another leg, size or price is another proposal. */
export function contentOf({ decisionId, strategyId, underlying, structure, legs, contracts, metrics }: Decision): string {
  const exact = {
    decisionId,
    strategyId,
    underlying,
    structure,
    contracts,
    legs: legs.map(({ symbol, ratio }) => [symbol, ratio]),
    prices: [metrics.midCredit, metrics.naturalCredit, metrics.maxLossCents],
  };
  return createHash('sha256').update(JSON.stringify(exact)).digest('hex');
}

/** Keeps at most one ticket; a new one takes the place of the old. */
export function createTickets(wallNow: () => number) {
  let open: Ticket | null = null;
  return {
    issue(decision: Decision, approve: boolean, seconds: number): Ticket {
      open = { decisionId: decision.decisionId, approve, content: contentOf(decision), until: wallNow() + seconds * 1000 };
      return open;
    },
    /** Takes the ticket out, whatever then becomes of the code; null when there is none or its time is over. */
    take(): Ticket | null {
      const taken = open;
      open = null;
      return taken !== null && wallNow() < taken.until ? taken : null;
    },
  };
}
