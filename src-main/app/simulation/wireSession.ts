import { createAlpacaBroker } from '#adapters/brokers/alpaca/alpacaBroker';
import { createGateway } from '#adapters/brokers/alpaca/gateway';
import { embeddedVenue } from '#adapters/brokers/alpaca/venue';
import { createAlpacaFeed } from '#adapters/feeds/alpaca/alpacaFeed';
import { type Instant, instant, isoDate } from '#domain/units';
import type { Broker } from '#ports/broker';
import type { Clock } from '#ports/clock';
import type { Deliverable } from '#ports/deliverable';
import type { EarningsDate, MarketData } from '#ports/marketData';

/** How to reach an exchange in another place: its address, the account's key and the lever of its clock. */
export interface WireAddress {
  readonly url: string;
  readonly keyId: string;
  readonly secret: string;
  readonly controlToken: string;
}

export interface WireSession {
  readonly broker: Broker & Deliverable;
  readonly feed: MarketData & Deliverable;
  readonly clock: Clock;
  now(): Instant;
  advanceTo(target: Instant): Promise<Instant>;
}

/** Adapters over REST and WebSocket, and simulated time that moves only when the engine says so. */
export async function openWireSession(address: WireAddress, journalId: string): Promise<WireSession> {
  const control = async (path: string, body?: unknown): Promise<Record<string, unknown>> => {
    const answer = await fetch(`${address.url}/strikedesk/${path}`, {
      method: body === undefined ? 'GET' : 'POST',
      headers: { Authorization: `Bearer ${address.controlToken}`, 'Content-Type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const json: unknown = await answer.json();
    if (!answer.ok || typeof json !== 'object' || json === null)
      throw new Error(`the exchange refused ${path}: ${JSON.stringify(json)}`);
    return Object.fromEntries(Object.entries(json));
  };
  const first = await control('now');
  let now = instant(Number(first['now']));
  const framesBefore = tradingFrames(first);
  let framesSent = framesBefore;
  // Wake-ups of adapters (deadlines, slow retries) wait as long as asked, but on the wall clock: no simulated session depends on them.
  const clock: Clock = {
    now: () => now,
    wakeAt(at, wake) {
      const timer = setTimeout(wake, Math.max(0, at - now)).unref();
      return () => clearTimeout(timer);
    },
  };
  const venue = embeddedVenue(address.url);
  const gateway = createGateway({
    venue,
    keyId: address.keyId,
    secret: address.secret,
    clock,
    settings: { timeoutMs: 30_000, scheduler: { perMinute: null, reserved: 0, maxConcurrent: 32, reservedConcurrent: 0 } },
    jitter: () => 0,
  });
  const earnings = async (): Promise<readonly EarningsDate[]> => {
    const answer = await fetch(`${address.url}/strikedesk/earnings`, {
      headers: { Authorization: `Bearer ${address.controlToken}` },
    });
    const list: unknown = await answer.json();
    return Array.isArray(list)
      ? list.map((item: { underlying: string; date: string; timing: EarningsDate['timing'] }) => ({
          underlying: item.underlying,
          date: isoDate(item.date),
          timing: item.timing,
        }))
      : [];
  };
  const broker = createAlpacaBroker({
    gateway,
    venue,
    clock,
    immediate: false,
    thread: null,
    journalId,
    stream: { authenticationMs: 10_000, slowRetryMs: 1_000, renewMs: 1_000 },
    framesSent: () => framesSent - framesBefore,
  });
  const feed = createAlpacaFeed({
    gateway,
    clock,
    immediate: false,
    optionFeed: 'indicative',
    stockFeed: 'iex',
    quality: 'simulated',
    stream: null,
    maxWatchedOptions: 200,
    earnings,
  });
  /** Cancels and orders make the exchange speak at once: the count of frames is asked for again before silence is believed. */
  const refresh = async (): Promise<void> => {
    framesSent = tradingFrames(await control('now'));
  };
  return {
    broker: {
      ...broker,
      take: broker.take,
      get settled() {
        return false;
      },
      idle: async () => {
        await broker.idle();
        await refresh();
        await broker.idle();
      },
    },
    feed,
    clock,
    now: () => now,
    async advanceTo(target) {
      const answer = await control('advance', { target });
      now = instant(Number(answer['now']));
      framesSent = tradingFrames(answer);
      return now;
    },
  };
}

function tradingFrames(answer: Readonly<Record<string, unknown>>): number {
  const frames = answer['framesSent'];
  return typeof frames === 'object' && frames !== null && 'trading' in frames ? Number(frames.trading) : 0;
}
