import type { GateResult } from '#domain/decisions/decision';
import { optionLegs } from '#domain/structures/anatomy';
import type { IsoDate } from '#domain/units';
import type { Exposure } from './book.ts';
import { atMost } from './gates.ts';
import type { OpenCase } from './openCase.ts';

/** How many positions there would be, in all and per sector, symbol and strategy. Working orders count as positions. */
export function concentrationGates(open: OpenCase): GateResult[] {
  const { request, book, limits, others } = open;
  const { underlying, strategyId, positionId, strategyLimits } = request;
  const sector = book.sectorOf(underlying);
  const countWith = (belongs: (exposure: Exposure) => boolean): number => {
    const ids = new Set(others.filter(belongs).map((exposure) => exposure.positionId));
    return ids.size + (positionId !== null && ids.has(positionId) ? 0 : 1);
  };
  const perStrategy = Math.min(limits.maxPositionsPerStrategy, strategyLimits?.maxPositions ?? Number.POSITIVE_INFINITY);
  return [
    atMost(
      'positions',
      countWith(() => true),
      limits.maxPositions,
      'positions',
    ),
    atMost(
      'sectorPositions',
      countWith((held) => held.sector === sector),
      limits.maxPositionsPerSector,
      'positions',
      sector,
    ),
    atMost(
      'symbolPositions',
      countWith((held) => held.underlying === underlying),
      limits.maxPositionsPerSymbol,
      'positions',
      underlying,
    ),
    ...expirationGates(open, countWith),
    atMost(
      'strategyPositions',
      countWith((held) => held.strategyId === strategyId),
      perStrategy,
      'positions',
      strategyId,
    ),
  ];
}

/** How many positions would end on each day on which this one has a leg that ends. */
function expirationGates(
  { request, limits }: OpenCase,
  countWith: (belongs: (exposure: Exposure) => boolean) => number,
): GateResult[] {
  return expirationsOf(request.legs).map((day) =>
    atMost(
      'expirationPositions',
      countWith((held) => expirationsOf(held.legs).includes(day)),
      limits.maxPositionsPerExpiration,
      'positions',
      day,
    ),
  );
}

/** The days on which legs expire, each once, nearest first. */
export function expirationsOf(legs: Exposure['legs']): IsoDate[] {
  return [...new Set(optionLegs(legs).map((leg) => leg.contract.expiration))].sort();
}
