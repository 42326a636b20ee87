import { Plot, pathOf } from '../../charts/Plot.tsx';
import { rangeOf } from '../../charts/scale.ts';
import { strikeText } from '../../components/format/contracts.ts';
import type { ConePoint } from './analysis.ts';

/** One and two standard deviations of the price until the first expiration, with the breakevens across. */
export function ConeChart({ cone, breakevens }: { cone: readonly ConePoint[]; breakevens: readonly number[] }) {
  const last = cone.at(-1);
  const up = rangeOf([...cone.flatMap((point) => [point.low95, point.high95]), ...breakevens]);
  if (!last || !up || last.days === 0) return <p className="faint">It expires today.</p>;
  const line = (of: (point: ConePoint) => number) => cone.map((point) => [point.days, of(point)] as const);
  return (
    <Plot
      label="Probability cone of the price"
      x={[0, last.days]}
      y={up}
      xText={(days) => `${Math.round(days)} d`}
      yText={strikeText}
    >
      {(x, y) => (
        <>
          <path className="plot-band" d={`${pathOf([...line((p) => p.high95), ...line((p) => p.low95).reverse()], x, y)}Z`} />
          <path className="plot-band" d={`${pathOf([...line((p) => p.high68), ...line((p) => p.low68).reverse()], x, y)}Z`} />
          {breakevens.map((price) => (
            <g key={price}>
              <line className="plot-mark" x1={x.at(0)} x2={x.at(last.days)} y1={y.at(price)} y2={y.at(price)} />
              <text className="plot-note" x={x.at(0) + 4} y={y.at(price) - 4}>
                breakeven {strikeText(price)}
              </text>
            </g>
          ))}
        </>
      )}
    </Plot>
  );
}
