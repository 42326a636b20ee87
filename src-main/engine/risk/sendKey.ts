import type { Leg } from '#domain/structures/leg';

/** Key of an order for the duplicate check: its legs with their signed ratios, in a fixed order, and what it is for. Size does not matter. */
export function sendKeyOf(legs: readonly Leg[], purpose: 'open' | 'close'): string {
  const parts = legs.map((leg) =>
    leg.kind === 'stock' ? `${leg.underlying}:${leg.shares}` : `${leg.contract.symbol}:${leg.ratio}`,
  );
  return `${purpose}|${parts.sort().join('|')}`;
}
