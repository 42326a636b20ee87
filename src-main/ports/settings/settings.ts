import { z } from 'zod';
import { liveSettings } from './liveSettings.ts';
import { protectionSettings } from './protectionSettings.ts';
import { trustSettings } from './trustSettings.ts';

const fraction = (min: number, max: number, initial: number, description: string) =>
  z.number().min(min).max(max).default(initial).meta({ unit: 'fraction', description });
const dollars = (min: number, max: number, initial: number, description: string) =>
  z.number().min(min).max(max).default(initial).meta({ unit: 'dollars', description });
const seconds = (min: number, max: number, initial: number, description: string) =>
  z.number().min(min).max(max).default(initial).meta({ unit: 'seconds', description });
const minutes = (min: number, max: number, initial: number, description: string) =>
  z.number().min(min).max(max).default(initial).meta({ unit: 'minutes', description });
const count = (min: number, max: number, initial: number, description: string, unit = 'count') =>
  z.number().int().min(min).max(max).default(initial).meta({ unit, description });
const days = (min: number, max: number, initial: number, description: string) => count(min, max, initial, description, 'days');
const flag = (initial: boolean, description: string) => z.boolean().default(initial).meta({ unit: 'on/off', description });

/** How the scanner looks at the market and what a candidate must pass before it may be ranked. */
export const scannerSettings = z.object({
  intervalSeconds: seconds(5, 3600, 30, 'Time between two scans of the market'),
  maxQuoteAgeSeconds: seconds(1, 600, 10, 'Oldest quote that may price an entry'),
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

/** The limits of the one risk engine. */
export const riskSettings = z.object({
  maxRiskPerTradeFraction: fraction(0.001, 0.5, 0.02, 'Maximum loss of one trade, as a share of equity'),
  maxPositions: count(1, 500, 20, 'Open positions at once', 'positions'),
  maxPositionsPerSector: count(1, 100, 5, 'Open positions in one sector', 'positions'),
  maxPositionsPerSymbol: count(1, 50, 2, 'Open positions in one underlying', 'positions'),
  maxPositionsPerStrategy: count(1, 100, 8, 'Open positions of one strategy', 'positions'),
  capitalCeilingDollars: dollars(
    0,
    1_000_000_000,
    0,
    'Most that may be at risk at once, everything held and worked counted (0: none; with real money the arming’s own ceiling holds too)',
  ),
  maxBuyingPowerFraction: fraction(0.05, 1, 0.5, 'Share of buying power in use'),
  maxDailyLossFraction: fraction(0.001, 1, 0.05, 'Loss since the day’s start, as a share of its equity'),
  maxDailyLossDollars: dollars(1, 10_000_000, 5_000, 'Loss since the day’s start, in dollars'),
  maxWeeklyLossFraction: fraction(0.001, 1, 0.08, 'Loss since the week’s start, as a share of its equity'),
  maxDrawdownFraction: fraction(0.01, 1, 0.2, 'Fall from the highest equity'),
  maxOrdersPerDay: count(
    1,
    10_000,
    150,
    'Orders sent in one day (every rung counts; exits are counted and never stopped)',
    'orders',
  ),
  maxOrdersPerMinute: count(1, 1_000, 30, 'Orders sent in one minute', 'orders'),
  maxOrdersPerSecond: count(1, 100, 10, 'Orders sent in one second', 'orders'),
  maxThrottledPerMinute: count(
    5,
    10_000,
    50,
    'Entries that the order throttles refuse in one minute before it counts as a runaway loop',
    'orders',
  ),
  maxRoundTripsPerSymbolPerDay: count(
    1,
    100,
    3,
    'Positions opened and closed again in one underlying in one day; then it is paused until somebody lets it go on',
    'round trips',
  ),
  maxDayTradesPerFiveDays: count(
    0,
    1_000,
    0,
    'Positions opened and closed on the same day, within five sessions (0: not limited; no rule of the market asks for it)',
    'round trips',
  ),
  maxPositionsPerExpiration: count(1, 500, 12, 'Open positions that expire on one day', 'positions'),
  maxExpiryDayRiskFraction: fraction(
    0.005,
    1,
    0.25,
    'Maximum loss of all defined-risk positions that expire on one day, as a share of equity',
  ),
  lastOrdersCollarFraction: fraction(
    0.05,
    10,
    0.5,
    'How far an order’s limit may be from the average of the last limits for the same legs, as a fraction of it plus ten cents',
  ),
  lastOrdersCounted: count(1, 50, 3, 'How many earlier limits that average is made of', 'orders'),
  lastOrdersSeconds: seconds(1, 86_400, 600, 'How long an earlier limit counts for that average'),
  maxLegSpreadFraction: fraction(
    0.05,
    10,
    1,
    'Widest bid/ask of a leg that may be opened, as a fraction of its mid (legs below the cheap-leg price are not asked)',
  ),
  maxMarkAgeSeconds: seconds(5, 86_400, 300, 'Oldest mark of a position that may back its share of equity'),
  symbolHaltSeconds: seconds(
    10,
    86_400,
    900,
    'How long an underlying rests after the broker refused an order for a trading halt',
  ),
  toldHaltHours: count(
    1,
    168,
    8,
    'How long a trading halt that the feed told of counts when nobody tells of its end (the word may be lost while the line is down)',
    'hours',
  ),
  blockWashSales: flag(false, 'Refuse an entry within 30 days after a loss in the same underlying (else it is only marked)'),
  maxContractsPerOrder: count(1, 1_000, 10, 'Units of one order', 'contracts'),
  maxNotionalPerOrderDollars: dollars(100, 100_000_000, 250_000, 'Strike notional of one order’s short legs'),
  maxPortfolioDeltaShares: count(1, 1_000_000, 3_000, 'Beta-free portfolio delta, in shares of the underlyings', 'shares'),
  maxPortfolioVegaDollars: dollars(1, 1_000_000, 3_000, 'Portfolio vega per volatility point'),
  maxStressLossFraction: fraction(
    0.01,
    1,
    0.25,
    'Worst loss of the portfolio over the spot-by-volatility grid, as a share of equity',
  ),
  stressSpotMoves: z
    .array(z.number().min(-0.9).max(2))
    .min(1)
    .max(20)
    .default([-0.15, -0.08, -0.04, 0, 0.04, 0.08, 0.15])
    .meta({ unit: 'fractions of spot', description: 'Spot moves of the stress grid' }),
  stressVolatilityMoves: z
    .array(z.number().min(-0.9).max(5))
    .min(1)
    .max(20)
    .default([-0.2, 0, 0.5])
    .meta({ unit: 'fractions of volatility', description: 'Volatility moves of the stress grid' }),
  priceCollarFraction: fraction(
    0.01,
    5,
    0.75,
    'How far an order’s limit may be from the fresh mid, as a fraction of the combination’s bid/ask plus one tick',
  ),
  duplicateWindowSeconds: seconds(0, 86_400, 300, 'Same legs and side within this time count as a duplicate'),
  noEntriesFirstMinutes: minutes(0, 390, 5, 'No entries after the open'),
  noEntriesLastMinutes: minutes(0, 390, 10, 'No entries before the close'),
  minDaysBetweenSameSymbolEntries: days(0, 60, 0, 'Days between two entries of one strategy in one underlying'),
  maxEntriesPerSymbolPerDay: count(1, 100, 2, 'Entries in one underlying in one day', 'entries'),
  allowedUnderlyings: z
    .array(z.string().min(1).max(6))
    .default([])
    .meta({ unit: 'symbols', description: 'Only these may be traded (empty: the universe)' }),
  blockedUnderlyings: z.array(z.string().min(1).max(6)).default([]).meta({ unit: 'symbols', description: 'Never traded' }),
  maxSnapshotAgeSeconds: seconds(5, 3600, 150, 'Oldest account snapshot that may back an entry'),
  expiryDayEntryCutoffMinutes: minutes(
    0,
    390,
    390,
    'On its expiration day nothing is opened in a contract this long before the close (390: not at all that day)',
  ),
  exitCollarFraction: fraction(
    0.1,
    20,
    2,
    'How much worse than the fresh mid the limit of a closing order may be, as a fraction of the combination’s bid/ask plus ten ticks',
  ),
  stressFallbackVolatility: fraction(0.05, 5, 0.4, 'Volatility that the stress grid uses for an option whose price implies none'),
});

/** How orders are worked. */
export const executionSettings = z.object({
  entryProfile: z
    .enum(['normal', 'fast', 'patient'])
    .default('normal')
    .meta({ unit: 'profile', description: 'Price ladder of entries' }),
  exitProfile: z
    .enum(['normal', 'fast', 'patient'])
    .default('fast')
    .meta({ unit: 'profile', description: 'Price ladder of exits that cannot wait: stops, guards, the owner’s hand' }),
  calmExitProfile: z
    .enum(['normal', 'fast', 'patient'])
    .default('normal')
    .meta({ unit: 'profile', description: 'Price ladder of exits that can wait: profits taken, time stops, rolls' }),
  normalRungs: count(1, 20, 4, 'Prices of the normal ladder', 'prices'),
  normalSeconds: seconds(1, 600, 10, 'Time at each price of the normal ladder'),
  fastRungs: count(1, 20, 3, 'Prices of the fast ladder', 'prices'),
  fastSeconds: seconds(1, 600, 5, 'Time at each price of the fast ladder'),
  patientRungs: count(1, 20, 5, 'Prices of the patient ladder', 'prices'),
  patientSeconds: seconds(1, 600, 20, 'Time at each price of the patient ladder'),
  restSeconds: seconds(0, 3600, 120, 'Rest at the last price before cancelling'),
  entryBoundOfSpread: fraction(0, 1, 0.6, 'How far from mid towards natural an entry may go'),
  exitBoundOfSpread: fraction(0, 1.5, 1, 'How far from mid towards natural an exit that cannot wait may go'),
  calmExitBoundOfSpread: fraction(0, 1.5, 0.5, 'How far from mid towards natural an exit that can wait may go'),
  calmExitRetrySeconds: seconds(60, 14_400, 900, 'Pause before an unfilled exit that can wait is tried again'),
  calmTimeStopDays: days(0, 60, 3, 'A time stop can wait for this many days; then it is worked like a stop'),
  abortBandFraction: fraction(0.0005, 0.2, 0.004, 'Abort an entry when the underlying moved this far since the decision'),
  maxRetries: count(0, 10, 3, 'Retries after a proven rejection or a proven absence', 'retries'),
  retrySeconds: seconds(1, 600, 5, 'First pause before a retry; doubles each time'),
  minPartialFraction: fraction(0, 1, 0.5, 'A partial fill below this share is completed or closed'),
  lookUpSeconds: seconds(1, 60, 5, 'Time between two look-ups of an order in doubt'),
  absentProofs: count(2, 10, 2, 'Spaced look-ups that must all say “unknown” before an order counts as absent', 'look-ups'),
  approvalSeconds: seconds(10, 3600, 180, 'How long a proposal waits for the owner’s answer before it is declined'),
  exitRetrySeconds: seconds(5, 3600, 60, 'Pause before an unfilled exit is tried again'),
});

/** How open positions are watched and left. Strategies may override the exit plan. */
export const positionSettings = z.object({
  checkSeconds: seconds(1, 600, 60, 'Time between two checks of the exit rules'),
  expiryDayCheckSeconds: seconds(1, 60, 1, 'Time between two checks for a position that expires today'),
  consecutiveHits: count(1, 100, 3, 'Checks in a row that must agree before an exit on expiration day', 'checks'),
  maxMarkSpreadFraction: fraction(
    0.05,
    5,
    0.6,
    'Exit triggers are suspended while the structure’s bid/ask exceeds this share of its mid',
  ),
  maxMarkSpreadDollars: dollars(0.05, 20, 0.5, '... and this many dollars'),
  takeProfitFraction: fraction(0.05, 1, 0.5, 'Take profit at this share of the maximum'),
  stopLossMultiple: z
    .number()
    .min(0.1)
    .max(10)
    .default(2)
    .meta({ unit: 'times the credit', description: 'Stop when the loss reaches this multiple of the credit' }),
  timeStopDays: days(0, 365, 21, 'Close at this many days to expiration'),
  trailingActivateAt: fraction(0, 1, 0.35, 'Profit at which trailing starts (share of the maximum)'),
  trailingGiveBack: fraction(0.01, 1, 0.2, 'Profit that may be given back once trailing'),
  trailingEnabled: flag(false, 'Use the trailing stop'),
  scaleOutEnabled: flag(false, 'Close parts at 25/50/75 % of the maximum profit'),
  rollEnabled: flag(true, 'Roll a tested short strike for a credit instead of closing'),
  rollMinCreditDollars: dollars(0.01, 10, 0.05, 'Least credit of a roll, per share'),
  maxRolls: count(0, 20, 2, 'Rolls of one position', 'rolls'),
  expiryCutoff: z
    .string()
    .regex(/^([01]\d|2[0-3]):[0-5]\d$/)
    .default('15:00')
    .meta({
      unit: 'New York time',
      description:
        'No short option is held after this time on its expiration day unless marked “take assignment” (half days: the same distance before the close)',
    }),
  earlyAssignmentTest: flag(true, 'Close short calls whose remaining time value is below a dividend going ex tomorrow'),
});

/** When the engine stops itself. */
export const failsafeSettings = z.object({
  maxConsecutiveErrors: count(1, 100, 5, 'Hard errors in a row that stop entries', 'errors'),
  maxErrorsPerDay: count(1, 1_000, 10, 'Hard errors in a day that stop entries', 'errors'),
  maxRejectsPerDay: count(1, 1_000, 20, 'Broker rejections in a day that stop entries', 'orders'),
  staleDataSeconds: seconds(5, 3600, 90, 'Market data older than this stops entries'),
  clockJumpSeconds: seconds(1, 3600, 30, 'A jump of the clock beyond this halts, reconciles, then continues'),
  sweepSeconds: seconds(10, 3600, 50, 'Time between two account snapshots'),
  confirmFillSeconds: seconds(0.5, 60, 3, 'An account snapshot follows each of our fills after this time'),
  recheckSeconds: seconds(5, 60, 5, 'A difference that is not explained yet is looked at again after this time'),
  driftPolls: count(1, 20, 2, 'Snapshots in a row that may differ before entries stop', 'snapshots'),
  unknownCashDollars: z
    .number()
    .min(0)
    .max(1_000_000)
    .default(1)
    .meta({ unit: 'dollars', description: 'An unknown movement of cash this large stops entries; a smaller one is told' }),
  releaseWord: z
    .string()
    .min(3)
    .max(40)
    .default('RESUME')
    .meta({ unit: 'word', description: 'Typed to release the kill switch' }),
  releaseHoldSeconds: seconds(0, 120, 3, 'How long the release button is held'),
  flattenWorstOfSpread: fraction(0.5, 3, 1.25, 'Worst price of a flatten: this far from mid towards natural'),
});

export const strategyBlock = z.object({
  mode: z
    .enum(['auto', 'approve', 'observe', 'off'])
    .default('auto')
    .meta({ unit: 'mode', description: 'auto trades; approve asks first; observe only journals; off does not look' }),
  profile: z
    .enum(['conservative', 'moderate', 'aggressive'])
    .default('moderate')
    .meta({ unit: 'profile', description: 'Risk profile that fills the parameters' }),
  maxPositions: count(0, 100, 6, 'Open positions of this strategy', 'positions'),
  maxRiskFraction: fraction(0.001, 1, 0.1, 'Total maximum loss of this strategy, as a share of equity'),
  parameters: z
    .record(z.string(), z.unknown())
    .default({})
    .meta({ unit: 'parameters', description: 'Overrides of the strategy’s own settings' }),
});

/** The settings that the engine itself reads. */
export const engineSettings = z.object({
  universe: z
    .array(z.string().regex(/^[A-Z.]{1,6}$/))
    .min(1)
    .max(500)
    .default([
      'SPY',
      'QQQ',
      'IWM',
      'DIA',
      'AAPL',
      'MSFT',
      'NVDA',
      'JPM',
      'BAC',
      'XOM',
      'CVX',
      'UNH',
      'JNJ',
      'PG',
      'KO',
      'HD',
      'AMZN',
      'CAT',
      'VXX',
    ])
    .meta({ unit: 'symbols', description: 'Underlyings that are scanned' }),
  scanner: scannerSettings.prefault({}),
  risk: riskSettings.prefault({}),
  execution: executionSettings.prefault({}),
  positions: positionSettings.prefault({}),
  failsafe: failsafeSettings.prefault({}),
  protection: protectionSettings.prefault({}),
  trust: trustSettings.prefault({}),
  live: liveSettings.prefault({}),
  strategies: z
    .record(z.string(), strategyBlock)
    .default({})
    .meta({ unit: 'by strategy', description: 'One block per strategy; a missing block means its defaults' }),
});

export type EngineSettings = z.output<typeof engineSettings>;
export type ScannerSettings = EngineSettings['scanner'];
export type RiskSettings = EngineSettings['risk'];
export type ExecutionSettings = EngineSettings['execution'];
export type PositionSettings = EngineSettings['positions'];
export type FailsafeSettings = EngineSettings['failsafe'];
export type StrategyBlock = z.output<typeof strategyBlock>;
