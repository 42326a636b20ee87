/**
 * Anderson acceleration of a fixed-point iteration x = g(x) (D. G. Anderson, J. ACM 12, 1965): the next point is the
 * combination of the last few images whose residuals nearly cancel. Turns a linear convergence into a few sweeps.
 */
export class AndersonMixer {
  private readonly size: number;
  private readonly memory: number;
  private readonly residualSteps: Float64Array[] = [];
  private readonly imageSteps: Float64Array[] = [];
  private lastResidual: Float64Array | null = null;
  private lastImage: Float64Array | null = null;

  /** `memory` is how many past steps are combined. */
  constructor(size: number, memory: number) {
    this.size = size;
    this.memory = memory;
  }

  /** Takes x and g(x), overwrites x with the next point to try. */
  advance(x: Float64Array, image: Float64Array): void {
    const residual = new Float64Array(this.size);
    for (let i = 0; i < this.size; i++) residual[i] = image[i]! - x[i]!;
    if (this.lastResidual && this.lastImage) {
      this.residualSteps.push(difference(residual, this.lastResidual));
      this.imageSteps.push(difference(image, this.lastImage));
      if (this.residualSteps.length > this.memory) {
        this.residualSteps.shift();
        this.imageSteps.shift();
      }
    }
    this.lastResidual = residual;
    this.lastImage = image.slice();
    x.set(image);
    const gamma = leastSquares(this.residualSteps, residual);
    for (let j = 0; j < gamma.length; j++) {
      const step = this.imageSteps[j]!;
      for (let i = 0; i < this.size; i++) x[i] = x[i]! - gamma[j]! * step[i]!;
    }
  }
}

function difference(a: Float64Array, b: Float64Array): Float64Array {
  return a.map((value, i) => value - b[i]!);
}

/** Coefficients that bring the columns' combination nearest to the target: modified Gram-Schmidt, dependent columns get 0. */
function leastSquares(columns: readonly Float64Array[], target: Float64Array): Float64Array {
  const m = columns.length;
  const basis: Float64Array[] = [];
  const upper: Float64Array[] = [];
  const seen: number[] = [];
  for (let j = m - 1; j >= 0; j--) {
    const v = columns[j]!.slice();
    const before = Math.sqrt(dot(v, v));
    const coefficients = new Float64Array(m);
    for (let k = 0; k < basis.length; k++) {
      const c = dot(basis[k]!, v);
      coefficients[k] = c;
      for (let i = 0; i < v.length; i++) v[i] = v[i]! - c * basis[k]![i]!;
    }
    const norm = Math.sqrt(dot(v, v));
    if (!(norm > 1e-9 * before)) continue;
    coefficients[basis.length] = norm;
    basis.push(v.map((value) => value / norm));
    upper.push(coefficients);
    seen.push(j);
  }
  const solution = new Float64Array(m);
  for (let k = basis.length - 1; k >= 0; k--) {
    let sum = dot(basis[k]!, target);
    for (let later = k + 1; later < basis.length; later++) sum -= upper[later]![k]! * solution[seen[later]!]!;
    solution[seen[k]!] = sum / upper[k]![k]!;
  }
  return solution;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}
