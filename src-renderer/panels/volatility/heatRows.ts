import { deltaSmile } from '#domain/volatility/deltaSmile';
import type { SurfaceSlice } from '../../stores/surfaceSlice.ts';

/** One tenor of the surface in delta space. */
export interface HeatRow {
  readonly expiration: string;
  readonly daysToExpiration: number;
  readonly volatilities: readonly number[];
}

const DELTAS = [0.05, 0.1, 0.25, 0.4] as const;

export const HEAT_TITLES: readonly string[] = [
  ...DELTAS.map((delta) => `${Math.round(delta * 100)}P`),
  'ATM',
  ...[...DELTAS].reverse().map((delta) => `${Math.round(delta * 100)}C`),
];

/** Fitted volatility by delta (puts, at the money, calls) and tenor; slices without a fit are left out. */
export function heatRows(slices: readonly SurfaceSlice[]): readonly HeatRow[] {
  return slices.flatMap(({ fit, smile, expiration, daysToExpiration }) =>
    fit
      ? [
          {
            expiration,
            daysToExpiration,
            volatilities: deltaSmile(fit.raw, smile.years, DELTAS).map((point) => point.volatility),
          },
        ]
      : [],
  );
}

/** Place of a volatility between the lowest (0) and the highest (1) of the map. */
export function warmth(value: number, rows: readonly HeatRow[]): number {
  const all = rows.flatMap((row) => row.volatilities);
  const low = Math.min(...all);
  const high = Math.max(...all);
  return high > low ? (value - low) / (high - low) : 0.5;
}
