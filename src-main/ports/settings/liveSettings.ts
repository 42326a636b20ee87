import { z } from 'zod';

const number = (unit: string, min: number, max: number, initial: number, description: string) =>
  z.number().min(min).max(max).default(initial).meta({ unit, description });
const whole = (unit: string, min: number, max: number, initial: number, description: string) =>
  z.number().int().min(min).max(max).default(initial).meta({ unit, description });

/** What must be shown on paper before real money may be armed, and how long a leave to trade lasts. */
export const liveSettings = z.object({
  minPaperDays: whole('days', 1, 3_650, 90, 'Days between the first and the last paper trade; these days or the trades suffice'),
  minPaperTrades: whole('trades', 2, 100_000, 100, 'Closed paper trades; these trades or the days suffice'),
  leastTrades: whole('trades', 2, 100_000, 30, 'Closed paper trades that are needed in any case: fewer say nothing'),
  countSimulated: z
    .boolean()
    .default(false)
    .meta({ unit: 'on/off', description: 'Count trades on the embedded exchange too; its market is simulated' }),
  minExpectancyDollars: number('dollars', -1_000, 100_000, 0, 'Mean profit of a paper trade that its lower bound must exceed'),
  confidence: number('fraction', 0.5, 0.999, 0.95, 'Confidence of that bound (two-sided bootstrap)'),
  maxDrawdownFraction: number('fraction', 0.01, 1, 0.15, 'Deepest fall from a peak that the paper account may have had'),
  maxErrorsPerHundredOrders: number('errors', 0, 100, 1, 'Hard faults and orders in doubt for a hundred paper orders'),
  armedHours: number('hours', 0.1, 168, 12, 'How long an arming lasts; then nothing new is opened, exits go on'),
  wrongCodes: whole('codes', 1, 100, 5, 'Wrong one-time codes before everybody waits'),
  lockMinutes: whole('minutes', 1, 1_440, 15, 'How long everybody waits then'),
});

export type LiveSettings = z.output<typeof liveSettings>;
