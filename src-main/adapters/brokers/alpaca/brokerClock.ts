import { z } from 'zod';
import type { Clock } from '#ports/clock';
import type { Gateway } from './gateway.ts';

const answer = z.looseObject({ timestamp: z.string() });

/**
 * Our clock less the broker's, in milliseconds: how far the broker's instant lies outside the time between our question and its
 * answer. A slow answer alone is no difference.
 */
export async function measureClockSkew(gateway: Pick<Gateway, 'call'>, clock: Pick<Clock, 'now'>): Promise<number> {
  const asked = clock.now();
  const { timestamp } = answer.parse(await gateway.call('account', (api) => api.trading.clock.legacyClockRaw()));
  const answered = clock.now();
  const theirs = Date.parse(timestamp);
  if (Number.isNaN(theirs)) throw new Error(`the broker's clock says ${timestamp}`);
  if (theirs < asked) return asked - theirs;
  return theirs > answered ? answered - theirs : 0;
}
