/**
 * Simulated markets in the memory of the WebAssembly kernels: option legs are revalued on every path two paths at a time, three
 * times as fast as in TypeScript and equal to it within rounding. Optional, as {@link kernelModule} says.
 */
import { addOptionProfits, legTermsOf, type RiskLegs, type RiskPaths } from '#domain/portfolio/monteCarlo';
import { FREE_FROM, type Kernels, kernelModule, kernelsOver } from './kernelModule.ts';

export class SimdPaths {
  private readonly drawn: RiskPaths;
  /** Paths of a row, rounded up to an even number. */
  private readonly stride: number;
  private readonly rows: number;
  private readonly kernels: Kernels;
  private readonly profit: Float64Array;

  private constructor(module: object, drawn: RiskPaths) {
    this.drawn = drawn;
    const { paths, logSpot, volatilityFactor } = drawn;
    this.stride = paths + (paths % 2);
    this.rows = logSpot.length / paths;
    const block = this.stride * this.rows;
    const { kernels, buffer } = kernelsOver(module, FREE_FROM + 8 * (4 * block + this.stride));
    this.kernels = kernels;
    const column = (index: number) => new Float64Array(buffer, FREE_FROM + 8 * index * block, block);
    // Beyond an odd number of paths lies one more that nobody reads: a price of 1.
    const [logs, spots, factors, perFactors] = [column(0), column(1).fill(1), column(2).fill(1), column(3).fill(1)];
    for (let row = 0; row < this.rows; row++) {
      for (let path = 0; path < paths; path++) {
        const at = row * this.stride + path;
        logs[at] = logSpot[row * paths + path]!;
        spots[at] = Math.exp(logs[at]!);
        factors[at] = volatilityFactor[row * paths + path]!;
        perFactors[at] = 1 / factors[at]!;
      }
    }
    this.profit = new Float64Array(buffer, FREE_FROM + 32 * block, this.stride);
  }

  /** Lays the paths out; null when the module has not been built or this runtime has no SIMD. */
  static of(file: string | URL, drawn: RiskPaths): SimdPaths | null {
    const module = kernelModule(file);
    return module && new SimdPaths(module, drawn);
  }

  /** As `addOptionProfits` on these paths. Legs without time or volatility left are valued in TypeScript. */
  addOptionProfits(legs: RiskLegs, profit: Float64Array): void {
    const block = 8 * this.stride * this.rows;
    this.profit.fill(0);
    const certain: number[] = [];
    for (let leg = 0; leg < legs.size.length; leg++) {
      const { sign, rootVariance, shift, carry, owed, signedSize, base } = legTermsOf(legs, leg);
      if (!(rootVariance > 0)) {
        certain.push(leg);
        continue;
      }
      const row = FREE_FROM + 8 * legs.underlying[leg]! * this.stride;
      const into = FREE_FROM + 4 * block;
      this.kernels.legProfits(
        this.stride,
        row,
        row + block,
        row + 2 * block,
        row + 3 * block,
        into,
        sign,
        rootVariance,
        1 / rootVariance,
        shift,
        carry,
        owed,
        signedSize,
        base,
      );
    }
    for (let path = 0; path < this.drawn.paths; path++) profit[path]! += this.profit[path]!;
    if (certain.length > 0) addOptionProfits(legsAt(legs, certain), this.drawn, profit);
  }
}

/** The legs at some indices. */
function legsAt(legs: RiskLegs, chosen: readonly number[]): RiskLegs {
  const column = (values: Float64Array) => Float64Array.from(chosen, (leg) => values[leg]!);
  return {
    underlying: Int32Array.from(chosen, (leg) => legs.underlying[leg]!),
    isCall: Uint8Array.from(chosen, (leg) => legs.isCall[leg]!),
    strike: column(legs.strike),
    years: column(legs.years),
    volatility: column(legs.volatility),
    rate: column(legs.rate),
    dividendYield: column(legs.dividendYield),
    size: column(legs.size),
    valueNow: column(legs.valueNow),
  };
}
