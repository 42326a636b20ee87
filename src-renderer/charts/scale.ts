/** A straight map from values to pixels. */
export interface Scale {
  readonly from: number;
  readonly to: number;
  at(value: number): number;
}

/** Maps [from, to] to [start, end] pixels; an empty range is widened so that it still maps. */
export function linearScale(from: number, to: number, start: number, end: number): Scale {
  const [low, high] = from === to ? [from - 1, to + 1] : [from, to];
  return { from: low, to: high, at: (value) => start + ((value - low) / (high - low)) * (end - start) };
}

const STEPS = [1, 2, 2.5, 5, 10] as const;

/** Round values inside a range, about `wanted` of them: 0.14 to 0.31 by five -> 0.15, 0.20, 0.25, 0.30. */
export function ticksOf(from: number, to: number, wanted: number): readonly number[] {
  const span = to - from;
  if (!(span > 0) || !Number.isFinite(span)) return [];
  const rough = span / Math.max(1, wanted);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * (STEPS.find((candidate) => candidate * power >= rough) ?? 10);
  const first = Math.ceil(from / step - 1e-9);
  const count = Math.floor(to / step + 1e-9) - first + 1;
  return Array.from({ length: Math.max(0, count) }, (_, index) => Number(((first + index) * step).toPrecision(12)));
}

/** Lowest and highest of finite values, with a margin of their span on both sides; null when there is none. */
export function rangeOf(values: readonly number[], margin = 0.05): readonly [number, number] | null {
  const finite = values.filter(Number.isFinite);
  if (finite.length === 0) return null;
  const low = Math.min(...finite);
  const high = Math.max(...finite);
  const pad = high > low ? (high - low) * margin : Math.abs(high) * margin || 1;
  return [low - pad, high + pad];
}
