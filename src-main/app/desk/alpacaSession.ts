import type { StreamSettings } from '#adapters/alpacaStreams/keptSocket';
import { createAlpacaBroker } from '#adapters/brokers/alpaca/alpacaBroker';
import { measureClockSkew } from '#adapters/brokers/alpaca/brokerClock';
import { accountOf } from '#adapters/brokers/alpaca/decode';
import { createGateway } from '#adapters/brokers/alpaca/gateway';
import { ordersBetween } from '#adapters/brokers/alpaca/ordersBetween';
import type { SchedulerSettings } from '#adapters/brokers/alpaca/scheduler';
import { ALPACA_LIVE, ALPACA_PAPER, type AlpacaVenue, disagreement } from '#adapters/brokers/alpaca/venue';
import { systemClock } from '#adapters/clock/systemClock';
import { type AlpacaFeedParts, createAlpacaFeed } from '#adapters/feeds/alpaca/alpacaFeed';
import { fetchContracts } from '#adapters/feeds/alpaca/contracts';
import { readEarningsFile } from '#adapters/feeds/earnings/earningsFile';
import { DEFAULT_FEES } from '#domain/portfolio/fees';
import { driveLive } from '#modes/live';
import type { Runtime } from '#modes/runtime';
import type { ApiKey, SecretStore } from '#ports/secretStore';
import type { DeskSettings } from '../settingsSchema.ts';
import { feedLook } from './feedLook.ts';
import type { VenueParts } from './openVenue.ts';
import type { VenueSession } from './venueSession.ts';

const HEARTBEAT_MS = 5_000;
/** Pause before a mute stream is opened again. */
const RENEW_MS = 2_000;

/** Alpaca on the system clock, paper or live. Throws a sentence when host, key and account do not agree. */
export async function openAlpacaSession({ settings, folder, secrets, journal, onError }: VenueParts): Promise<VenueSession> {
  const venue = venueOf(settings);
  const key = await keyFor(venue, secrets);
  const clock = systemClock();
  const gateway = createGateway({
    venue,
    ...key,
    clock,
    settings: { timeoutMs: settings.broker.requestSeconds * 1000, scheduler: requestsOf(settings) },
    jitter: Math.random,
  });
  const account = accountOf(await gateway.call('account', (api) => api.trading.account.getAccountRaw()), !venue.isLive);
  refuse(disagreement(venue, key.keyId, account.accountNumber));
  if (venue.isLive) refuse(unsafeStore(secrets));
  const { optionFeed, stockFeed, watchedOptions, watchedStocks, quoteSilenceSeconds, updateSilenceSeconds } = settings.broker;
  const streams = streamsOf(settings);
  const broker = createAlpacaBroker({
    gateway,
    venue,
    clock,
    immediate: true,
    journalId: journal.writer.journalId,
    stream: streams,
    thread: { ...key, silenceMs: updateSilenceSeconds * 1000 },
  });
  const feedParts: AlpacaFeedParts = {
    gateway,
    clock,
    immediate: true,
    optionFeed,
    stockFeed,
    quality: optionFeed === 'opra' ? 'nbbo' : 'indicative',
    stream: {
      ...key,
      venue,
      settings: streams,
      maxStocks: watchedStocks,
      silenceMs: quoteSilenceSeconds * 1000,
      hours: settings.broker.tradingUrl === '' ? 'sessions' : 'always',
    },
    maxWatchedOptions: watchedOptions,
    earnings: () => Promise.resolve(readEarningsFile(folder.earnings)?.dates ?? []),
  };
  const feed = createAlpacaFeed(feedParts);
  const late: { runtime: Runtime | null; live: ReturnType<typeof driveLive> | null } = { runtime: null, live: null };
  return {
    title: venue.title,
    note: earningsNote(folder.earnings),
    mode: venue.isLive ? 'live' : 'paper',
    account: account.accountNumber,
    fees: DEFAULT_FEES,
    broker,
    feed,
    market: feedLook({
      feed,
      viewer: createAlpacaFeed({ ...feedParts, stream: null }),
      universe: settings.universe,
      now: clock.now,
      listed: async (underlying, from, to) =>
        (await fetchContracts(gateway, underlying, from, to)).map(({ expiration }) => expiration),
      onError,
    }),
    watchAt: { tradingUrl: venue.tradingUrl, keyId: key.keyId, secret: key.secret },
    // An address of the owner's own is a simulated exchange with a time of its own.
    clockSkew: settings.broker.tradingUrl === '' ? () => measureClockSkew(gateway, clock) : null,
    ordersBetween: (from, until) => ordersBetween(gateway, { from, until }),
    now: clock.now,
    agendaChanged: () => late.live?.agendaChanged(),
    drive(runtime) {
      late.runtime = runtime;
      const live = driveLive({
        clock,
        runtime: () => runtime,
        jumpMs: settings.failsafe.clockJumpSeconds * 1000,
        heartbeatMs: HEARTBEAT_MS,
      });
      late.live = live;
      live.start();
      return {
        clock: { now: clock.now, speed: () => 1, setSpeed: () => false },
        stop: () => Promise.resolve(live.stop()),
      };
    },
    close() {},
  };
}

