import { AreaSeries, createChart, type UTCTimestamp } from 'lightweight-charts';
import { useEffect, useRef } from 'react';
import { newYorkOffsetMs } from '#domain/market/newYorkClock';
import { type Instant, instant } from '#domain/units';
import { cash } from '../components/format/money.ts';
import { ChartCaption } from './ChartCaption.tsx';
import { chartColours, faded } from './colours.ts';
import { equityPoints } from './equityPoints.ts';
import { gridOf, layoutOf } from './frameOptions.ts';

interface EquityChartProps {
  readonly equity: readonly { readonly at: number; readonly equity: number }[];
  readonly theme: string;
}

function newYorkSeconds(at: number): UTCTimestamp {
  const checked: Instant = instant(Math.floor(at));
  return Math.floor((checked + newYorkOffsetMs(checked)) / 1000) as UTCTimestamp;
}

/** The account's equity over time, in New York time. */
export function EquityChart({ equity, theme }: EquityChartProps) {
  const container = useRef<HTMLDivElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the chart is made anew for the other theme's colours
  useEffect(() => {
    if (!container.current) return;
    const colours = chartColours();
    const chart = createChart(container.current, {
      autoSize: true,
      layout: layoutOf(colours),
      grid: gridOf(colours),
      rightPriceScale: { borderColor: colours.line },
      timeScale: { borderColor: colours.line, timeVisible: true, secondsVisible: false },
      localization: { priceFormatter: (dollars: number) => cash(dollars * 100, 0) },
    });
    const series = chart.addSeries(AreaSeries, {
      lineColor: colours.accent,
      topColor: faded(colours.accent, 0.26),
      bottomColor: faded(colours.accent, 0.02),
      lineWidth: 2,
      priceLineVisible: false,
    });
    series.setData(equityPoints(equity, newYorkSeconds).map(({ seconds, dollars }) => ({ time: seconds, value: dollars })));
    chart.timeScale().fitContent();
    return () => chart.remove();
  }, [equity, theme]);
  return (
    <figure className="chart">
      <div ref={container} className="chart-canvas equity-canvas" role="img" aria-label="Equity over time" />
      <ChartCaption>Equity, New York time</ChartCaption>
    </figure>
  );
}
