import type { GateResult } from '#domain/decisions/decision';
import type { Contracts } from '#domain/units';
import { atMost, holds } from './gates.ts';
import type { OpenCase } from './openCase.ts';

/**
 * What a strategy may open by now, asked of everything it opens: entries, proposals that the owner approved, the new part of a
 * roll. No cool-down runs, and its mode (the owner's, and no more than its rung) lets it act, by itself or with his word. The
 * owner's own ticket is not asked, nor the later leg of an entry whose first is held: refused, it would leave half a structure.
 */
export function leaveGates({ request, book, completes }: OpenCase): GateResult[] {
  if (request.origin === 'owner' || completes) return [];
  const cooling = book.coolingOf(request.strategyId, request.underlying);
  const gates = [holds('coolingDown', cooling === null, cooling ?? undefined)];
  const leave = book.leaveOf(request.strategyId);
  if (leave === null || request.consent === undefined) return gates;
  const acts = leave.mode === 'auto' || (leave.mode === 'approve' && request.consent === 'owners');
  return [...gates, holds('strategyMode', acts, leave.mode)];
}

/** Units that its rung lets a strategy send in one order. */
export function leaveSizeGates({ request, book, completes }: OpenCase, contracts: Contracts): GateResult[] {
  const most = request.origin === 'owner' || completes ? null : (book.leaveOf(request.strategyId)?.maxContracts ?? null);
  return most === null ? [] : [atMost('trustedContracts', contracts, most, 'contracts', request.strategyId)];
}
