import { useMemo } from 'react';
import { volatilityCone } from '#domain/volatility/cone';
import type { TenorVolatility } from '#domain/volatility/termStructure';
import { Plot, pathOf } from '../../charts/Plot.tsx';
import { rangeOf } from '../../charts/scale.ts';
import { percent } from '../../components/format/money.ts';
import type { Past } from './usePast.ts';

/** Window lengths of the cone, in trading days. */
const WINDOWS = [10, 20, 30, 60, 90, 120] as const;
const MARKS = [10, 30, 60, 90, 120] as const;
const TRADING_PER_CALENDAR = 252 / 365;

/** How widely realised volatility has ranged by window length, where it is now, and what options imply for as long ahead. */
export function Cone({ past, tenors }: { past: Past | null; tenors: readonly TenorVolatility[] }) {
  const rows = useMemo(() => (past ? volatilityCone(past.bars, WINDOWS) : []), [past]);
  const across = rangeOf(
    rows.map((row) => row.window),
    0,
  );
  const implied = tenors
    .map(({ years, volatility }) => [years * 365 * TRADING_PER_CALENDAR, volatility] as const)
    .filter(([days]) => across !== null && days >= across[0] && days <= across[1]);
  const up = rangeOf([...rows.flatMap((row) => [row.minimum, row.maximum]), ...implied.map(([, volatility]) => volatility)]);
  if (past === null) return <p className="faint">Asking for daily bars …</p>;
  if (!across || !up) return <p className="faint">Too few daily bars for a cone: {past.bars.close.length}.</p>;
  const line = (of: (row: (typeof rows)[number]) => number) => rows.map((row) => [row.window, of(row)] as const);
  return (
    <Plot
      label="Volatility cone"
      x={across}
      y={up}
      xTicks={MARKS}
      xText={(days) => `${Math.round(days)} d`}
      yText={(value) => percent(value, 0)}
      note="band: half of the past · amber: implied"
    >
      {(x, y) => {
        const curve = (className: string, points: readonly (readonly [number, number])[], title: string) => (
          <path className={className} d={pathOf(points, x, y)}>
            <title>{title}</title>
          </path>
        );
        const upper = line((row) => row.upperQuartile);
        const lower = line((row) => row.lowerQuartile);
        return (
          <>
            <path className="plot-band" d={`${pathOf([...upper, ...[...lower].reverse()], x, y)}Z`} />
            {curve(
              'plot-curve plot-curve-soft',
              line((row) => row.maximum),
              'highest realised',
            )}
            {curve(
              'plot-curve plot-curve-soft',
              line((row) => row.minimum),
              'lowest realised',
            )}
            {curve(
              'plot-curve',
              line((row) => row.current),
              'realised now',
            )}
            {curve('plot-curve plot-curve-warn', implied, 'implied by the options')}
          </>
        );
      }}
    </Plot>
  );
}