/** One budget for the key; some requests and half of the lines stay free for cancels and exits. */
function requestsOf({ broker }: DeskSettings): SchedulerSettings {
  return { perMinute: broker.requestsPerMinute, reserved: broker.reservedRequests, maxConcurrent: 8, reservedConcurrent: 4 };
}

function streamsOf({ broker }: DeskSettings): StreamSettings {
  return {
    authenticationMs: broker.authenticationSeconds * 1000,
    slowRetryMs: broker.slowRetrySeconds * 1000,
    renewMs: RENEW_MS,
  };
}

/** Without dates the rule about earnings can hold nothing back: the owner is told, and told of rows that cannot be read. */
function earningsNote(path: string): VenueSession['note'] {
  const calendar = readEarningsFile(path);
  if (calendar === null)
    return {
      title: 'No earnings calendar',
      body: `Alpaca tells no earnings dates: entries before earnings are not held back. Put them into ${path}, one row each: symbol,date,timing (AAPL,2026-01-29,afterClose).`,
    };
  if (calendar.problems.length === 0) return null;
  const rows = calendar.problems.map(({ line, field, message }) => `line ${line}, ${field}: ${message}`);
  return { title: 'Earnings calendar: rows left out', body: `${path}: ${rows.join('; ')}` };
}

function venueOf({ broker }: DeskSettings): AlpacaVenue {
  const base = broker.venue === 'alpaca-live' ? ALPACA_LIVE : ALPACA_PAPER;
  const tradingUrl = broker.tradingUrl || base.tradingUrl;
  const updatesUrl = broker.tradingUrl ? `${broker.tradingUrl.replace(/^http/, 'ws')}/stream` : base.updatesUrl;
  const streamUrl = broker.dataUrl ? broker.dataUrl.replace(/^http/, 'ws') : base.streamUrl;
  return { ...base, tradingUrl, updatesUrl, streamUrl, dataUrl: broker.dataUrl || base.dataUrl };
}

async function keyFor(venue: AlpacaVenue, secrets: SecretStore): Promise<ApiKey> {
  const name = venue.isLive ? 'alpaca-live' : 'alpaca-paper';
  const key = await secrets.read(name);
  if (!key)
    throw new Error(
      `There is no ${name} key (${secrets.detail}). Start with broker.venue "embedded", store the key in Settings, then choose ${venue.title} again.`,
    );
  refuse(disagreement(venue, key.keyId, null));
  return key;
}

/** A live key must lie in a safe place. Starting is not trading: nothing is opened until the owner arms it. */
function unsafeStore(secrets: SecretStore): string | null {
  return secrets.backend === 'keychain' || secrets.backend === 'sealedFile'
    ? null
    : 'Live keys must come from the keychain or a sealed file.';
}

function refuse(reason: string | null): void {
  if (reason !== null) throw new Error(reason);
}
