import { z } from 'zod';

const number = (unit: string, min: number, max: number, initial: number, description: string) =>
  z.number().min(min).max(max).default(initial).meta({ unit, description });
const whole = (unit: string, min: number, max: number, initial: number, description: string) =>
  z.number().int().min(min).max(max).default(initial).meta({ unit, description });

const SEVERITIES = ['low', 'medium', 'high', 'critical'] as const;
export type Severity = (typeof SEVERITIES)[number];
const severity = (initial: Severity, description: string) =>
  z.enum(SEVERITIES).default(initial).meta({ unit: 'severity', description });

/**
 * How bad each thing is that may stop the engine by itself. A failing journal and a broken assertion are not here: both are
 * always critical, because what followed would not be on record or would rest on a wrong state.
 */
const severities = z.object({
  dailyLoss: severity('high', 'Loss of the day beyond its limit'),
  weeklyLoss: severity('high', 'Loss of the week beyond its limit'),
  drawdown: severity('high', 'Fall from the highest equity beyond its limit'),
  unknownMark: severity('high', 'What is held cannot be valued, so its loss is not known'),
  drift: severity('high', 'Our book and the broker’s differ and nobody can say why'),
  books: severity('high', 'Cash, fills or clearing of the broker that our journal cannot account for'),
  audit: severity('critical', 'An order, a duplicate or a fill at the broker that our journal does not prove'),
  errors: severity('high', 'Too many hard errors, in a row or in a day'),
  rejects: severity('high', 'The broker refuses too many orders'),
  slippage: severity('high', 'Fills far worse than the mid at the decision'),
  feedDeath: severity('high', 'No market data in the session'),
  clockSkew: severity('high', 'Our clock and the broker’s differ'),
  diskSpace: severity('high', 'The disk of the data folder is almost full'),
  loopLag: severity('high', 'The program stood still'),
  heap: severity('high', 'The program’s memory is almost full'),
  runaway: severity('high', 'The order throttles refuse without end: a loop'),
  alertUnseen: severity('high', 'A critical alert that nobody acknowledged'),
});
export const TRIGGERS = severities.keyof().options;
export type Trigger = (typeof TRIGGERS)[number];

/** What stops the engine by itself, from which value on, and what it then does. */
export const protectionSettings = z.object({
  severities: severities.prefault({}),
  onHigh: z
    .enum(['pause', 'stopEntries', 'freeze'])
    .default('stopEntries')
    .meta({ unit: 'act', description: 'HIGH: pause entries until it is over, or throw the kill switch' }),
  onCritical: z
    .enum(['stopEntries', 'freeze', 'flatten'])
    .default('freeze')
    .meta({ unit: 'act', description: 'CRITICAL: freeze cancels and halts; flatten also closes everything' }),
  maxRejectFraction: number('fraction', 0.01, 1, 0.5, 'Share of the day’s orders that the broker may refuse'),
  rejectFractionMinOrders: whole('orders', 2, 1_000, 10, 'Orders of the day before that share is looked at'),
  slippageOutlierDollars: number('dollars per share', 0.01, 100, 0.5, 'A fill this much worse than the decision’s mid is noted'),
  maxSlippageOutliersPerDay: whole('fills', 1, 1_000, 5, 'So many noted fills in a day stop entries'),
  slippageStopDollars: number('dollars per share', 0.01, 1_000, 2, 'One fill this much worse stops entries alone'),
  unknownMarkSeconds: number(
    'seconds',
    30,
    7_200,
    300,
    'So long may a position be without a mark in the session, while data come',
  ),
  feedDeadSeconds: number('seconds', 30, 7_200, 300, 'Silence of the market data in the session that counts as its death'),
  maxClockSkewMs: number('milliseconds', 50, 600_000, 1_000, 'Difference between our clock and the broker’s'),
  minDiskMegabytes: number('megabytes', 1, 10_000_000, 500, 'Free space that the data folder’s disk must have'),
  maxLoopLagMs: number('milliseconds', 100, 600_000, 10_000, 'Longest time the program may stand still'),
  maxHeapFraction: number('fraction', 0.1, 1, 0.92, 'Share of its memory limit that the program may use'),
  stopCooldownMinutes: number('minutes', 0, 10_080, 60, 'After a stop loss its underlying takes no new entry for this long'),
  strategyLosingStreak: whole('trades', 2, 100, 5, 'Losing trades in a row that pause a strategy'),
  strategyCooldownHours: number('hours', 0, 720, 24, 'How long a strategy then pauses'),
  alertAcknowledgeSeconds: number('seconds', 10, 86_400, 300, 'A critical alert must be acknowledged within this time'),
  brokerCutoff: z
    .string()
    .regex(/^([01]\d|2[0-3]):[0-5]\d$/)
    .default('15:30')
    .meta({ unit: 'New York time', description: 'From then on the broker may liquidate what expires that day' }),
  unattendedSeconds: number('seconds', 10, 86_400, 120, 'Open positions that nobody can watch are told after this time'),
});
export type ProtectionSettings = z.output<typeof protectionSettings>;
