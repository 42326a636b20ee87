import { z } from 'zod';
import { count, days, dollars, flag, fraction, minutes, seconds } from './fields.ts';

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
  maxDailyLossFraction: fraction(0.001, 1, 0.05, 'Loss since the last close, as a share of its equity'),
  maxDailyLossDollars: dollars(1, 10_000_000, 5_000, 'Loss since the last close, in dollars'),
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
    'How far an order’s limit may be from the average of the last limits for the same legs, as a fraction of it plus a fixed part',
  ),
  lastOrdersCollarDollars: dollars(0, 10, 0.1, 'That fixed part, per share'),
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
  theoryCollarFraction: fraction(
    0.05,
    10,
    0.25,
    'How far an order’s limit may be from our own theoretical price of it, as a fraction of its legs’ theoretical prices together, plus its bid/ask and ten cents',
  ),
  theoryMaxAgeSeconds: seconds(5, 3600, 300, 'Oldest look at the chain that our own theoretical price may rest on'),
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
    'How much worse than the fresh mid the limit of a closing order may be, as a fraction of the combination’s bid/ask plus some ticks',
  ),
  exitCollarTicks: count(1, 100, 10, 'Those ticks', 'ticks'),
  stressFallbackVolatility: fraction(0.05, 5, 0.4, 'Volatility that the stress grid uses for an option whose price implies none'),
});
