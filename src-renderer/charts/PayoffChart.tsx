import { BaselineSeries, createOptionsChart, LineSeries, LineStyle } from 'lightweight-charts';
import { useEffect, useRef } from 'react';
import { strikeText } from '../components/format/contracts.ts';
import { cash, decimal } from '../components/format/money.ts';
import { ChartCaption } from './ChartCaption.tsx';
import { chartColours, faded } from './colours.ts';
import { gridOf, layoutOf } from './frameOptions.ts';
import { type VerticalLine, VerticalLines } from './verticalLines.ts';

/** Profit in cents over the horizontal axis, in rising order of it. */
export type PayoffPoints = readonly { readonly at: number; readonly cents: number }[];

interface PayoffChartProps {
  readonly expiration: PayoffPoints;
  /** Now, or in the world as bent. */
  readonly now: PayoffPoints;
  /** Days in between, faint; their names stand in the caption. */
  readonly between?: readonly { readonly label: string; readonly points: PayoffPoints }[];
  readonly breakevens: readonly number[];
  readonly spot: number | null;
  /** What the horizontal axis counts in: prices of the underlying, or the move of several of them in per cent. */
  readonly unit?: 'price' | 'move';
  /** Redraws in the other colours when it changes. */
  readonly theme: string;
}

/** Most curves between now and expiration. */
const MOST_BETWEEN = 2;
const NOTHING: NonNullable<PayoffChartProps['between']> = [];

function makeChart(container: HTMLElement) {
  const colours = chartColours();
  const chart = createOptionsChart(container, {
    autoSize: true,
    layout: layoutOf(colours),
    grid: gridOf(colours),
    rightPriceScale: { borderColor: colours.line, scaleMargins: { top: 0.18, bottom: 0.08 } },
    timeScale: { borderColor: colours.line, rightOffset: 0, fixLeftEdge: true, fixRightEdge: true },
    localization: { precision: 0, priceFormatter: (dollars: number) => cash(dollars * 100, 0) },
    handleScroll: false,
    handleScale: false,
  });
  const expiration = chart.addSeries(BaselineSeries, {
    baseValue: { type: 'price', price: 0 },
    topLineColor: colours.gain,
    topFillColor1: faded(colours.gain, 0.22),
    topFillColor2: faded(colours.gain, 0.04),
    bottomLineColor: colours.loss,
    bottomFillColor1: faded(colours.loss, 0.04),
    bottomFillColor2: faded(colours.loss, 0.22),
    lineWidth: 2,
    priceLineVisible: false,
    lastValueVisible: false,
  });
  const now = chart.addSeries(LineSeries, {
    color: colours.accent,
    lineWidth: 2,
    lineStyle: LineStyle.Dashed,
    priceLineVisible: false,
    lastValueVisible: false,
    crosshairMarkerVisible: false,
  });
  const between = Array.from({ length: MOST_BETWEEN }, () =>
    chart.addSeries(LineSeries, {
      color: faded(colours.accent, 0.8),
      lineWidth: 1,
      lineStyle: LineStyle.Dotted,
      priceLineVisible: false,
      lastValueVisible: false,
      crosshairMarkerVisible: false,
    }),
  );
  expiration.createPriceLine({
    price: 0,
    color: colours.soft,
    lineWidth: 1,
    lineStyle: LineStyle.Solid,
    axisLabelVisible: false,
  });
  const verticals = new VerticalLines();
  expiration.attachPrimitive(verticals);
  return { chart, expiration, now, between, verticals, colours };
}

/** Profit at expiration (filled, above and below zero), now (dashed) and in between (dotted) over the price of the underlying. */
export function PayoffChart(props: PayoffChartProps) {
  const { expiration, now, between = NOTHING, breakevens, spot, unit = 'price', theme } = props;
  const container = useRef<HTMLDivElement>(null);
  const made = useRef<ReturnType<typeof makeChart> | null>(null);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the chart is made anew for the other theme's colours
  useEffect(() => {
    if (!container.current) return;
    const parts = makeChart(container.current);
    made.current = parts;
    return () => {
      made.current = null;
      parts.chart.remove();
    };
  }, [theme]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: a chart made anew is filled anew
  useEffect(() => {
    const parts = made.current;
    if (!parts) return;
    const dataOf = (points: PayoffPoints) => points.map(({ at, cents }) => ({ time: at, value: cents / 100 }));
    parts.expiration.setData(dataOf(expiration));
    parts.now.setData(dataOf(now));
    for (const [index, series] of parts.between.entries()) series.setData(dataOf(between[index]?.points ?? []));
    const words = (at: number) => (unit === 'move' ? `${decimal(at, 1)} %` : strikeText(Math.round(at * 100) / 100));
    const lines: VerticalLine[] = breakevens.map((at) => ({ at, label: words(at), colour: parts.colours.warn }));
    if (spot !== null)
      lines.push({ at: spot, label: unit === 'move' ? words(spot) : `spot ${words(spot)}`, colour: parts.colours.accent });
    parts.verticals.show(
      lines,
      expiration.map((point) => point.at),
    );
    parts.chart.timeScale().fitContent();
  }, [expiration, now, between, breakevens, spot, unit, theme]);

  return (
    <figure className="chart">
      <div ref={container} className="chart-canvas payoff-canvas" role="img" aria-label="Payoff by price of the underlying" />
      <ChartCaption>
        Profit at expiration, now (dashed)
        {between.length > 0 ? `, ${between.map(({ label }) => label).join(' and ')} (dotted)` : ''}
        {unit === 'move' ? ' · axis: move of every price, %' : ''}
      </ChartCaption>
    </figure>
  );
}
