import { type SideColumns, sideOf } from '#domain/market/chain';
import type { Leg } from '#domain/structures/leg';
import type { Price } from '#domain/units';
import type { ExpirationView, OwnGreeks, Proposal } from '#ports/strategy';
import { indexNear } from './forward.ts';

/** A leg with its place in the snapshot that it was proposed from; shares have none. */
export interface PlacedLeg {
  readonly leg: Leg;
  readonly side: SideColumns | null;
  readonly greeks: OwnGreeks | null;
  readonly index: number;
  /** Signed ratio per unit; shares divided by the structure's multiplier. */
  readonly weight: number;
}

/** Finds the legs of a proposal in its own expiration; index -1 when a leg is not in that snapshot. */
export function placedLegsOf({ legs, expiration }: Proposal): PlacedLeg[] {
  const { multiplier } = expiration.slice;
  return legs.map((leg) => {
    if (leg.kind === 'stock') return { leg, side: null, greeks: null, index: 0, weight: leg.shares / multiplier };
    return { leg, weight: leg.ratio, ...placeOf(leg.contract.strike, leg.contract.right, leg.contract.symbol, expiration) };
  });
}

function placeOf(
  strike: Price,
  right: 'call' | 'put',
  symbol: string,
  expiration: ExpirationView,
): Pick<PlacedLeg, 'side' | 'greeks' | 'index'> {
  const side = sideOf(expiration.slice, right);
  const greeks = right === 'call' ? expiration.calls : expiration.puts;
  const index = indexNear(expiration.slice.strikes, strike);
  return { side, greeks, index: side.symbols[index] === symbol ? index : -1 };
}
