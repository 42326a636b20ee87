import type { GateResult } from '#domain/decisions/decision';
import { uncoveredShorts } from '#domain/structures/coverage';
import type { Contracts } from '#domain/units';
import type { Exposure } from './book.ts';
import { symbolOf } from './combinationQuote.ts';
import { atMost, holds } from './gates.ts';
import type { OpenCase } from './openCase.ts';
import { withFreeShares } from './secured.ts';

/** What the legs are, whoever proposed them. */
export function shapeGates(open: OpenCase): GateResult[] {
  const { request, others, secured } = open;
  const gates = [holds('selfCross', !crossesOwnPosition(open, others))];
  if (request.secured) gates.push(holds('securedShape', secured));
  return gates;
}

/**
 * Short contracts that would stand without cover once `contracts` units, or any smaller number of them, have filled (a
 * combination fills in whole units, shares are bought before the call is sold). A put that cash secures is not counted here:
 * `cashForPuts` asks for its cash.
 */
export function coverGate(open: OpenCase, contracts: Contracts): GateResult {
  const { request, book, secured } = open;
  const legs = withFreeShares(request.legs, contracts, request.underlying, book.freeShares(request.underlying));
  const { calls, puts } = uncoveredShorts(legs);
  return atMost('uncoveredShort', calls + (secured ? 0 : puts), 0, 'contracts');
}

/** A leg against one that is held or worked the other way would net at the broker and leave another structure without its leg. */
function crossesOwnPosition({ request, book }: OpenCase, others: readonly Exposure[]): boolean {
  const sideOf = new Map<string, number>();
  for (const leg of request.legs) sideOf.set(symbolOf(leg), Math.sign(leg.kind === 'stock' ? leg.shares : leg.ratio));
  for (const [symbol, side] of sideOf) if ((book.closingSides.get(symbol) ?? side) !== side) return true;
  return others.some((exposure) =>
    exposure.legs.some((leg) => {
      const side = sideOf.get(symbolOf(leg));
      return side !== undefined && side !== Math.sign((leg.kind === 'stock' ? leg.shares : leg.ratio) * exposure.units);
    }),
  );
}
