import { type ReactNode, useEffect, useRef, useState } from 'react';
import './plot.css';
import { linearScale, type Scale, ticksOf } from './scale.ts';

interface PlotProps {
  /** Read aloud, and the caption of the figure. */
  readonly label: string;
  readonly x: readonly [number, number];
  readonly y: readonly [number, number];
  readonly xText: (value: number) => string;
  readonly yText: (value: number) => string;
  /** Places of the vertical lines, where round values of the axis are not what a reader counts in. */
  readonly xTicks?: readonly number[];
  /** One line in the corner that says what is drawn. */
  readonly note?: string;
  readonly children: (x: Scale, y: Scale) => ReactNode;
}

const MARGIN = { top: 8, right: 12, bottom: 20, left: 52 } as const;
const PIXELS_PER_X_TICK = 80;
const PIXELS_PER_Y_TICK = 36;

function useSize() {
  const box = useRef<HTMLDivElement>(null);
  const [size, setSize] = useState({ width: 0, height: 0 });
  useEffect(() => {
    if (!box.current) return;
    const observer = new ResizeObserver(([entry]) => {
      if (entry) setSize({ width: Math.floor(entry.contentRect.width), height: Math.floor(entry.contentRect.height) });
    });
    observer.observe(box.current);
    return () => observer.disconnect();
  }, []);
  return { box, ...size };
}

/** Axes and grid around whatever the caller draws with the two scales; fills its box. */
export function Plot({ label, x, y, xText, yText, xTicks, note, children }: PlotProps) {
  const { box, width, height } = useSize();
  const right = Math.max(MARGIN.left + 1, width - MARGIN.right);
  const bottom = Math.max(MARGIN.top + 1, height - MARGIN.bottom);
  const xScale = linearScale(x[0], x[1], MARGIN.left, right);
  const yScale = linearScale(y[0], y[1], bottom, MARGIN.top);
  const ticks =
    xTicks?.filter((tick) => tick >= xScale.from && tick <= xScale.to) ??
    ticksOf(xScale.from, xScale.to, width / PIXELS_PER_X_TICK);
  return (
    <div className="plot" ref={box}>
      {width > 0 ? (
        <svg width={width} height={height} role="img" aria-label={label}>
          <title>{label}</title>
          {ticks.map((tick) => (
            <g key={tick} className="plot-tick">
              <line x1={xScale.at(tick)} x2={xScale.at(tick)} y1={MARGIN.top} y2={bottom} />
              <text x={xScale.at(tick)} y={height - 5} textAnchor="middle">
                {xText(tick)}
              </text>
            </g>
          ))}
          {ticksOf(yScale.from, yScale.to, height / PIXELS_PER_Y_TICK).map((tick) => (
            <g key={tick} className="plot-tick">
              <line x1={MARGIN.left} x2={right} y1={yScale.at(tick)} y2={yScale.at(tick)} />
              <text x={MARGIN.left - 6} y={yScale.at(tick) + 4} textAnchor="end">
                {yText(tick)}
              </text>
            </g>
          ))}
          {children(xScale, yScale)}
          {note ? (
            <text className="plot-note" x={right - 4} y={MARGIN.top + 10} textAnchor="end">
              {note}
            </text>
          ) : null}
        </svg>
      ) : null}
    </div>
  );
}

/** The path through points in order. */
export function pathOf(points: readonly (readonly [number, number])[], x: Scale, y: Scale): string {
  return points
    .map(([across, up], index) => `${index === 0 ? 'M' : 'L'}${x.at(across).toFixed(1)} ${y.at(up).toFixed(1)}`)
    .join('');
}
