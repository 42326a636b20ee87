import { z } from 'zod';
import { count, days, dollars, flag, fraction, seconds } from './fields.ts';

/** How the scanner looks at the market and what a candidate must pass before it may be ranked. */
export const scannerSettings = z.object({
  intervalSeconds: seconds(5, 3600, 30, 'Time between two scans of the market'),
  maxQuoteAgeSeconds: seconds(1, 600, 10, 'Oldest quote that may price an entry'),
  historyRetrySeconds: seconds(
    30,
    7_200,
    300,
    'Pause before bars, dividends and earnings that did not come are asked for again; until they come nothing is opened there',
  ),
  maxSpotSpreadFraction: fraction(
    0.0005,
    0.5,
    0.01,
    'Widest bid/ask of a stock whose middle counts as its price, as a fraction of it; a wider or one-sided quote is none, and the last good one ages',
  ),
  maxSpreadDollars: dollars(0.01, 10, 0.6, 'Widest bid/ask of a leg, in dollars'),
  maxSpreadFraction: fraction(
    0.01,
    2,
    0.35,
    'Widest bid/ask of a leg, as a fraction of its mid (legs below the cheap-leg price pass on dollars alone)',
  ),
  cheapLegPrice: dollars(0, 5, 0.5, 'Below this mid the relative spread is not asked'),
  minOpenInterest: count(0, 100_000, 100, 'Open interest a leg must have', 'contracts'),
  minVolume: count(0, 100_000, 5, 'Volume a leg must have had today', 'contracts'),
  minProbabilityOfProfit: fraction(0, 1, 0.65, 'Probability of profit under the forecast'),
  minCreditToRisk: fraction(0, 5, 0.33, 'Credit received over maximum loss, for defined-risk spreads'),
  minExpectedValueDollars: dollars(-100, 1000, 0, 'Expected value after slippage and fees that must be exceeded'),
  maxLossPerSpreadDollars: dollars(10, 100_000, 500, 'Maximum loss of one spread'),
  maxEquityShareSecured: fraction(0.01, 1, 0.15, 'Share of equity that one cash-secured put or covered call may tie up'),
  maxStressLossFraction: fraction(
    0.001,
    1,
    0.05,
    'Loss of one cash-secured put or covered call at the stress move, as a share of equity',
  ),
  stressMoveFraction: fraction(0.01, 0.9, 0.2, 'Fall of the underlying used for that stress'),
  topCandidates: count(1, 50, 5, 'How many ranked candidates go on to the risk engine'),
  expectedSlippageOfSpread: fraction(0, 1, 0.25, 'Expected slippage, as a fraction of the combination’s bid/ask'),
  expectedExitSlippageOfSpread: fraction(
    0,
    1,
    0.2,
    'Expected slippage of leaving early, as a fraction of the combination’s bid/ask; part of the expected value only',
  ),
  expectedValueUntil: z.enum(['expiration', 'timeStop']).default('expiration').meta({
    unit: 'moment',
    description:
      'Until when a structure earns in the expected value that it must have: expiration, or the planned time stop. The second is stricter: in simulated months it refuses most spreads and condors, and those it leaves earn more',
  }),
  repeatInSameSymbol: flag(false, 'Let a strategy open another position in an underlying where it already has one'),
  earningsBlackoutDays: days(
    0,
    30,
    1,
    'No entry when earnings fall before expiration within this many days from now (0 switches it off)',
  ),
  forecastShrink: fraction(0, 1, 0.5, 'Weight of realised volatility against implied in the forecast'),
  forecastSkewShare: fraction(
    0,
    1,
    0,
    'Part of the skew in option prices that the forecast believes; the rest is what fear of a fall costs. 0 = lognormal: then call spreads look safer, and put spreads more dangerous, than with a part of it',
  ),
  driftPerYear: z
    .number()
    .min(-0.5)
    .max(0.5)
    .default(0.03)
    .meta({ unit: 'fraction per year', description: 'Expected drift in the forecast' }),
  impliedPremium: fraction(
    0,
    0.6,
    0.1,
    'Part of implied volatility that is taken to be a risk premium and left out of the forecast',
  ),
  minIvHistoryDays: days(2, 252, 60, 'Own recorded days before IV rank uses them; until then it ranks in realised volatility'),
  scoreExpectedValue: fraction(0, 1, 0.3, 'Weight of expected value over risk in the ranking'),
  scoreProbability: fraction(0, 1, 0.2, 'Weight of the probability of profit in the ranking'),
  scoreCreditToRisk: fraction(0, 1, 0.15, 'Weight of credit over risk in the ranking'),
  scoreLiquidity: fraction(0, 1, 0.15, 'Weight of narrow, deep markets in the ranking'),
  scoreSignals: fraction(0, 1, 0.1, 'Weight of momentum and flow in the ranking'),
  scoreRoom: fraction(0, 1, 0.1, 'Weight of portfolio delta and vega room in the ranking'),
  repeatPenalty: fraction(
    0,
    1,
    0.15,
    'Taken from the score for each better candidate of the same sector or strategy, and for each position in the sector',
  ),
  riskFreeRate: z
    .number()
    .min(-0.05)
    .max(0.25)
    .default(0.04)
    .meta({ unit: 'fraction per year', description: 'Risk-free rate used for discounting' }),
});
