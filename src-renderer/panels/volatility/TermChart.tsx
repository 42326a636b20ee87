import { skewQuotes } from '#domain/volatility/deltaSmile';
import { Plot, pathOf } from '../../charts/Plot.tsx';
import { rangeOf } from '../../charts/scale.ts';
import { percent } from '../../components/format/money.ts';
import type { SurfaceSlice } from '../../stores/surfaceSlice.ts';

/** Days that a trader counts in. */
const MARKS = [7, 30, 90, 180, 365] as const;

/** At-the-money-forward volatility over the root of the days to expiration: near tenors get the room that they need. */
export function TermChart({ slices }: { slices: readonly SurfaceSlice[] }) {
  const points = slices.flatMap((slice) =>
    slice.fit
      ? [[Math.sqrt(slice.smile.years * 365), skewQuotes(slice.fit.raw, slice.smile.years).atTheMoney, slice] as const]
      : [],
  );
  const across = rangeOf(points.map(([root]) => root));
  const up = rangeOf(
    points.map(([, volatility]) => volatility),
    0.15,
  );
  if (!across || !up) return null;
  return (
    <Plot
      label="Term structure at the money"
      x={across}
      y={up}
      xTicks={MARKS.map(Math.sqrt)}
      xText={(root) => `${Math.round(root * root)} d`}
      yText={(value) => percent(value, 0)}
    >
      {(x, y) => (
        <>
          <path
            className="plot-curve"
            d={pathOf(
              points.map(([root, volatility]) => [root, volatility] as const),
              x,
              y,
            )}
          />
          {points.map(([root, volatility, slice]) => (
            <circle key={slice.expiration} className="plot-point" cx={x.at(root)} cy={y.at(volatility)} r={3}>
              <title>{`${slice.daysToExpiration} d: ${percent(volatility, 2)}`}</title>
            </circle>
          ))}
        </>
      )}
    </Plot>
  );
}
