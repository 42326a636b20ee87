import { z } from 'zod';
import { count, days, fraction, minutes, seconds } from './fields.ts';

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
  giveWaySeconds: seconds(
    0.5,
    30,
    2,
    'Pause of an exit whose legs an entry of ours crosses, or that an order of another hand would do as well: that is cancelled, then the exit is tried again',
  ),
  exitWaitsForCancelSeconds: seconds(1, 120, 10, 'Longest that an exit waits for such a cancel; then it goes all the same'),
  maxShareSpreadFraction: fraction(
    0.0005,
    1,
    0.1,
    'Widest bid/ask, as a fraction of its middle, at which shares held are still sold though it is too wide for a price',
  ),
  ownLimitRestMinutes: minutes(1, 1_440, 390, 'How long an order rests that you priced yourself (390: a whole session)'),
  absentProofSpacingSeconds: seconds(1, 60, 5, 'Look-ups nearer to each other than this count as one'),
});
