import { averageDrawdown, maxDrawdown } from './drawdown.ts';
import {
  annualVolatility,
  calmarRatio,
  downsideRisk,
  omegaRatio,
  sharpeRatio,
  sortinoRatio,
  stability,
  tailRatio,
} from './ratios.ts';
import { annualReturn, type Period, totalReturn } from './returns.ts';
import { momentsOf } from './sample.ts';
import { probabilisticSharpe } from './significance.ts';
import { conditionalValueAtRisk, valueAtRisk } from './valueAtRisk.ts';

export { alpha, alphaBeta, alphaBetaWhen, beta, betaFragility, captureRatio, captureWhen, upDownCapture } from './benchmark.ts';
export { type BootstrapSettings, bootstrapInterval, type ConfidenceInterval } from './bootstrap.ts';
export {
  averageDrawdown,
  type DatedDrawdown,
  type Drawdown,
  datedDrawdowns,
  drawdowns,
  maxDrawdown,
  ulcerIndex,
  underwater,
} from './drawdown.ts';
export {
  annualVolatility,
  calmarRatio,
  downsideRisk,
  excessSharpe,
  omegaRatio,
  sharpeRatio,
  sortinoRatio,
  stability,
  tailRatio,
} from './ratios.ts';
export {
  aggregateReturns,
  annualReturn,
  cumulativeReturns,
  moneyWeightedReturn,
  PERIODS_PER_YEAR,
  type Period,
  simpleReturns,
  timeWeightedReturns,
  totalReturn,
} from './returns.ts';
export { deflatedSharpe, expectedBestSharpe, minimumTrackRecord, probabilisticSharpe } from './significance.ts';
export { kellyFraction, kellyFractionOf, type TradeStatistics, tradeStatistics } from './tradeStatistics.ts';
export { conditionalValueAtRisk, type RiskMethod, valueAtRisk } from './valueAtRisk.ts';

/** What a series of returns says at a glance. Fractions; see each function for its convention. NaN = not defined for these returns. */
export interface PerformanceSummary {
  readonly periods: number;
  readonly totalReturn: number;
  readonly annualReturn: number;
  readonly annualVolatility: number;
  readonly sharpe: number;
  readonly sortino: number;
  readonly calmar: number;
  readonly omega: number;
  readonly tailRatio: number;
  readonly stability: number;
  readonly maxDrawdown: number;
  readonly averageDrawdown: number;
  readonly downsideRisk: number;
  readonly skewness: number;
  readonly kurtosis: number;
  readonly valueAtRisk: number;
  readonly conditionalValueAtRisk: number;
  readonly probabilisticSharpe: number;
}

/** All single-series metrics by empyrical's conventions; value at risk at 5 %. */
export function performanceSummary(returns: ArrayLike<number>, period: Period = 'daily'): PerformanceSummary {
  const { skewness, kurtosis } = momentsOf(returns);
  return {
    periods: returns.length,
    totalReturn: totalReturn(returns),
    annualReturn: annualReturn(returns, period),
    annualVolatility: annualVolatility(returns, period),
    sharpe: sharpeRatio(returns, 0, period),
    sortino: sortinoRatio(returns, 0, period),
    calmar: calmarRatio(returns, period),
    omega: omegaRatio(returns),
    tailRatio: tailRatio(returns),
    stability: stability(returns),
    maxDrawdown: maxDrawdown(returns),
    averageDrawdown: averageDrawdown(returns),
    downsideRisk: downsideRisk(returns, 0, period),
    skewness,
    kurtosis,
    valueAtRisk: valueAtRisk(returns),
    conditionalValueAtRisk: conditionalValueAtRisk(returns),
    probabilisticSharpe: probabilisticSharpe(returns),
  };
}
