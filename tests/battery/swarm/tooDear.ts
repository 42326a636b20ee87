import { parseOccSymbol } from '#domain/market/instrument';
import type { JournalFact } from '#ports/facts';
import { definedLossCents } from '#research/audit/exposure';
import type { SessionRecord } from './session.ts';

/** What was opened against the buying power that the broker had last told. */
export interface TooDear {
  readonly findings: readonly string[];
  /** Openings that were judged while the house asked a multiple of what it usually asks. */
  readonly judgedInShock: number;
}

/**
 * No order that opens may lose more than the buying power of the last account that reached the engine: least of all when the house
 * has just raised what it asks.
 */
export function openingsTooDear({ rows, watch, plan }: SessionRecord): TooDear {
  const shocks = plan.exchangeFaults.filter(({ kind }) => kind === 'buyingPowerShock');
  const findings: string[] = [];
  let judgedInShock = 0;
  for (const { at, fact } of rows) {
    if (fact.kind !== 'OrderIntended' || fact.request.purpose !== 'open') continue;
    const before = watch.looks.findLast((look) => look.at < at);
    const needed = neededAtLeast(fact);
    if (!before || needed === null) continue;
    if (shocks.some(({ from, until }) => before.at >= (from ?? 0) && at < (until ?? Infinity))) judgedInShock += 1;
    // One of the same moment may have come before the order or after it.
    const told = [before, ...watch.looks.filter((look) => look.at === at)].map((look) => look.optionsBuyingPower ?? 0);
    if (needed <= Math.max(...told)) continue;
    const { intentId, attempt } = fact.request;
    findings.push(`buying power: ${intentId}-${attempt} needs ${needed} cents, ${Math.max(...told)} were told`);
  }
  return { findings, judgedInShock };
}

type Intended = Extract<JournalFact, { kind: 'OrderIntended' }>;

/** What a structure of bounded loss, a bought option or a put that cash secures takes, in cents; null for other shapes. */
function neededAtLeast(fact: Intended): number | null {
  const { legs, contracts, netLimit, assetClass } = fact.request;
  const [leg] = legs;
  if (assetClass !== 'option' || !leg) return null;
  if (legs.length > 1) return definedLossCents(fact);
  const parts = parseOccSymbol(leg.symbol);
  if (leg.side === 'buy') return Math.round(-netLimit * 10_000) * contracts;
  return parts?.right === 'put' && fact.entry?.legs.length === 1
    ? Math.round((parts.strike - netLimit) * 10_000) * contracts
    : null;
}
