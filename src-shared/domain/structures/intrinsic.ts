import type { Right } from '../market/instrument.ts';
import type { Price } from '../units.ts';

/** What exercise would bring, in dollars per share: call max(S - K, 0), put max(K - S, 0). */
export function intrinsicValue(right: Right, strike: Price, spot: Price): Price {
  return Math.max(right === 'call' ? spot - strike : strike - spot, 0);
}
