import type { ConnectionChange } from '#ports/broker';
import type { Turn } from '../turn.ts';

/** All of them must have said that they are connected: one that has not spoken yet is not. */
const CHANNELS: readonly ConnectionChange['channel'][] = ['broker', 'updates', 'data'];

/** Why nothing may be opened now, in words; empty when entries are open. Exits are not asked. */
export function entriesBlockedBy(turn: Turn): string[] {
  const { present, state, settings, now } = turn;
  const reasons: string[] = [];
  if (present.standingDown !== null) reasons.push('the desk is being stopped');
  if (!present.reconciled) reasons.push('the account is being reconciled');
  else if (present.awaitingFirstAgreement) reasons.push('the account does not agree with the journal yet');
  else if (present.drift.size > 0) reasons.push(`unexplained: ${[...present.drift.keys()].join(', ')}`);
  for (const channel of CHANNELS) {
    const connection = present.connections.get(channel) ?? 'not ready yet';
    if (connection !== 'connected') reasons.push(`the ${channel} connection is ${connection}`);
  }
  if (present.dataAt === null || now - present.dataAt > settings.failsafe.staleDataSeconds * 1000)
    reasons.push('market data is stale');
  for (const breaker of state.breakers.values())
    if (breaker.scope === null && (breaker.severity === 'high' || breaker.severity === 'critical'))
      reasons.push(`breaker: ${breaker.breaker}`);
  return reasons;
}
