import { z } from 'zod';
import { count, days, fraction, minutes, seconds } from './fields.ts';

/** When the engine stops itself. */
export const failsafeSettings = z.object({
  maxConsecutiveErrors: count(1, 100, 5, 'Hard errors in a row that stop entries', 'errors'),
  maxErrorsPerDay: count(1, 1_000, 10, 'Hard errors in a day that stop entries', 'errors'),
  maxRejectsPerDay: count(1, 1_000, 20, 'Broker rejections in a day that stop entries', 'orders'),
  staleDataSeconds: seconds(5, 3600, 90, 'Market data older than this stops entries'),
  clockJumpSeconds: seconds(1, 3600, 30, 'A jump of the clock beyond this halts, reconciles, then continues'),
  sweepSeconds: seconds(10, 3600, 50, 'Time between two account snapshots'),
  confirmFillSeconds: seconds(0.5, 60, 3, 'An account snapshot follows each of our fills after this time'),
  activityOverlapDays: days(
    1,
    60,
    3,
    'Activities of the account are read again from this far before the newest one: the broker may publish a row after a later one',
  ),
  recheckSeconds: seconds(5, 60, 5, 'A difference that is not explained yet is looked at again after this time'),
  driftPolls: count(1, 20, 2, 'Snapshots in a row that may differ before entries stop', 'snapshots'),
  driftSpacingSeconds: seconds(1, 60, 5, 'Snapshots nearer to each other than this count as one'),
  accountLagSeconds: seconds(
    1,
    600,
    30,
    'A difference in the account that our newest fill explains is waited for this long: the broker’s books follow its executions',
  ),
  verifySeconds: seconds(1, 60, 2, 'With the kill switch thrown, the account is asked this often whether an entry is still open'),
  stopWaitSeconds: seconds(0, 60, 6, 'An end in order waits this long for the broker’s word that every entry is taken back'),
  dayCloseDelayMinutes: minutes(15, 360, 90, 'The day’s books are closed this long after the close, when clearing has run'),
  dayOpenLeadMinutes: minutes(1, 120, 15, 'The account is looked at this long before the open, for what happened overnight'),
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
  releaseWithinSeconds: seconds(1, 120, 10, 'A release must follow the end of its hold within this time'),
  flattenWorstOfSpread: fraction(0.5, 3, 1.25, 'Worst price of a flatten: this far from mid towards natural'),
});
