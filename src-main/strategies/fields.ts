import { z } from 'zod';

/**
 * Fields that several strategies share, each with unit, range and default: a strategy's schema is its form in the window, the
 * grid of a backtest and the record in the journal.
 */
const number = (unit: string, min: number, max: number, initial: number, description: string) =>
  z.number().min(min).max(max).default(initial).meta({ unit, description });
const whole = (unit: string, min: number, max: number, initial: number, description: string) =>
  z.number().int().min(min).max(max).default(initial).meta({ unit, description });

export const flag = (initial: boolean, description: string) => z.boolean().default(initial).meta({ unit: 'on/off', description });

/** Window of days to expiration and the day aimed at. */
export const expirationFields = (dteMin: number, dteMax: number, dteTarget: number) => ({
  dteMin: whole('days', 1, 365, dteMin, 'Fewest calendar days to expiration'),
  dteMax: whole('days', 1, 730, dteMax, 'Most calendar days to expiration'),
  dteTarget: whole('days', 1, 730, dteTarget, 'Days to expiration aimed at; the nearest listed one is taken'),
});

/** Delta of the short leg, absolute: aimed at, and the bounds that a proposal must keep. */
export const shortDeltaFields = (target: number, min: number, max: number) => ({
  shortDelta: number('delta', 0.01, 0.95, target, 'Delta of the short leg aimed at'),
  shortDeltaMin: number('delta', 0.01, 0.95, min, 'Least delta of the short leg'),
  shortDeltaMax: number('delta', 0.01, 0.99, max, 'Most delta of the short leg'),
});

/** Distance between the strikes of a spread. */
export const widthFields = (widthOfMove: number, maxWidthDollars: number) => ({
  widthOfMove: number('fraction', 0.02, 2, widthOfMove, 'Width aimed at, as a fraction of the expected move to expiration'),
  maxWidthDollars: number('dollars', 0.5, 100, maxWidthDollars, 'Widest distance between the strikes of one side'),
});

export const ivRankMin = (initial: number) =>
  number('fraction', 0, 1, initial, 'Least IV rank of the underlying (0 asks for none)');

/** When a position is left; 0 switches a rule off. */
export const exitFields = (initial: {
  readonly takeProfit: number;
  readonly stopLoss: number;
  readonly timeStopDays: number;
  readonly trailing?: boolean;
}) => ({
  takeProfitFraction: number('fraction', 0, 1, initial.takeProfit, 'Take profit at this share of the maximum (0: never)'),
  stopLossMultiple: number(
    'times the credit',
    0,
    20,
    initial.stopLoss,
    'Stop when the loss reaches this multiple of the credit (0: never)',
  ),
  timeStopDays: whole('days', 0, 365, initial.timeStopDays, 'Close at this many days to expiration (0: never)'),
  trailing: flag(initial.trailing ?? false, 'Use the trailing stop'),
  trailingActivateAt: number('fraction', 0.05, 1, 0.35, 'Profit at which trailing starts (share of the maximum)'),
  trailingGiveBack: number('fraction', 0.01, 1, 0.2, 'Profit that may be given back once trailing'),
  scaleOut: flag(false, 'Close a third at 25 %, half of the rest at 50 % and all at 75 % of the maximum profit'),
});

/** Rolling a tested short strike, for a credit only. */
export const rollFields = (whenShortDeltaAbove: number, maxRolls: number) => ({
  roll: flag(true, 'Roll a tested short strike instead of closing, for a credit only'),
  rollDelta: number('delta', 0.05, 1, whenShortDeltaAbove, 'Roll when the short leg’s delta rises above this'),
  rollDays: whole('days', 0, 365, 7, 'Roll at the latest at this many days to expiration'),
  rollMinCredit: number('dollars', 0.01, 10, 0.05, 'Least credit of a roll, per share'),
  maxRolls: whole('rolls', 0, 20, maxRolls, 'Rolls of one position'),
});
