import type { Random } from '#ports/random';
import type { MarketSettings } from '../settings.ts';
import { type FactorName, SECTOR_FACTORS, type UnderlyingSpec } from './universe.ts';

/**
 * Price dynamics: every return is beta times the market's, plus its sector's, plus its own. The market has two variance
 * factors of the square-root kind (one fast, one slow: Bates 2000), negatively correlated with its return, and shocks that
 * move price and variance together (Duffie, Pan, Singleton 2000); each name's own variance is a square-root factor too.
 * All rates are per year of 252 trading days on the business clock. Calm stretches are what the slow factor leaves near zero.
 */
const FAST = { speed: 8, mean: 0.0085, volatility: 0.32 } as const;
const SLOW = { speed: 1.2, mean: 0.0085, volatility: 0.12 } as const;
/** Correlation of the market's return with the noise of both variances. */
const LEVERAGE = -0.72;
const SHOCK_MEAN = -0.014;
const SHOCK_DEVIATION = 0.014;
/** Mean (exponential) by which a shock raises the fast variance. */
const SHOCK_VARIANCE = 0.011;
const OWN_SPEED = 6;
/** Volatility of a name's own variance as a multiple of its volatility. */
const OWN_VARIANCE_VOLATILITY = 1.6;

const FACTORS = Object.keys(SECTOR_FACTORS) as FactorName[];

/** Constants of one name, precomputed. */
interface Loadings {
  readonly beta: number;
  readonly factor: number;
  readonly factorLoading: number;
  readonly ownMean: number;
  readonly ownJumps: number;
  readonly ownJumpSize: number;
  readonly drift: number;
}

export class Dynamics {
  /** Prices in dollars, one per underlying. */
  readonly prices: Float64Array;
  /** Variances per year: the market's fast and slow one, and each name's own. */
  fast: number = FAST.mean;
  slow: number = SLOW.mean;
  readonly own: Float64Array;

  private readonly loadings: readonly Loadings[];
  private readonly random: Random;
  private readonly scale: number;
  private readonly shocksPerYear: number;
  private readonly normals: Float64Array;
  private readonly ownStep: Float64Array;
  private readonly driftStep: Float64Array;
  private readonly factorStep: Float64Array;
  private marketStep = 0;
  private marketNoise = 0;
  private ticksSinceUpdate = 0;
  private span = 0;

  constructor(specs: readonly UnderlyingSpec[], settings: MarketSettings, random: Random) {
    this.random = random;
    this.scale = settings.volatilityScale;
    this.shocksPerYear = settings.jumpsPerYear;
    this.prices = Float64Array.from(specs, (spec) => spec.price);
    this.loadings = specs.map((spec) => ({
      beta: spec.beta,
      factor: spec.factor ? FACTORS.indexOf(spec.factor) : -1,
      factorLoading: spec.factor ? spec.factorLoading : 0,
      ownMean: spec.ownVolatility ** 2,
      ownJumps: spec.ownJumps,
      ownJumpSize: spec.ownJumpSize,
      drift: settings.riskFreeRate + spec.beta * settings.equityPremium + spec.extraDrift,
    }));
    this.own = Float64Array.from(this.loadings, (loading) => loading.ownMean);
    this.normals = new Float64Array(FACTORS.length);
    this.ownStep = new Float64Array(specs.length);
    this.driftStep = new Float64Array(specs.length);
    this.factorStep = new Float64Array(FACTORS.length);
  }

  /**
   * Begins an interval of `span` business years that will be walked in `ticks` ticks: moves the variances over the interval
   * before, decides on shocks, and fixes each tick's volatility.
   */
  begin(span: number, ticks: number): void {
    this.moveVariances();
    this.span = span;
    this.shocks(span);
    const dt = span / ticks;
    const root = Math.sqrt(dt) * this.scale;
    this.marketStep = root * Math.sqrt(this.fast + this.slow);
    for (let f = 0; f < FACTORS.length; f += 1) this.factorStep[f] = root * SECTOR_FACTORS[FACTORS[f]!];
    const marketVariance = this.marketStep * this.marketStep;
    for (const [i, loading] of this.loadings.entries()) {
      const ownStep = root * Math.sqrt(this.own[i]!);
      const factorStep = loading.factor < 0 ? 0 : loading.factorLoading * this.factorStep[loading.factor]!;
      const variance = loading.beta ** 2 * marketVariance + factorStep ** 2 + ownStep ** 2;
      this.ownStep[i] = ownStep;
      this.driftStep[i] = (loading.drift - this.shockCompensator(loading)) * dt - variance / 2;
    }
  }

