import type { IPrimitivePaneRenderer, IPrimitivePaneView, ISeriesPrimitive, SeriesAttachedParameter } from 'lightweight-charts';

/** A dashed line at one place of the horizontal axis, with a word at its top. */
export interface VerticalLine {
  readonly at: number;
  readonly label: string;
  readonly colour: string;
}

const ROW_PIXELS = 12;
const WORD_GAP = 6;

type DrawTarget = Parameters<IPrimitivePaneRenderer['draw']>[0];

/** Draws dashed verticals on a chart whose horizontal axis is a price; `grid` holds the axis values in rising order. */
export class VerticalLines implements ISeriesPrimitive<number> {
  private attachedTo: SeriesAttachedParameter<number> | null = null;
  private lines: readonly VerticalLine[] = [];
  private grid: readonly number[] = [];

  attached(parameter: SeriesAttachedParameter<number>): void {
    this.attachedTo = parameter;
  }

  detached(): void {
    this.attachedTo = null;
  }

  show(lines: readonly VerticalLine[], grid: readonly number[]): void {
    this.lines = lines;
    this.grid = grid;
    this.attachedTo?.requestUpdate();
  }

  paneViews(): readonly IPrimitivePaneView[] {
    const renderer: IPrimitivePaneRenderer = { draw: (target) => this.draw(target) };
    return [{ zOrder: () => 'top', renderer: () => renderer }];
  }

  /** The pixel of a price between two grid points, or null outside of what is shown. */
  private pixelOf(price: number): number | null {
    const scale = this.attachedTo?.chart.timeScale();
    const above = this.grid.findIndex((value) => value >= price);
    const upper = this.grid[above];
    if (!scale || upper === undefined) return null;
    const right = scale.timeToCoordinate(upper);
    const lower = this.grid[above - 1];
    if (right === null || lower === undefined) return right;
    const left = scale.timeToCoordinate(lower);
    return left === null ? right : left + ((right - left) * (price - lower)) / (upper - lower);
  }

  private draw(target: DrawTarget): void {
    // biome-ignore lint/correctness/useHookAtTopLevel: the drawing library's method, not a React hook
    target.useMediaCoordinateSpace(({ context, mediaSize }) => {
      context.font = '11px system-ui, sans-serif';
      context.textAlign = 'center';
      // Words that would lie on each other step down a row.
      const taken: number[] = [];
      const places = this.lines
        .map((line) => ({ line, x: this.pixelOf(line.at) }))
        .flatMap(({ line, x }) => (x === null ? [] : [{ line, x }]))
        .sort((left, right) => left.x - right.x);
      for (const { line, x } of places) {
        context.strokeStyle = line.colour;
        context.fillStyle = line.colour;
        context.setLineDash([3, 3]);
        const half = context.measureText(line.label).width / 2;
        const centre = Math.min(mediaSize.width - half, Math.max(half, x));
        const free = taken.findIndex((end) => end < centre - half);
        const row = free >= 0 ? free : taken.length;
        taken[row] = centre + half + WORD_GAP;
        context.beginPath();
        context.moveTo(x, ROW_PIXELS * (row + 1) + 2);
        context.lineTo(x, mediaSize.height);
        context.stroke();
        context.fillText(line.label, centre, ROW_PIXELS * row + 10);
      }
    });
  }
}
