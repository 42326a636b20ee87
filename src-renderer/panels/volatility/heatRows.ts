import { deltaSmile } from '#domain/volatility/deltaSmile';
import { sviVolatility } from '#domain/volatility/svi';
import { strikeText } from '../../components/format/contracts.ts';
import type { SurfaceSlice } from '../../stores/surfaceSlice.ts';

/** What the surface is laid out by. */
export type HeatAxis = 'delta' | 'strike';

/** One tenor of the surface; null where nothing is quoted. */
export interface HeatRow {
  readonly expiration: string;
  readonly daysToExpiration: number;
  readonly volatilities: readonly (number | null)[];
}

export interface HeatGrid {
  readonly titles: readonly string[];
  readonly rows: readonly HeatRow[];
}

const DELTAS = [0.05, 0.1, 0.25, 0.4] as const;

const DELTA_TITLES: readonly string[] = [
  ...DELTAS.map((delta) => `${Math.round(delta * 100)}P`),
  'ATM',
  ...[...DELTAS].reverse().map((delta) => `${Math.round(delta * 100)}C`),
];

/** Distances from the spot at which the surface is cut by strike. */
const MOVES = [-0.15, -0.1, -0.06, -0.03, 0, 0.03, 0.06, 0.1, 0.15] as const;

/** Fitted volatility by delta (puts, at the money, calls) or strike, and tenor; slices without a fit are left out. */
export function heatGrid(slices: readonly SurfaceSlice[], axis: HeatAxis, spot: number | null): HeatGrid {
  return axis === 'strike' && spot !== null ? byStrike(slices, spot) : byDelta(slices);
}

function byDelta(slices: readonly SurfaceSlice[]): HeatGrid {
  const rows = slices.flatMap(({ fit, smile, expiration, daysToExpiration }) =>
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
  return { titles: DELTA_TITLES, rows };
}

/** Strikes a round distance apart; a strike beyond what is quoted at a tenor is left empty, not extrapolated. */
function byStrike(slices: readonly SurfaceSlice[], spot: number): HeatGrid {
  const step = spot >= 200 ? 5 : spot >= 50 ? 1 : 0.5;
  const strikes = MOVES.map((move) => Math.round((spot * (1 + move)) / step) * step);
  const rows = slices.flatMap(({ fit, smile, expiration, daysToExpiration }) => {
    const [low, high] = [smile.strikes[0], smile.strikes.at(-1)];
    if (!fit || low === undefined || high === undefined) return [];
    const at = (strike: number) =>
      strike >= low && strike <= high ? sviVolatility(fit.raw, Math.log(strike / smile.forward), smile.years) : null;
    return [{ expiration, daysToExpiration, volatilities: strikes.map(at) }];
  });
  return { titles: strikes.map(strikeText), rows };
}

/** Place of a volatility between the lowest (0) and the highest (1) of the map, in logarithms: one hot day does not pale the rest. */
export function warmth(value: number, rows: readonly HeatRow[]): number {
  const all = rows.flatMap((row) => row.volatilities).filter((volatility) => volatility !== null && volatility > 0);
  const low = Math.log(Math.min(...all.map(Number)));
  const high = Math.log(Math.max(...all.map(Number)));
  return high > low ? (Math.log(value) - low) / (high - low) : 0.5;
}
