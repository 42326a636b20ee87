import { BaselineSeries, createOptionsChart, LineSeries, LineStyle } from 'lightweight-charts';
import { useEffect, useRef } from 'react';
import { strikeText } from '../components/format/contracts.ts';
import { cash } from '../components/format/money.ts';
import { ChartCaption } from './ChartCaption.tsx';
import { chartColours, faded } from './colours.ts';
import { gridOf, layoutOf } from './frameOptions.ts';
import { type VerticalLine, VerticalLines } from './verticalLines.ts';

interface PayoffChartProps {
  /** Profit in cents over the price of the underlying, in rising order of price. */
  readonly points: readonly { readonly spot: number; readonly atExpiration: number; readonly now: number | null }[];
  readonly breakevens: readonly number[];
  readonly spot: number | null;
  /** Redraws in the other colours when it changes. */
  readonly theme: string;
}

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
    lineWidth: 1,
    lineStyle: LineStyle.Dashed,
    priceLineVisible: false,
    lastValueVisible: false,
    crosshairMarkerVisible: false,
  });
  expiration.createPriceLine({
    price: 0,
    color: colours.soft,
    lineWidth: 1,
    lineStyle: LineStyle.Solid,
    axisLabelVisible: false,
  });
  const verticals = new VerticalLines();
  expiration.attachPrimitive(verticals);
  return { chart, expiration, now, verticals, colours };
}

/** Profit at expiration (filled, above and below zero) and now (dashed) over the price of the underlying. */
export function PayoffChart({ points, breakevens, spot, theme }: PayoffChartProps) {
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
    parts.expiration.setData(points.map((point) => ({ time: point.spot, value: point.atExpiration / 100 })));
    parts.now.setData(points.flatMap((point) => (point.now === null ? [] : [{ time: point.spot, value: point.now / 100 }])));
    const lines: VerticalLine[] = breakevens.map((price) => ({
      at: price,
      label: strikeText(price),
      colour: parts.colours.warn,
    }));
    if (spot !== null) lines.push({ at: spot, label: `spot ${strikeText(spot)}`, colour: parts.colours.accent });
    parts.verticals.show(
      lines,
      points.map((point) => point.spot),
    );
    parts.chart.timeScale().fitContent();
  }, [points, breakevens, spot, theme]);

  return (
    <figure className="chart">
      <div ref={container} className="chart-canvas payoff-canvas" role="img" aria-label="Payoff by price of the underlying" />
      <ChartCaption>Profit at expiration, and now (dashed)</ChartCaption>
    </figure>
  );
}
