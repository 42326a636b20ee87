import type { Instant } from '#domain/units';
import { createRandom } from '#exchange/random';
import type { IdentifiedOrder } from '#ports/broker';
import type { Random } from '#ports/random';
import type { LinkFault, SessionPlan } from './plan.ts';

/** Decides, from the seed alone, which occasion a link fault strikes, and counts. Silent once the plan's faults are over. */
export interface LinkFaultDesk {
  strikes(kind: LinkFault): boolean;
  /** For the size of what struck. */
  readonly random: Random;
  readonly hits: ReadonlyMap<LinkFault, number>;
  /** Requests on their way: they arrive whether or not their sender still lives. */
  readonly underWay: { readonly due: Instant; readonly order: IdentifiedOrder }[];
  /** When those left that were slow on their way: what was under way cannot be called back by any switch. */
  readonly leftAt: Map<string, Instant>;
}

/** The desk of a session; `now` is the exchange's. */
export function linkFaultDesk(plan: SessionPlan, now: () => Instant): LinkFaultDesk {
  const random = createRandom(plan.seed, 'link');
  const hits = new Map<LinkFault, number>();
  return {
    random,
    hits,
    underWay: [],
    leftAt: new Map(),
    strikes(kind) {
      const chance = plan.linkFaults.get(kind);
      if (chance === undefined || now() >= plan.faultsEnd) return false;
      if (random.next() >= chance) return false;
      hits.set(kind, (hits.get(kind) ?? 0) + 1);
      return true;
    },
  };
}
