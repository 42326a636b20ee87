import { sviVolatility } from '#domain/volatility/svi';
import { Plot, pathOf } from '../../charts/Plot.tsx';
import { rangeOf } from '../../charts/scale.ts';
import { strikeText } from '../../components/format/contracts.ts';
import { percent, signedPercent } from '../../components/format/money.ts';
import { Empty } from '../../components/Notices.tsx';
import type { SurfaceSlice } from '../../stores/surfaceSlice.ts';

const CURVE_POINTS = 120;

/** Bid-to-ask bars in volatility over the strikes, the fitted SVI curve through them, and a ring around what it cannot explain. */
export function SmileChart({ slice, spot }: { slice: SurfaceSlice; spot: number | null }) {
  const { smile, fit } = slice;
  const strikes = Array.from(smile.strikes);
  const across = rangeOf(strikes, 0.03);
  const up = rangeOf(
    [...smile.bidVolatility, ...smile.askVolatility].filter((volatility) => volatility > 0),
    0.08,
  );
  if (!across || !up) return <Empty title="No smile">This expiration has no two-sided quotes worth fitting.</Empty>;
  const curve = fit
    ? Array.from({ length: CURVE_POINTS }, (_, index) => {
        const strike = across[0] + ((across[1] - across[0]) * index) / (CURVE_POINTS - 1);
        return [strike, sviVolatility(fit.raw, Math.log(strike / smile.forward), smile.years)] as const;
      }).filter(([, volatility]) => volatility >= up[0] && volatility <= up[1])
    : [];
  return (
    <Plot label={`Smile of ${slice.expiration}`} x={across} y={up} xText={strikeText} yText={(value) => percent(value)}>
      {(x, y) => (
        <>
          {strikes.map((strike, index) => {
            const bid = smile.bidVolatility[index] || smile.midVolatility[index] || 0;
            const ask = smile.askVolatility[index] ?? bid;
            const side = smile.isCall[index] === 1 ? 'call' : 'put';
            return (
              <g key={strike}>
                <title>
                  {`${strikeText(strike)} ${side}: ${percent(bid)} to ${percent(ask)}${fit ? `, fit ${signedPercent(fit.residuals[index] ?? 0, 2)} off the mid` : ''}`}
                </title>
                <line
                  className={`plot-quote plot-quote-${side}`}
                  x1={x.at(strike)}
                  x2={x.at(strike)}
                  y1={y.at(bid)}
                  y2={y.at(ask)}
                />
                <line
                  className={`plot-quote plot-quote-${side}`}
                  x1={x.at(strike) - 2}
                  x2={x.at(strike) + 2}
                  y1={y.at(bid)}
                  y2={y.at(bid)}
                />
                <line
                  className={`plot-quote plot-quote-${side}`}
                  x1={x.at(strike) - 2}
                  x2={x.at(strike) + 2}
                  y1={y.at(ask)}
                  y2={y.at(ask)}
                />
              </g>
            );
          })}
          <path className="plot-curve" d={pathOf(curve, x, y)} />
          {slice.mispriced.map((odd) => (
            <circle
              key={odd.strike}
              className="plot-odd"
              cx={x.at(odd.strike)}
              cy={y.at((odd.bidVolatility + odd.askVolatility) / 2)}
              r={7}
            />
          ))}
          {spot === null ? null : (
            <line className="plot-mark plot-mark-spot" x1={x.at(spot)} x2={x.at(spot)} y1={y.at(up[1])} y2={y.at(up[0])} />
          )}
        </>
      )}
    </Plot>
  );
}

/** How far the fit lies from each mid, in volatility points, against the half-width of the quote. */
export function ResidualChart({ slice }: { slice: SurfaceSlice }) {
  const { smile, fit } = slice;
  const strikes = Array.from(smile.strikes);
  const across = rangeOf(strikes, 0.03);
  const up = rangeOf([...(fit?.residuals ?? []), 0], 0.2);
  if (!fit || !across || !up) return null;
  return (
    <Plot label="Fit less mid" x={across} y={up} xText={strikeText} yText={(value) => signedPercent(value, 2)}>
      {(x, y) =>
        strikes.map((strike, index) => (
          <line
            key={strike}
            className="plot-quote"
            x1={x.at(strike)}
            x2={x.at(strike)}
            y1={y.at(0)}
            y2={y.at(fit.residuals[index] ?? 0)}
          />
        ))
      }
    </Plot>
  );
}
