import type { GateResult } from '#domain/decisions/decision';
import type { Exposure } from './book.ts';
import { atMost } from './gates.ts';
import type { OpenCase } from './openCase.ts';

/** How many positions there would be, in all and per sector, symbol and strategy. Working orders count as positions. */
export function concentrationGates({ request, book, limits, others }: OpenCase): GateResult[] {
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
    atMost(
      'strategyPositions',
      countWith((held) => held.strategyId === strategyId),
      perStrategy,
      'positions',
      strategyId,
    ),
  ];
}
