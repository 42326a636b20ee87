import { useEffect, useMemo, useState } from 'react';
import type { OutputOf } from '#contract/contract';
import { volatilityCone } from '#domain/volatility/cone';
import { Plot, pathOf } from '../../charts/Plot.tsx';
import { rangeOf } from '../../charts/scale.ts';
import { percent } from '../../components/format/money.ts';
import { desk, settled } from '../../connection/current.ts';

type Bars = OutputOf<'chain.bars'>;

/** Window lengths of the cone, in trading days. */
const WINDOWS = [10, 20, 30, 60, 90, 120] as const;

function useBars(underlying: string): Bars | null {
  const [bars, setBars] = useState<Bars | null>(null);
  useEffect(() => {
    let current = true;
    setBars(null);
    void settled(desk.query('chain.bars', { underlying })).then((result) => {
      if (current) setBars(result.ok ? result.answer : []);
    });
    return () => {
      current = false;
    };
  }, [underlying]);
  return bars;
}

/** How widely realised volatility has ranged by window length, where it is now, and what options imply for a month. */
export function Cone({ underlying, implied }: { underlying: string; implied: number | null }) {
  const bars = useBars(underlying);
  const rows = useMemo(() => {
    if (!bars) return [];
    const column = (of: (bar: Bars[number]) => number) => Float64Array.from(bars, of);
    return volatilityCone(
      {
        open: column((bar) => bar.open),
        high: column((bar) => bar.high),
        low: column((bar) => bar.low),
        close: column((bar) => bar.close),
      },
      WINDOWS,
    );
  }, [bars]);
  const across = rangeOf(rows.map((row) => row.window));
  const up = rangeOf([...rows.flatMap((row) => [row.minimum, row.maximum]), ...(implied === null ? [] : [implied])]);
  if (bars === null) return <p className="faint">Asking for daily bars …</p>;
  if (!across || !up) return <p className="faint">Too few daily bars for a cone: {bars.length}.</p>;
  const line = (of: (row: (typeof rows)[number]) => number) => rows.map((row) => [row.window, of(row)] as const);
  return (
    <Plot
      label="Volatility cone"
      x={across}
      y={up}
      xText={(days) => `${Math.round(days)} d`}
      yText={(value) => percent(value, 0)}
    >
      {(x, y) => {
        const upper = line((row) => row.upperQuartile);
        const lower = line((row) => row.lowerQuartile);
        return (
          <>
            <path className="plot-band" d={`${pathOf([...upper, ...[...lower].reverse()], x, y)}Z`} />
            <path
              className="plot-curve plot-curve-soft"
              d={pathOf(
                line((row) => row.maximum),
                x,
                y,
              )}
            />
            <path
              className="plot-curve plot-curve-soft"
              d={pathOf(
                line((row) => row.minimum),
                x,
                y,
              )}
            />
            <path
              className="plot-curve"
              d={pathOf(
                line((row) => row.current),
                x,
                y,
              )}
            />
            {implied === null ? null : (
              <g>
                <line className="plot-mark" x1={x.at(across[0])} x2={x.at(across[1])} y1={y.at(implied)} y2={y.at(implied)} />
                <text className="plot-note" x={x.at(across[1])} y={y.at(implied) - 4} textAnchor="end">
                  implied {percent(implied)}
                </text>
              </g>
            )}
          </>
        );
      }}
    </Plot>
  );
}
