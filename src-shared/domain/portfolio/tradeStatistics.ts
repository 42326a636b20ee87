import { meanOf, present } from './sample.ts';

/** What a list of closed trades says, in the units of the results given (cents, or multiples of risk). Empty = NaN throughout. */
export interface TradeStatistics {
  readonly trades: number;
  /** Share of trades with a result above zero. */
  readonly winRate: number;
  readonly averageWin: number;
  /** A magnitude. */
  readonly averageLoss: number;
  /** Average win over average loss; Infinity without losses. */
  readonly payoffRatio: number;
  /** Sum of wins over sum of losses; Infinity without losses. */
  readonly profitFactor: number;
  /** Mean result per trade. */
  readonly expectancy: number;
  readonly longestLosingRun: number;
}

/** Win rate, payoff ratio, profit factor and expectancy of closed trades' results. A result of zero is neither win nor loss. */
export function tradeStatistics(results: ArrayLike<number>): TradeStatistics {
  const known = present(results);
  const wins = known.filter((result) => result > 0);
  const losses = known.filter((result) => result < 0);
  const won = wins.reduce((sum, result) => sum + result, 0);
  const lost = losses.reduce((sum, result) => sum - result, 0);
  return {
    trades: known.length,
    winRate: known.length === 0 ? Number.NaN : wins.length / known.length,
    averageWin: meanOf(wins),
    averageLoss: losses.length === 0 ? Number.NaN : lost / losses.length,
    payoffRatio: losses.length === 0 && wins.length > 0 ? Number.POSITIVE_INFINITY : meanOf(wins) / (lost / losses.length),
    profitFactor: won / lost,
    expectancy: meanOf(known),
    longestLosingRun: longestRun(known, (result) => result < 0),
  };
}

/**
 * Kelly fraction of capital for a bet that wins `payoffRatio` times the stake with probability `winRate` and loses the stake
 * otherwise: p - (1 - p)/b (Kelly 1956). Negative = do not take it. NaN for a payoff ratio that is not positive.
 */
export function kellyFraction(winRate: number, payoffRatio: number): number {
  if (!(payoffRatio > 0)) return Number.NaN;
  return payoffRatio === Number.POSITIVE_INFINITY ? winRate : winRate - (1 - winRate) / payoffRatio;
}

/**
 * Kelly fraction for any list of outcomes per unit staked (-1 = all lost): the f in [0, limit] that maximises the mean of
 * ln(1 + f r), found by bisection on its falling derivative. 0 when the mean outcome is not positive.
 */
export function kellyFractionOf(outcomes: ArrayLike<number>, limit = 1): number {
  const known = present(outcomes);
  const worst = known.reduce((low, value) => Math.min(low, value), 0);
  const slope = (fraction: number): number => known.reduce((sum, value) => sum + value / (1 + fraction * value), 0);
  if (known.length === 0 || !(meanOf(known) > 0)) return 0;
  let high = worst < 0 ? Math.min(limit, (1 - 1e-12) / -worst) : limit;
  if (slope(high) >= 0) return high;
  let low = 0;
  while (high - low > 1e-12) {
    const middle = (low + high) / 2;
    if (slope(middle) > 0) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

function longestRun(values: Float64Array, matches: (value: number) => boolean): number {
  let longest = 0;
  let run = 0;
  for (const value of values) {
    run = matches(value) ? run + 1 : 0;
    longest = Math.max(longest, run);
  }
  return longest;
}
