import { sviVolatility } from '#domain/volatility/svi';
import { Plot, pathOf } from '../../charts/Plot.tsx';
import { rangeOf, type Scale } from '../../charts/scale.ts';
import { strikeText } from '../../components/format/contracts.ts';
import { decimal, percent, signedPercent } from '../../components/format/money.ts';
import { Empty } from '../../components/Notices.tsx';
import type { SurfaceSlice } from '../../stores/surfaceSlice.ts';

const CURVE_POINTS = 160;
const MARGIN = 0.03;

/** Bid-to-ask bars in volatility over the strikes, the fitted SVI curve through them, and a ring around what it cannot explain. */
export function SmileChart({ slice }: { slice: SurfaceSlice }) {
  const { smile, fit, spot } = slice;
  const strikes = Array.from(smile.strikes);
  const across = rangeOf(strikes, MARGIN);
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
  const odd = new Set(slice.mispriced.map(({ strike }) => strike));
  return (
    <Plot
      label={`Smile of ${slice.expiration}`}
      x={across}
      y={up}
      xText={strikeText}
      yText={(value) => percent(value)}
      note={`bars: bid to ask · line: fitted SVI${odd.size > 0 ? ' · ring: outside the band' : ''}`}
    >
      {(x, y) => (
        <>
          <Level x={x} y={y} up={up} at={smile.forward} label={`forward ${decimal(smile.forward)}`} low />
          {spot === null ? null : <Level x={x} y={y} up={up} at={spot} label={`spot ${decimal(spot)}`} low={false} />}
          {strikes.map((strike, index) => {
            const bid = smile.bidVolatility[index] || smile.midVolatility[index] || 0;
            const ask = smile.askVolatility[index] ?? bid;
            const side = smile.isCall[index] === 1 ? 'call' : 'put';
            const bar = (from: number, to: number, fromVol: number, toVol: number) => (
              <line className={`plot-quote plot-quote-${side}`} x1={from} x2={to} y1={y.at(fromVol)} y2={y.at(toVol)} />
            );
            const at = x.at(strike);
            return (
              <g key={strike} className="plot-target">
                <title>
                  {`${strikeText(strike)} ${side}: ${percent(bid, 2)} to ${percent(ask, 2)}${fit ? `, fit ${signedPercent(fit.residuals[index] ?? 0, 2)} off the mid` : ''}`}
                </title>
                <rect x={at - 4} y={y.at(ask) - 6} width={8} height={y.at(bid) - y.at(ask) + 12} fill="transparent" />
                {bar(at, at, bid, ask)}
                {bar(at - 2, at + 2, bid, bid)}
                {bar(at - 2, at + 2, ask, ask)}
              </g>
            );
          })}
          <path className="plot-curve" d={pathOf(curve, x, y)} />
          {slice.mispriced.map((each) => (
            <circle
              key={each.strike}
              className="plot-odd"
              cx={x.at(each.strike)}
              cy={y.at((each.bidVolatility + each.askVolatility) / 2)}
              r={7}
            />
          ))}
        </>
      )}
    </Plot>
  );
}

/** A dashed vertical with its word at the foot of the plot, on either side of it. */
function Level(props: { x: Scale; y: Scale; up: readonly [number, number]; at: number; label: string; low: boolean }) {
  const { x, y, up, at, label, low } = props;
  if (at < x.from || at > x.to) return null;
  return (
    <g>
      <line
        className={low ? 'plot-mark' : 'plot-mark plot-mark-spot'}
        x1={x.at(at)}
        x2={x.at(at)}
        y1={y.at(up[1])}
        y2={y.at(up[0])}
      />
      <text className="plot-note" x={x.at(at) + (low ? 5 : -5)} y={y.at(up[0]) - 6} textAnchor={low ? 'start' : 'end'}>
        {label}
      </text>
    </g>
  );
}

/** How far the fit lies from each mid, in volatility points, over the half-width of each quote. */
export function ResidualChart({ slice }: { slice: SurfaceSlice }) {
  const { smile, fit } = slice;
  const strikes = Array.from(smile.strikes);
  const across = rangeOf(strikes, MARGIN);
  const halves = strikes.map((_, index) => ((smile.askVolatility[index] ?? 0) - (smile.bidVolatility[index] ?? 0)) / 2);
  const typical = [...halves].sort((left, right) => left - right)[Math.floor(halves.length * 0.9)] ?? 0;
  const up = rangeOf([...(fit?.residuals ?? []), typical, -typical], 0.1);
  if (!fit || !across || !up) return null;
  const within = (value: number) => Math.min(Math.max(value, up[0]), up[1]);
  const edge = (sign: 1 | -1) => strikes.map((strike, index) => [strike, within(sign * (halves[index] ?? 0))] as const);
  return (
    <Plot
      label="Fit less mid"
      x={across}
      y={up}
      xText={strikeText}
      yText={(value) => signedPercent(value, 2)}
      note="fit less mid · shaded: within the quote"
    >
      {(x, y) => (
        <>
          <path className="plot-band" d={`${pathOf([...edge(1), ...edge(-1).reverse()], x, y)}Z`} />
          <line className="plot-zero" x1={x.at(across[0])} x2={x.at(across[1])} y1={y.at(0)} y2={y.at(0)} />
          {strikes.map((strike, index) => (
            <line
              key={strike}
              className="plot-quote"
              x1={x.at(strike)}
              x2={x.at(strike)}
              y1={y.at(0)}
              y2={y.at(fit.residuals[index] ?? 0)}
            />
          ))}
        </>
      )}
    </Plot>
  );
}
