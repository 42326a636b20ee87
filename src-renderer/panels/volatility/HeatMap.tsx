import { ResponsiveHeatMap } from '@nivo/heatmap';
import { useMemo } from 'react';
import { blend, chartColours } from '../../charts/colours.ts';
import { civilDay } from '../../components/format/instants.ts';
import { decimal, percent } from '../../components/format/money.ts';
import type { SurfaceSlice } from '../../stores/surfaceSlice.ts';
import { type HeatAxis, heatGrid, warmth } from './heatRows.ts';

interface HeatMapProps {
  readonly slices: readonly SurfaceSlice[];
  readonly axis: HeatAxis;
  readonly spot: number | null;
  /** The expiration whose smile is shown: its row is named in the accent's colour. */
  readonly chosen: string | null;
  readonly onPick: (expiration: string) => void;
  /** Redraws in the other colours when it changes. */
  readonly theme: string;
}

const ROW_PIXELS = 17;
const AXIS_PIXELS = 22;

/** The fitted surface in colour: delta or strike across, tenor down; a cell opens the smile of its expiration. */
export function HeatMap({ slices, axis, spot, chosen, onPick, theme }: HeatMapProps) {
  const grid = useMemo(() => heatGrid(slices, axis, spot), [slices, axis, spot]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the tokens' values change with the theme
  const colours = useMemo(chartColours, [theme]);
  const names = new Map(grid.rows.map((row) => [row.expiration, `${civilDay(row.expiration)} · ${row.daysToExpiration} d`]));
  const data = grid.rows.map((row) => ({
    id: row.expiration,
    data: row.volatilities.map((y, index) => ({ x: grid.titles[index] ?? '', y })),
  }));
  if (data.length === 0) return <p className="faint">No expiration is fitted yet.</p>;
  const shade = (value: number | null): string =>
    value === null ? 'transparent' : blend(colours.surface, blend(colours.accent, colours.warn, warmth(value, grid.rows)), 0.5);
  return (
    <div className="heat-map" style={{ height: data.length * ROW_PIXELS + AXIS_PIXELS }}>
      <ResponsiveHeatMap
        data={data}
        margin={{ top: AXIS_PIXELS, right: 0, bottom: 0, left: 92 }}
        valueFormat={(value) => percent(value)}
        colors={({ value }) => shade(value)}
        emptyColor="transparent"
        label={({ value }) => (value === null ? '' : decimal(value * 100, 1))}
        labelTextColor={colours.ink}
        enableGridX={false}
        enableGridY={false}
        xInnerPadding={0.02}
        yInnerPadding={0.06}
        borderRadius={1}
        axisTop={{ tickSize: 0, tickPadding: 6 }}
        axisLeft={{
          tickSize: 0,
          tickPadding: 6,
          renderTick: ({ value, x, y }) => (
            <g transform={`translate(${x},${y})`}>
              <text
                className={value === chosen ? 'heat-row heat-row-chosen' : 'heat-row'}
                x={-6}
                dominantBaseline="central"
                textAnchor="end"
              >
                {names.get(String(value)) ?? String(value)}
              </text>
            </g>
          ),
        }}
        theme={{ text: { fontSize: 10.5, fill: colours.soft }, labels: { text: { fontSize: 10.5 } } }}
        animate={false}
        hoverTarget="cell"
        activeOpacity={1}
        inactiveOpacity={0.75}
        onClick={(cell) => onPick(cell.serieId)}
        tooltip={({ cell }) => (
          <div className="chart-tip">
            {names.get(cell.serieId)} · {cell.data.x}: <strong>{cell.formattedValue}</strong>
          </div>
        )}
        role="img"
        ariaLabel={`Surface of volatility by ${axis} and tenor`}
      />
    </div>
  );
}
