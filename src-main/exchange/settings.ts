import { z } from 'zod';
import { DEFAULT_FEES } from '#domain/portfolio/fees';

const number = (unit: string, min: number, max: number, initial: number, description: string) =>
  z.number().min(min).max(max).default(initial).meta({ unit, description });
const whole = (unit: string, min: number, max: number, initial: number, description: string) =>
  z.number().int().min(min).max(max).default(initial).meta({ unit, description });
const flag = (initial: boolean, description: string) => z.boolean().default(initial).meta({ unit: 'on/off', description });

/** How the simulated market moves and is quoted. */
export const marketSettings = z.object({
  tickSeconds: z
    .number()
    .int()
    .min(1)
    .max(60)
    .refine((seconds) => 60 % seconds === 0, 'must divide a minute')
    .default(1)
    .meta({ unit: 'seconds', description: 'Time between two steps of every price; divides a minute' }),
  riskFreeRate: number('fraction per year', -0.05, 0.25, 0.04, 'Rate used for discounting and forwards'),
  equityPremium: number('fraction per year', -0.5, 0.5, 0.04, 'Expected return of the market above the risk-free rate'),
  volatilityPremium: number(
    'fraction',
    -0.5,
    1,
    0.12,
    'How far implied volatility lies above what is expected to be realised: 0.12 = twelve percent of the volatility',
  ),
  volatilityScale: number('factor', 0.1, 5, 1, 'Multiplies every volatility'),
  jumpsPerYear: number('per year', 0, 50, 3, 'Market-wide shocks'),
  earningsMoveScale: number('factor', 0, 5, 1, 'Multiplies the size of earnings moves'),
  spreadScale: number('factor', 0, 10, 1, 'Multiplies every bid/ask spread'),
  historySessions: whole('sessions', 30, 2520, 270, 'Sessions of history made before the start'),
  underlyings: z
    .array(z.string().min(1).max(6))
    .default([])
    .meta({ unit: 'symbols', description: 'Which of the simulated underlyings to list; empty = all' }),
  quoteNoise: number('fraction of half-spread', 0, 1, 0.15, 'How far a quote wanders around its fair value'),
  missingGreeksFraction: number('fraction', 0, 1, 0.3, 'Share of illiquid contracts for which the vendor gives no greeks'),
});

export const FILL_MODELS = ['alpacaPaper', 'conservative', 'natural'] as const;
export const SLIPPAGE_MODELS = ['none', 'ticks'] as const;
export const FEE_MODELS = ['passThrough', 'none'] as const;
export const ASSIGNMENT_MODELS = ['rational', 'never'] as const;

/** How orders are matched. */
const matchingSettings = z.object({
  fillModel: z.enum(FILL_MODELS).default('alpacaPaper').meta({
    unit: 'model',
    description:
      'alpacaPaper: size not checked, now and then partial; conservative: size-limited and pays slippage; natural: all at the natural price',
  }),
  partialFillChance: number('fraction', 0, 1, 0.1, 'Chance that a fill is partial'),
  priceImprovementChance: number('fraction', 0, 1, 0.12, 'Chance that a marketable order is filled better than natural'),
  priceImprovementFraction: number('fraction of spread', 0, 1, 0.25, 'How much better, at most'),
  insideFillsPerMinute: number(
    'per minute',
    0,
    60,
    1.6,
    'Rate of fills inside the spread for an order resting one step from natural; falls with the square of the distance',
  ),
  insideFillPatience: number('seconds', 1, 3600, 60, 'Resting this long doubles the rate; it never more than triples'),
  slippageModel: z
    .enum(SLIPPAGE_MODELS)
    .default('none')
    .meta({ unit: 'model', description: 'What a fill pays beyond its natural price' }),
  slippageTicks: whole('cents', 0, 50, 1, 'Slippage per leg under the ticks model'),
  acknowledgeMs: whole('milliseconds', 0, 60_000, 100, 'From acceptance to working'),
  cancelMs: whole('milliseconds', 0, 60_000, 250, 'From a cancel request to its effect; a fill may win the race'),
  haltRefusalFraction: number('fraction', 0, 1, 0.5, 'Orders refused in a trading halt; the others wait until it is over'),
  enforceOptionTicks: flag(true, 'Refuse single-leg option limits off their price increment'),
  allowCombinationReplace: flag(false, 'Accept a replace of a multi-leg order'),
  gtcDays: whole('days', 1, 365, 90, 'Life of a good-till-cancelled order'),
});

