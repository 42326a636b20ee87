import { EventEmitter } from 'node:events';
import { encode } from '@msgpack/msgpack';
import { createAlpacaBroker } from '#adapters/brokers/alpaca/alpacaBroker';
import { createGateway } from '#adapters/brokers/alpaca/gateway';
import { embeddedVenue } from '#adapters/brokers/alpaca/venue';
import { createAlpacaFeed } from '#adapters/feeds/alpaca/alpacaFeed';
import { openQuoteStream } from '#adapters/feeds/alpaca/quoteStream';
import { instant } from '#domain/units';
import type { BrokerReport } from '#ports/broker';
import type { SymbolQuote, TradingHalt } from '#ports/marketData';
import { manualClock } from '#support/manualClock';
import { QUIET_FEED } from '#support/quietFeed';
import type { Captured } from './capture.ts';

/** What is asked, by the name of its answer. */
export type Asked = keyof Captured['rest'] & string;

/** A socket without a wire: what it is sent it forgets, what it says is put into it. */
class MuteSocket extends EventEmitter {
  send(): void {}
  close(): void {}
}

const SETTINGS = { authenticationMs: 5_000, slowRetryMs: 500, renewMs: 100 };

/**
 * The adapter whole (gateway, broker, feed, streams and the kit's own decoders of frames), with texts in the place of the network:
 * whatever is asked is answered from `answers`.
 */
export function openLine(journalId: string, at: number, key = { keyId: 'PK', secret: 'secret' }) {
  const answers = new Map<string, string>();
  const clock = manualClock(at);
  const venue = embeddedVenue('http://127.0.0.1:1');
  const gateway = createGateway({
    venue,
    ...key,
    clock,
    settings: { timeoutMs: 5_000, scheduler: { perMinute: null, reserved: 0, maxConcurrent: 32, reservedConcurrent: 0 } },
    jitter: () => 0,
  });
  const { trading, marketData } = gateway.sdk;
  const says = (name: string) => () =>
    Promise.resolve({
      raw: new Response(answers.get(name) ?? null, { status: 200, headers: { 'Content-Type': 'application/json' } }),
      value: () => Promise.reject(new Error('only the raw answer is read')),
    });
  trading.orders.postOrderRaw = says('posted');
  trading.orders.getOrderByClientOrderIdRaw = says('byClient');
  trading.orders.getOrderByOrderIDRaw = says('byId');
  trading.orders.deleteOrderByOrderIDRaw = says('deleted');
  trading.orders.getAllOrdersRaw = (request) => says(request?.status === 'open' ? 'open' : 'closed')();
  trading.account.getAccountRaw = says('account');
  trading.positions.getAllOpenPositionsRaw = says('positions');
  trading.accountActivities.getAccountActivitiesRaw = says('activities');
  trading.assets.getOptionsContractsRaw = says('contracts');
  marketData.options.optionChainRaw = says('chain');
  marketData.options.optionLatestQuotesRaw = says('optionQuotes');
  marketData.stocks.stockLatestQuotesRaw = says('spots');
  marketData.stocks.stockBarsRaw = says('bars');
  marketData.corporateActions.corporateActionsRaw = says('actions');

  const sockets = { updates: new MuteSocket(), options: new MuteSocket(), stocks: new MuteSocket() };
  /** Connections that are up. */
  const known = new WeakSet<MuteSocket>();
  const fresh = (name: keyof typeof sockets) => () => {
    sockets[name] = new MuteSocket();
    return sockets[name];
  };
  const openUpdates = trading.stream.bind(trading);
  trading.stream = (options) => openUpdates({ ...options, pingIntervalMs: 0, wsFactory: fresh('updates') });
  const openOptions = marketData.optionStream.bind(marketData);
  marketData.optionStream = (options) => openOptions({ ...options, pingIntervalMs: 0, wsFactory: fresh('options') });
  const openStocks = marketData.stockStream.bind(marketData);
  marketData.stockStream = (options) => openStocks({ ...options, pingIntervalMs: 0, wsFactory: fresh('stocks') });

  const broker = createAlpacaBroker({ gateway, venue, clock, immediate: true, journalId, stream: SETTINGS, thread: null });
  const feed = createAlpacaFeed({
    gateway,
    clock,
    ...QUIET_FEED,
  });
  const reports: BrokerReport[] = [];
  broker.onReport((report) => reports.push(report));
  const states: string[] = [];
  broker.onConnection(({ channel, state }) => {
    if (channel === 'updates') states.push(state);
  });
  const quotes: SymbolQuote[] = [];
  const halts: TradingHalt[] = [];
  const stream = openQuoteStream({
    sdk: gateway.sdk,
    clock,
    url: venue.streamUrl,
    optionFeed: 'indicative',
    stockFeed: 'iex',
    maxOptions: 50,
    maxStocks: 30,
    settings: SETTINGS,
    silenceMs: 600_000,
    flowingSince: () => instant(0),
    onQuotes: (batch) => quotes.push(...batch),
    onHalts: (batch) => halts.push(...batch),
    onState: () => {},
  });
  const ofTrading = (json: unknown): void => void sockets.updates.emit('message', Buffer.from(JSON.stringify(json)));

  return {
    answers,
    broker,
    feed,
    reports,
    states,
    quotes,
    halts,
    clock,
    /** Opens every connection that is not up: what the servers say until they are ready. */
    connect(): void {
      if (known.has(sockets.updates) && known.has(sockets.options) && known.has(sockets.stocks) && states.at(-1) === 'connected')
        return;
      // Past the pause before a connection that was given up is opened again.
      clock.advance(600);
      if (!known.has(sockets.updates)) {
        known.add(sockets.updates);
        sockets.updates.emit('open');
        ofTrading({ stream: 'authorization', data: { status: 'authorized', action: 'authenticate' } });
        ofTrading({ stream: 'listening', data: { streams: ['trade_updates'] } });
      }
      for (const name of ['options', 'stocks'] as const) {
        if (known.has(sockets[name])) continue;
        known.add(sockets[name]);
        sockets[name].emit('open');
        sockets[name].emit('message', Buffer.from(encode([{ T: 'success', msg: 'connected' }])));
        sockets[name].emit('message', Buffer.from(encode([{ T: 'success', msg: 'authenticated' }])));
      }
    },
    start(): void {
      broker.start().catch(() => {});
      stream.start().catch(() => {});
    },
    /** Whether the adapter has opened a connection for order updates that nobody has answered. */
    isFresh: (): boolean => !known.has(sockets.updates),
    /** The connection for order updates is open; what its server says comes after it. */
    opened(): void {
      known.add(sockets.updates);
      sockets.updates.emit('open');
    },
    said: (json: unknown): void => ofTrading(json),
    hangUp(): void {
      known.add(sockets.updates);
      sockets.updates.emit('close');
    },
    update: (text: string): void => void sockets.updates.emit('message', Buffer.from(text)),
    packed: (name: 'options' | 'stocks', message: unknown): void =>
      void sockets[name].emit('message', Buffer.from(encode([message]))),
    async stop(): Promise<void> {
      stream.stop();
      await broker.stop();
    },
  };
}

export type Line = ReturnType<typeof openLine>;
