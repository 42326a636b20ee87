import { z } from 'zod';

const number = (unit: string, min: number, max: number, initial: number, description: string) =>
  z.number().min(min).max(max).default(initial).meta({ unit, description });
const whole = (unit: string, min: number, max: number, initial: number, description: string) =>
  z.number().int().min(min).max(max).default(initial).meta({ unit, description });

/** From least to most: each rung is earned on the one below it. */
export const RUNGS = ['observe', 'propose', 'autoSmall', 'autoFull'] as const;
export type Rung = (typeof RUNGS)[number];
const rung = (initial: Rung, description: string) => z.enum(RUNGS).default(initial).meta({ unit: 'rung', description });

/** How far a strategy is trusted. Its mode can only hold it further back. */
export const trustSettings = z.object({
  startEmbedded: rung('autoFull', 'Rung on which a strategy starts on the embedded exchange'),
  startPaper: rung('autoSmall', 'Rung on which a strategy starts on Alpaca paper'),
  startLive: rung(
    'propose',
    'Rung on which a strategy starts with real money, whatever it earned on paper (lower where it stands lower there)',
  ),
  smallContracts: whole('contracts', 1, 100, 1, 'Largest order of a strategy on the rung “auto small”'),
  minTrades: whole('trades', 1, 10_000, 20, 'Trades closed on a rung before the next one'),
  minObservations: whole(
    'proposals',
    1,
    10_000,
    40,
    'Observed proposals that were followed to their expiration before the first step up',
  ),
  minExpectancyDollars: number('dollars', -1_000, 100_000, 0, 'Expectancy that must be exceeded at its lower bound'),
  expectancyDeviations: number('standard errors', 0, 5, 1.28, 'Taken from the mean for that lower bound (1.28: 90 % one-sided)'),
  maxTrips: whole('breakers', 0, 100, 0, 'Breakers of the strategy or of the losses that may have tripped on the rung'),
  demoteLosingStreak: whole('trades', 2, 100, 6, 'Losing trades in a row that cost a rung'),
  demoteDrawdownFraction: number(
    'fraction',
    0.001,
    1,
    0.04,
    'Fall of a strategy’s own results, as a share of equity, that costs a rung',
  ),
  demoteOutliers: whole('fills', 1, 1_000, 5, 'Fills far worse than decided that cost a rung'),
});