/** Fees as passed on by the broker. */
const feeSettings = z.object({
  model: z.enum(FEE_MODELS).default('passThrough').meta({ unit: 'model', description: 'Charge the schedule below, or nothing' }),
  optionRegulatoryFeePerContract: number(
    'dollars per contract',
    0,
    1,
    DEFAULT_FEES.optionRegulatoryFeePerContract,
    'Options Regulatory Fee',
  ),
  occClearingFeePerContract: number('dollars per contract', 0, 1, DEFAULT_FEES.occClearingFeePerContract, 'OCC clearing fee'),
  occClearingFeeCap: number('dollars', 0, 1000, DEFAULT_FEES.occClearingFeeCap, 'Most that OCC charges for one trade'),
  finraTafPerContract: number('dollars per contract', 0, 1, DEFAULT_FEES.finraTafPerContract, 'FINRA activity fee, options sold'),
  finraTafPerShare: number('dollars per share', 0, 1, DEFAULT_FEES.finraTafPerShare, 'FINRA activity fee, stock sold'),
  finraTafStockCap: number('dollars', 0, 1000, DEFAULT_FEES.finraTafStockCap, 'Most that FINRA charges for one stock trade'),
  secFeePerMillion: number('dollars per million', 0, 1000, DEFAULT_FEES.secFeePerMillion, 'SEC section 31 fee on proceeds'),
  exchangeFeePerContract: number('dollars per contract', 0, 5, DEFAULT_FEES.exchangeFeePerContract, 'Exchange fees passed on'),
  commissionPerContract: number('dollars per contract', 0, 5, DEFAULT_FEES.commissionPerContract, 'Commission'),
});

/** The account and what the clearing house does to it. */
const clearingSettings = z.object({
  startingCash: whole('cents', 0, 1e12, 10_000_000, 'Cash at the start'),
  optionsLevel: whole('level', 0, 3, 3, 'Approved options level'),
  accountNumber: z.string().min(1).max(32).default('PA3SIM000001').meta({ unit: 'text', description: 'Account number' }),
  clearingDelayMinutes: whole('minutes', 0, 360, 60, 'From the close to expirations, exercises and assignments'),
  activityDelay: z.enum(['none', 'nextDay']).default('nextDay').meta({
    unit: 'choice',
    description: 'When exercises, assignments and expirations appear among the activities; positions change at once',
  }),
  exerciseThreshold: number('dollars per share', 0, 1, 0.01, 'In the money by this much at expiration is exercised by exception'),
  assignmentModel: z
    .enum(ASSIGNMENT_MODELS)
    .default('rational')
    .meta({ unit: 'model', description: 'Who is assigned before expiration' }),
  earlyAssignmentChance: number(
    'fraction',
    0,
    1,
    0.85,
    'Chance per night of being assigned where early exercise pays its holder',
  ),
  openingCutoffMinutes: whole(
    'minutes before the close',
    0,
    390,
    30,
    'No new positions in contracts that expire today from then on',
  ),
  liquidateUncoveredExpiring: flag(true, 'From the cut-off the broker closes expiring shorts that the account could not settle'),
  dividendPayLagDays: whole('days', 0, 60, 10, 'From the ex-date to the payment'),
  shortStockRequirement: number('fraction of value', 0, 5, 1.5, 'Requirement of shares sold short'),
  raisedMarginFactor: number('factor', 1, 100, 10, 'What the house asks of options while a fault raises its requirement'),
  maintenanceRate: number('fraction of value', 0, 1, 0.25, 'Maintenance requirement of shares held'),
});

/** All settings of the embedded exchange. */
export const exchangeSettings = z.object({
  market: marketSettings.prefault({}),
  matching: matchingSettings.prefault({}),
  fees: feeSettings.prefault({}),
  clearing: clearingSettings.prefault({}),
});

export type MarketSettings = z.output<typeof marketSettings>;
export type MatchingSettings = z.output<typeof matchingSettings>;
export type ClearingSettings = z.output<typeof clearingSettings>;
export type ExchangeSettings = z.output<typeof exchangeSettings>;
/** What a caller may leave out. */
export type ExchangeSettingsInput = z.input<typeof exchangeSettings>;
