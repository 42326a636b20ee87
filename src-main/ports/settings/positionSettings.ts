import { z } from 'zod';
import { count, days, dollars, flag, fraction, seconds } from './fields.ts';

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