  /** One tick of every price. */
  tick(): void {
    const { random, prices, loadings, normals } = this;
    const market = random.normal();
    this.marketNoise += market;
    this.ticksSinceUpdate += 1;
    const marketReturn = market * this.marketStep;
    for (let f = 0; f < normals.length; f += 1) normals[f] = random.normal() * this.factorStep[f]!;
    for (let i = 0; i < prices.length; i += 1) {
      const loading = loadings[i]!;
      const sector = loading.factor < 0 ? 0 : loading.factorLoading * normals[loading.factor]!;
      const x = this.driftStep[i]! + loading.beta * marketReturn + sector + random.normal() * this.ownStep[i]!;
      // exp(x) to third order: x is a few basis points.
      prices[i] = prices[i]! * (1 + x * (1 + x * (0.5 + x / 6)));
    }
  }

  /** A sudden log return of one name (earnings), or a fall by a dividend. */
  move(index: number, logReturn: number): void {
    this.prices[index] = this.prices[index]! * Math.exp(logReturn);
  }

  /** Expected mean log-variance per business year over the next `tau` years, earnings aside. */
  expectedVariance(index: number, tau: number): number {
    const loading = this.loadings[index]!;
    const square = this.scale * this.scale;
    const fastMean = FAST.mean + (this.shocksPerYear * SHOCK_VARIANCE) / FAST.speed;
    const market =
      meanOver(this.fast, fastMean, FAST.speed, tau) +
      meanOver(this.slow, SLOW.mean, SLOW.speed, tau) +
      this.shocksPerYear * (SHOCK_MEAN ** 2 + SHOCK_DEVIATION ** 2);
    const sector = loading.factor < 0 ? 0 : (loading.factorLoading * SECTOR_FACTORS[FACTORS[loading.factor]!]) ** 2;
    const own = meanOver(this.own[index]!, loading.ownMean, OWN_SPEED, tau) + loading.ownJumps * loading.ownJumpSize ** 2;
    return square * (loading.beta ** 2 * market + sector + own);
  }

  /** The market's present variance against its long-run mean: above 1 in a storm, below in calm. */
  stress(): number {
    return (this.fast + this.slow) / (FAST.mean + SLOW.mean);
  }

  private moveVariances(): void {
    if (this.ticksSinceUpdate === 0) return;
    const dt = this.span;
    const root = Math.sqrt(dt);
    const market = this.marketNoise / Math.sqrt(this.ticksSinceUpdate);
    const side = Math.sqrt(1 - LEVERAGE ** 2);
    const { random } = this;
    this.fast = squareRootStep(this.fast, FAST, dt, root, LEVERAGE * market + side * random.normal());
    this.slow = squareRootStep(this.slow, SLOW, dt, root, LEVERAGE * market + side * random.normal());
    for (const [i, loading] of this.loadings.entries()) {
      const factor = {
        speed: OWN_SPEED,
        mean: loading.ownMean,
        volatility: OWN_VARIANCE_VOLATILITY * Math.sqrt(loading.ownMean),
      };
      this.own[i] = squareRootStep(this.own[i]!, factor, dt, root, random.normal());
    }
    this.marketNoise = 0;
    this.ticksSinceUpdate = 0;
  }

  private shocks(span: number): void {
    const { random } = this;
    if (random.next() < this.shocksPerYear * span) {
      const shock = (SHOCK_MEAN + SHOCK_DEVIATION * random.normal()) * this.scale;
      this.fast += -Math.log(1 - random.next()) * SHOCK_VARIANCE;
      for (const [i, loading] of this.loadings.entries()) this.move(i, loading.beta * shock);
    }
    for (const [i, loading] of this.loadings.entries()) {
      if (loading.ownJumps > 0 && random.next() < loading.ownJumps * span) {
        this.move(i, random.normal() * loading.ownJumpSize * this.scale);
      }
    }
  }

  /** What shocks add to the expected return per year, taken off the drift. */
  private shockCompensator(loading: Loadings): number {
    const mean = loading.beta * SHOCK_MEAN * this.scale;
    const deviation = loading.beta * SHOCK_DEVIATION * this.scale;
    const market = Math.exp(mean + deviation ** 2 / 2) - 1;
    const own = Math.exp((loading.ownJumpSize * this.scale) ** 2 / 2) - 1;
    return this.shocksPerYear * market + loading.ownJumps * own;
  }
}

interface SquareRootFactor {
  readonly speed: number;
  readonly mean: number;
  readonly volatility: number;
}

/** One step of a square-root process, kept from below zero (full truncation: Lord, Koekkoek, van Dijk 2010). */
function squareRootStep(value: number, factor: SquareRootFactor, dt: number, rootDt: number, noise: number): number {
  const next = value + factor.speed * (factor.mean - value) * dt + factor.volatility * Math.sqrt(value) * rootDt * noise;
  return Math.max(next, 0);
}

/** Mean over [0, tau] of the expectation of a mean-reverting factor. */
function meanOver(value: number, mean: number, speed: number, tau: number): number {
  const x = speed * tau;
  return mean + (value - mean) * (x < 1e-6 ? 1 - x / 2 : (1 - Math.exp(-x)) / x);
}
