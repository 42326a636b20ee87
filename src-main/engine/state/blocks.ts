import type { Turn } from '../turn.ts';

/** Why nothing may be opened now, in words; empty when entries are open. Exits are not asked. */
export function entriesBlockedBy(turn: Turn): string[] {
  const { present, state, settings, now } = turn;
  const reasons: string[] = [];
  if (present.standingDown !== null) reasons.push('the desk is being stopped');
  if (!present.reconciled) reasons.push('the account is being reconciled');
  for (const [channel, connection] of present.connections)
    if (connection !== 'connected') reasons.push(`the ${channel} connection is ${connection}`);
  if (present.dataAt === null || now - present.dataAt > settings.failsafe.staleDataSeconds * 1000)
    reasons.push('market data is stale');
  for (const breaker of state.breakers.values())
    if (breaker.scope === null && (breaker.severity === 'high' || breaker.severity === 'critical'))
      reasons.push(`breaker: ${breaker.breaker}`);
  return reasons;
}
