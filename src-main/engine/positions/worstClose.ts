import type { Leg } from '#domain/structures/leg';
import type { Price } from '#domain/units';
import { mostItCanBeWorth } from '../risk/closeGates.ts';

/**
 * The worst signed net price (- debit, dollars per share) at which closing with these legs still makes sense: what they can be
 * worth at most. Null when that has no bound.
 */
export function worstClosePrice(legs: readonly Leg[]): Price | null {
  const most = mostItCanBeWorth(legs);
  return most === null ? null : 0 - most;
}
