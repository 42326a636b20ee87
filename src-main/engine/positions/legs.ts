import type { Position, PositionLeg } from '#domain/portfolio/position';
import type { Leg } from '#domain/structures/leg';
import type { IsoDate } from '#domain/units';

/** Earliest expiration of the option legs; null for shares alone. */
export function nearestExpiration(legs: readonly PositionLeg[]): IsoDate | null {
  const dates = legs.flatMap((leg) => (leg.contract ? [leg.contract.expiration] : [])).sort();
  return dates[0] ?? null;
}

/** The legs as held in all (ratio = signed contracts, shares = signed shares). */
export function heldLegs(position: Position): Leg[] {
  return position.legs.map((leg) =>
    leg.contract
      ? { kind: 'option', contract: leg.contract, ratio: leg.quantity }
      : { kind: 'stock', underlying: leg.symbol, shares: leg.quantity },
  );
}

/** Short option legs. */
export function shortLegs(position: Position): PositionLeg[] {
  return position.legs.filter((leg) => leg.contract !== null && leg.quantity < 0);
}

/** The legs that undo `units` of a position, as an order has them; leftovers beyond whole units go with the last one. */
export function undoing(position: Position, units: number): Leg[] {
  const all = units >= position.units;
  return position.legs.flatMap((leg): Leg[] => {
    const quantity = all
      ? leg.quantity
      : Math.sign(leg.quantity) * Math.min(Math.abs(leg.quantity), Math.round(Math.abs(leg.ratio) * units));
    if (quantity === 0) return [];
    return [
      leg.contract
        ? { kind: 'option', contract: leg.contract, ratio: -quantity }
        : { kind: 'stock', underlying: leg.symbol, shares: -quantity },
    ];
  });
}
