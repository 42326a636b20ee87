import type { GateResult } from '#domain/decisions/decision';
import { multiplierOf } from '#domain/structures/anatomy';
import type { Price } from '#domain/units';
import { atMost } from './gates.ts';
import type { OpenCase } from './openCase.ts';

/** Beside its fraction, so that options of a few cents are not refused for their ticks. */
const LEAST_ROOM_DOLLARS = 0.1;

/**
 * The limit against our own theoretical price of the whole structure: quotes that agree with each other and are wrong together
 * stand out. Where one leg has no theory there is nothing to compare, and that is said.
 */
export function theoryGate(open: OpenCase): GateResult {
  const { request, limits, quote } = open;
  const theory = theoryOf(open);
  if (theory === null || quote === null)
    return { gate: 'theory', passed: true, value: null, limit: null, unit: 'dollars', note: 'no theoretical price' };
  const room = limits.theoryCollarFraction * theory.premiums + quote.width + LEAST_ROOM_DOLLARS;
  const away = Math.abs(request.netLimit - theory.net);
  return atMost('theory', rounded(away), rounded(room), 'dollars', `theoretical price ${theory.net.toFixed(2)}`);
}

/** Net price of one unit per share, + credit, shares at their mid; and what its options cost together, bought or sold. */
function theoryOf({ request, book, spot }: OpenCase): { readonly net: Price; readonly premiums: Price } | null {
  const multiplier = multiplierOf(request.legs);
  let net = 0;
  let premiums = 0;
  for (const leg of request.legs) {
    const price = leg.kind === 'stock' ? spot : book.theoryOf(leg.contract);
    if (price === null) return null;
    net -= price * (leg.kind === 'stock' ? leg.shares / multiplier : leg.ratio);
    if (leg.kind === 'option') premiums += price * Math.abs(leg.ratio);
  }
  return { net, premiums };
}

/** Distances of prices to a hundredth of a cent, so that sums of cents compare as cents. */
function rounded(dollars: number): number {
  return Math.round(dollars * 1e4) / 1e4;
}
