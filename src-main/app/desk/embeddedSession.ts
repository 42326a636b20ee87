import { join } from 'node:path';
import { EmbeddedBroker } from '#adapters/brokers/embedded/embeddedBroker';
import { brokerOrderOf } from '#adapters/brokers/embedded/translate';
import { systemClock } from '#adapters/clock/systemClock';
import { openTapedExchange } from '#adapters/exchangeTape/exchangeTape';
import { EmbeddedFeed } from '#adapters/feeds/embedded/embeddedFeed';
import { nextSession, sessionAt } from '#domain/market/calendar';
import { type Instant, isoDate, plusMs } from '#domain/units';
import { runPaced } from '#modes/realTime';
import type { DeskSettings } from '../settingsSchema.ts';
import { embeddedLook } from './embeddedLook.ts';
import type { VenueSession } from './venueSession.ts';

/** Wall milliseconds between two steps of the paced market. */
const STEP_MS = 100;
/** When the night is skipped, the market goes on this long before the next open: the engine prepares its day there. */
const LEAD_MS = 20 * 60_000;

/**
 * The embedded exchange at a chosen speed. `resumeAt` is the last instant that the journal knows: after a crash or a restart the
 * exchange is brought back to it from its own memory, and account, orders and market are what they were.
 */
export function openEmbeddedSession(
  folder: string,
  settings: DeskSettings,
  resumeAt: Instant | null,
  onError: (where: string, error: unknown) => void,
): VenueSession {
  const { seed, start, speed, skipClosedHours } = settings.simulation;
  const tape = openTapedExchange(
    join(folder, 'calls.jsonl'),
    { seed, start: isoDate(start), settings: settings.exchange },
    resumeAt,
  );
  const { exchange } = tape;
  const broker = new EmbeddedBroker(exchange);
  const feed = new EmbeddedFeed(exchange);
  return {
    title: 'embedded exchange',
    note:
      tape.seed === seed && tape.start === start
        ? null
        : {
            title: 'Settings not used',
            body: `This data folder holds the market of seed ${tape.seed} from ${tape.start}; seed ${seed} from ${start} needs a data folder of its own (STRIKEDESK_HOME).`,
          },
    mode: 'paper',
    account: exchange.desk.account().accountNumber,
    fees: exchange.settings.fees,
    broker,
    feed,
    market: embeddedLook(exchange, feed),
    watchAt: null,
    clockSkew: null,
    ordersBetween: (from, until) =>
      Promise.resolve(
        exchange.desk
          .orders({ status: 'all' })
          .map(brokerOrderOf)
          .filter(({ submittedAt }) => submittedAt >= from && submittedAt < until),
      ),
    now: () => exchange.now(),
    agendaChanged() {},
    drive(runtime) {
      const session = { runtime, time: exchange, adapters: [broker, feed], onTime: () => feed.publishWatched() };
      const paced = runPaced(session, {
        wall: systemClock(),
        speed,
        stepMs: STEP_MS,
        skipClosedHours: skipClosedHours ? { leadMs: LEAD_MS, nextOpenAfter: quietUntil } : null,
        onError: (error) => onError('market', error),
      });
      return {
        clock: {
          now: () => exchange.now(),
          speed: () => paced.speed(),
          setSpeed(next) {
            paced.setSpeed(next);
            return true;
          },
        },
        stop: () => paced.stop(),
      };
    },
    close: () => tape.close(),
  };
}

/** Clearing has run this long after the close; the night may be skipped from then on. */
const AFTER_CLEARING_MS = 2 * 3_600_000;

/** The next open when nothing is left to happen before it; null in a session and in the clearing hours after it. */
function quietUntil(now: Instant): Instant | null {
  if (sessionAt(now)) return null;
  const next = nextSession(now);
  const cleared = !sessionAt(plusMs(now, -AFTER_CLEARING_MS));
  const sinceClose = nextSession(plusMs(now, -AFTER_CLEARING_MS));
  return cleared && sinceClose.open === next.open ? next.open : null;
}
