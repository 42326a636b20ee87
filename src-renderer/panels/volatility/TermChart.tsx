import { skewQuotes } from '#domain/volatility/deltaSmile';
import { Plot, pathOf } from '../../charts/Plot.tsx';
import { rangeOf } from '../../charts/scale.ts';
import { percent } from '../../components/format/money.ts';
import type { SurfaceSlice } from '../../stores/surfaceSlice.ts';

/** At-the-money-forward volatility over the days to expiration. */
export function TermChart({ slices }: { slices: readonly SurfaceSlice[] }) {
  const points = slices.flatMap((slice) =>
    slice.fit ? [[slice.daysToExpiration, skewQuotes(slice.fit.raw, slice.smile.years).atTheMoney] as const] : [],
  );
  const across = rangeOf(points.map(([days]) => days));
  const up = rangeOf(
    points.map(([, volatility]) => volatility),
    0.25,
  );
  if (!across || !up) return null;
  return (
    <Plot
      label="Term structure at the money"
      x={across}
      y={up}
      xText={(days) => `${Math.round(days)} d`}
      yText={(value) => percent(value)}
    >
      {(x, y) => (
        <>
          <path className="plot-curve" d={pathOf(points, x, y)} />
          {points.map(([days, volatility]) => (
            <circle key={days} className="plot-point" cx={x.at(days)} cy={y.at(volatility)} r={3}>
              <title>{`${days} d: ${percent(volatility, 2)}`}</title>
            </circle>
          ))}
        </>
      )}
    </Plot>
  );
}
