export interface NelderMeadSettings {
  /** Step of the first simplex along each axis. */
  readonly step: readonly number[];
  /** Evaluations allowed. Default 400, range 10 to 100,000. */
  readonly maxEvaluations?: number;
  /** Stops when the values of the simplex differ by less than this share of the best. Default 1e-10, range 1e-15 to 1e-2. */
  readonly tolerance?: number;
  /** Stops instead when all vertices agree with the best to these absolute distances, in every coordinate and in value. */
  readonly agreement?: { readonly point: number; readonly value: number };
}

export interface Minimum {
  readonly point: Float64Array;
  readonly value: number;
  readonly evaluations: number;
}

interface Vertex {
  point: Float64Array;
  value: number;
}

/**
 * Downhill simplex of Nelder and Mead (1965) with the usual coefficients (reflect 1, expand 2, contract and shrink 1/2).
 * Deterministic. The function may return Infinity where it is not defined; NaN counts as Infinity.
 */
export function nelderMead(
  objective: (point: Float64Array) => number,
  start: ArrayLike<number>,
  { step, maxEvaluations = 400, tolerance = 1e-10, agreement }: NelderMeadSettings,
): Minimum {
  const n = start.length;
  let evaluations = 0;
  const vertexAt = (point: Float64Array): Vertex => {
    evaluations++;
    const value = objective(point);
    return { point, value: Number.isNaN(value) ? Number.POSITIVE_INFINITY : value };
  };
  const simplex = Array.from({ length: n + 1 }, (_, i) => {
    const point = Float64Array.from(start);
    if (i > 0) point[i - 1]! += step[i - 1]!;
    return vertexAt(point);
  });
  const along = (from: Float64Array, to: Float64Array, t: number): Float64Array => from.map((x, i) => x + t * (to[i]! - x));
  while (evaluations < maxEvaluations) {
    simplex.sort((a, b) => a.value - b.value);
    const best = simplex[0]!;
    const worst = simplex[n]!;
    const settled = agreement
      ? worst.value - best.value <= agreement.value && simplex.every(({ point }) => apart(point, best.point) <= agreement.point)
      : worst.value - best.value <= tolerance * (Math.abs(best.value) + 1e-300);
    if (settled) break;
    const centre = best.point.map((_, i) => simplex.slice(0, n).reduce((sum, { point }) => sum + point[i]!, 0) / n);
    const reflected = vertexAt(along(centre, worst.point, -1));
    if (reflected.value < best.value) {
      const expanded = vertexAt(along(centre, worst.point, -2));
      simplex[n] = expanded.value < reflected.value ? expanded : reflected;
    } else if (reflected.value < simplex[n - 1]!.value) simplex[n] = reflected;
    else {
      const outside = reflected.value < worst.value;
      const contracted = vertexAt(along(centre, outside ? reflected.point : worst.point, 0.5));
      if (outside ? contracted.value <= reflected.value : contracted.value < worst.value) simplex[n] = contracted;
      else for (let i = 1; i <= n; i++) simplex[i] = vertexAt(along(best.point, simplex[i]!.point, 0.5));
    }
  }
  simplex.sort((a, b) => a.value - b.value);
  return { point: simplex[0]!.point, value: simplex[0]!.value, evaluations };
}

/** Largest distance between two points in any coordinate. */
function apart(a: Float64Array, b: Float64Array): number {
  return a.reduce((most, x, i) => Math.max(most, Math.abs(x - b[i]!)), 0);
}
