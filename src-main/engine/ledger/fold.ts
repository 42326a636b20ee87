import type { Decision } from '#domain/decisions/decision';
import type { Instant } from '#domain/units';
import type { JournalFact } from '#ports/facts';

type RefusalsRepeated = Extract<JournalFact, { kind: 'RefusalsRepeated' }>;

/** How many distinct refusals are remembered and how often repeats are told. */
export interface FoldSettings {
  /** Distinct refusals kept; the one seen longest ago is forgotten first. */
  readonly capacity: number;
  /** Least market time between two `RefusalsRepeated` facts, ms. */
  readonly tellEveryMs: number;
}

const FOLD_DEFAULTS: FoldSettings = { capacity: 20_000, tellEveryMs: 30 * 60_000 };

interface Folded {
  readonly decisionId: string;
  /** Repeats not told yet. */
  untold: number;
  lastAt: Instant;
}

/** Remembers refusals so that the same one again (same strategy, legs and reasons) is counted, not written again. */
export interface RefusalFold {
  /**
   * True when this refusal is new and its decision must be journalled under `decisionId()`; false when it was counted as a
   * repeat. The identifier is only drawn for a new one.
   */
  note(key: string, at: Instant, decisionId: () => string): boolean;
  /** The first decision of a refusal, or null when it is not remembered. */
  firstOf(key: string): string | null;
  /** Repeats since the last fact, when it is time (or `force`, at the close of the day); null when there is nothing to tell. */
  tell(at: Instant, force: boolean): RefusalsRepeated | null;
  readonly size: number;
}

/** The key under which equal refusals fold: strategy, signed legs and the reasons in their order. */
export function refusalKey(
  strategyId: string,
  legs: readonly { readonly symbol: string; readonly ratio: number }[],
  reasons: readonly string[],
): string {
  let key = strategyId;
  for (const leg of legs) key += `|${leg.ratio}${leg.symbol}`;
  for (const reason of reasons) key += `!${reason}`;
  return key;
}

/** The key of a decision as it was journalled. */
export function refusalKeyOf(decision: Pick<Decision, 'strategyId' | 'legs' | 'reasons'>): string {
  return refusalKey(decision.strategyId, decision.legs, decision.reasons);
}

/** An empty fold. Its memory is bounded by `capacity`; forgetting only means that a refusal is journalled once more. */
export function createRefusalFold(settings: FoldSettings = FOLD_DEFAULTS): RefusalFold {
  const known = new Map<string, Folded>();
  const pending = new Set<Folded>();
  let toldAt: Instant | null = null;
  return {
    note(key, at, decisionId) {
      const folded = known.get(key);
      if (folded) {
        folded.untold += 1;
        folded.lastAt = at;
        pending.add(folded);
        return false;
      }
      if (known.size >= settings.capacity) forgetOldest(known);
      known.set(key, { decisionId: decisionId(), untold: 0, lastAt: at });
      return true;
    },
    firstOf: (key) => known.get(key)?.decisionId ?? null,
    tell(at, force) {
      toldAt ??= at;
      if (!force && at - toldAt < settings.tellEveryMs) return null;
      toldAt = at;
      if (pending.size === 0) return null;
      const repeats = [...pending].map(({ decisionId, untold, lastAt }) => ({ decisionId, count: untold, lastAt }));
      for (const folded of pending) folded.untold = 0;
      pending.clear();
      return { kind: 'RefusalsRepeated', repeats };
    },
    get size() {
      return known.size;
    },
  };
}

/** Forgets a tenth of the memory, those seen longest ago first; repeats not told yet are kept until they are. */
function forgetOldest(known: Map<string, Folded>): void {
  const byAge = [...known].sort(([, a], [, b]) => a.lastAt - b.lastAt);
  for (const [key] of byAge.slice(0, Math.max(1, Math.ceil(known.size / 10)))) known.delete(key);
}
