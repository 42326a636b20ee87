import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { createGateway } from '#adapters/brokers/alpaca/gateway';
import { embeddedVenue } from '#adapters/brokers/alpaca/venue';
import { type AlpacaFeedParts, createAlpacaFeed } from '#adapters/feeds/alpaca/alpacaFeed';
import { fetchContracts } from '#adapters/feeds/alpaca/contracts';
import { addDays, civilDate, nextSession } from '#domain/market/calendar';
import { instant, plusMs } from '#domain/units';
import { type AlpacaServer, createAlpacaServer } from '#exchange/alpaca/server';
import type { Exchange } from '#exchange/exchangeApi';
import type { ConnectionChange } from '#ports/broker';
import type { Clock } from '#ports/clock';
import type { ChainAnswer, HistoryAnswer, SymbolQuote } from '#ports/marketData';
import { smallExchange } from '#support/embeddedAccount';
import { QUIET_FEED } from '#support/quietFeed';

const KEY = { keyId: 'PKFEED', secret: 'secret', controlToken: 'control' };

let exchange: Exchange;
let server: AlpacaServer;
let feed: ReturnType<typeof createAlpacaFeed> | null = null;
let asked: URL[] = [];
let states: ConnectionChange[] = [];
let quotes: SymbolQuote[] = [];

beforeEach(async () => {
  exchange = smallExchange();
  const until = plusMs(nextSession(exchange.now()).open, 1_800_000);
  while (exchange.now() < until) exchange.advanceTo(until);
  server = await createAlpacaServer({ exchange, ...KEY, port: 0 });
  asked = [];
  states = [];
  quotes = [];
  const realFetch = globalThis.fetch;
  vi.spyOn(globalThis, 'fetch').mockImplementation((input, init) => {
    asked.push(new URL(input instanceof Request ? input.url : String(input)));
    return realFetch(input, init);
  });
});
afterEach(async () => {
  await feed?.stop();
  feed = null;
  vi.restoreAllMocks();
  await server.close();
});

/** The exchange's time, moving with the wall's. */
function clockOfExchange(): Clock {
  const begun = Date.now();
  const base = exchange.now();
  const clock: Clock = {
    now: () => instant(base + Date.now() - begun),
    wakeAt(at, wake) {
      const timer = setTimeout(wake, Math.max(0, at - clock.now()));
      return () => clearTimeout(timer);
    },
  };
  return clock;
}

function gatewayOf(clock: Clock) {
  return createGateway({
    venue: embeddedVenue(server.url),
    ...KEY,
    clock,
    settings: { timeoutMs: 5_000, scheduler: { perMinute: 180, reserved: 20, maxConcurrent: 6, reservedConcurrent: 2 } },
    jitter: () => 0,
  });
}

function openFeed(change: Partial<AlpacaFeedParts> = {}) {
  const clock = clockOfExchange();
  const opened = createAlpacaFeed({
    gateway: gatewayOf(clock),
    clock,
    ...QUIET_FEED,
    ...change,
  });
  opened.onConnection((connection) => states.push(connection));
  opened.onQuotes((batch) => quotes.push(...batch));
  feed = opened;
  return opened;
}

const chainOf = (opened: ReturnType<typeof createAlpacaFeed>): Promise<ChainAnswer> =>
  new Promise((resolve) => {
    const stop = opened.onChains((answer) => {
      stop();
      resolve(answer);
    });
    opened.requestChains({
      requestId: 'r',
      underlyings: ['SPY'],
      window: { minDaysToExpiration: 20, maxDaysToExpiration: 45, strikesWithin: 0.1 },
    });
  });

describe('chains through the official kit', () => {
  it('are asked for with both dates, since the default hides everything after the coming weekend', async () => {
    const { chains, missing } = await chainOf(openFeed());
    expect(missing).toEqual([]);
    const [chain] = chains;
    expect(chain?.slices.map(({ expiration }) => expiration)).toContain('2026-02-13');
    const mine = exchange.market.chainSnapshot('SPY', { minDaysToExpiration: 20, maxDaysToExpiration: 45, strikesWithin: 0.1 });
    expect(chain?.slices.map(({ expiration }) => expiration)).toEqual(mine?.slices.map(({ expiration }) => expiration));
    for (const [index, slice] of (chain?.slices ?? []).entries()) {
      expect([...slice.puts.bid]).toEqual([...(mine?.slices[index]?.puts.bid ?? [])]);
      expect([...slice.puts.openInterest]).toEqual([...(mine?.slices[index]?.puts.openInterest ?? [])]);
    }
    for (const path of ['/v2/options/contracts', '/v1beta1/options/snapshots/SPY']) {
      const requests = asked.filter(({ pathname }) => pathname === path);
      expect(requests.length).toBeGreaterThan(0);
      for (const { searchParams } of requests) {
        expect(searchParams.get('expiration_date_gte')).toMatch(/^2026-01-25/);
        expect(searchParams.get('expiration_date_lte')).toMatch(/^2026-02-19|^2026-02-20/);
      }
    }
  });

  it.each(['indicative', 'opra'] as const)('come from the %s feed when the setting says so', async (optionFeed) => {
    const opened = openFeed({ optionFeed });
    await chainOf(opened);
    const option = exchange.market.contracts({ underlyings: ['SPY'] })[0]?.symbol ?? '';
    opened.requestQuotes([option]);
    await vi.waitFor(() => expect(quotes).toHaveLength(1));
    const feeds = asked
      .filter(({ pathname }) => pathname.startsWith('/v1beta1/options/'))
      .map(({ searchParams }) => searchParams.get('feed'));
    expect(new Set(feeds)).toEqual(new Set([optionFeed]));
  });

  it('leave out what cannot be traded, and put an adjusted series behind the standard one of its day', async () => {
    const [halted] = exchange.market.contracts({ underlyings: ['SPY'], expirationFrom: addDays(civilDate(exchange.now()), 21) });
    if (!halted) throw new Error('no contract');
    const before = vi.mocked(globalThis.fetch).getMockImplementation();
    vi.mocked(globalThis.fetch).mockImplementation(async (input, init) => {
      const answer = await (before ?? fetch)(input, init);
      if (!String(input instanceof Request ? input.url : input).includes('/v2/options/contracts')) return answer;
      const body = (await answer.json()) as { option_contracts: Record<string, unknown>[] };
      const listed = body.option_contracts;
      const adjusted = listed.map((one) => ({ ...one, symbol: String(one['symbol']).replace(/^SPY/, 'SPY1') }));
      const changed = listed.map((one) => (one['symbol'] === halted.symbol ? { ...one, tradable: false } : one));
      return Response.json({ ...body, option_contracts: [...adjusted, ...changed] });
    });
    const listed = await fetchContracts(gatewayOf(clockOfExchange()), 'SPY', halted.expiration, addDays(halted.expiration, 30));
    expect(listed.length).toBeGreaterThan(3);
    expect(listed.slice(0, 4).map(({ root }) => root)).toEqual(['SPY', 'SPY1', 'SPY', 'SPY1']);
    const [standard, adjusted] = listed;
    const side = (one: typeof standard) => (halted.right === 'call' ? one?.calls : one?.puts) ?? [];
    expect(side(standard).filter((one) => one?.symbol === halted.symbol)).toEqual([]);
    expect(side(adjusted).some((one) => one?.strike === halted.strike)).toBe(true);
  });

  it('that fail name their underlying, and the data are called disconnected until something answers', async () => {
    const opened = openFeed();
    exchange.faults.use([{ kind: 'serverError', subject: 'GET /v2/stocks' }]);
    const { chains, missing } = await chainOf(opened);
    expect(chains).toEqual([]);
    expect(missing.map(({ underlying }) => underlying)).toEqual(['SPY']);
    exchange.faults.use([]);
    await chainOf(opened);
    expect(states.map(({ state }) => state)).toEqual(['disconnected', 'connected']);
  });
});

describe('daily bars', () => {
  it('are asked for as they are after splits and spin-offs, which would look like crashes', async () => {
    const opened = openFeed();
    const answer = new Promise<HistoryAnswer>((resolve) => opened.onHistory(resolve));
    opened.requestHistory({ requestId: 'h', underlyings: ['SPY'], days: 20 });
    const { histories, missing } = await answer;
    expect(missing).toEqual([]);
    expect(histories[0]?.bars).toHaveLength(20);
    const bars = asked.filter(({ pathname }) => pathname === '/v2/stocks/bars');
    expect(bars.map(({ searchParams }) => searchParams.get('adjustment'))).toEqual(['split,spin-off']);
    const other = await fetch(`${server.url}/v2/stocks/bars?symbols=SPY&timeframe=1Day&adjustment=splits`, {
      headers: { 'APCA-API-KEY-ID': KEY.keyId, 'APCA-API-SECRET-KEY': KEY.secret },
    });
    expect(other.status).toBe(400);
  });
});

describe('quotes for an exit', () => {
  const option = () => exchange.market.contracts({ underlyings: ['SPY'] })[0]?.symbol ?? '';
  const heard = (count: number) => vi.waitFor(() => expect(quotes).toHaveLength(count), { timeout: 2_000 });

  it('that came are delivered though a part of them failed, and the data stay connected', async () => {
    const opened = openFeed();
    exchange.faults.use([{ kind: 'serverError', subject: 'GET /v2/stocks', times: 1 }]);
    opened.requestQuotes([option(), 'SPY']);
    await heard(1);
    expect(quotes[0]?.symbol).toBe(option());
    expect(states.map(({ state }) => state)).toEqual(['connected']);
    exchange.faults.use([{ kind: 'serverError', subject: 'GET /v' }]);
    opened.requestQuotes([option(), 'SPY']);
    await vi.waitFor(() => expect(states.map(({ state }) => state)).toEqual(['connected', 'disconnected']));
  });

  it('never wait behind chains, the underlying’s neither', async () => {
    const inner = vi.mocked(globalThis.fetch).getMockImplementation() ?? fetch;
    const release: (() => void)[] = [];
    vi.mocked(globalThis.fetch).mockImplementation(async (input, init) => {
      const { pathname } = new URL(input instanceof Request ? input.url : String(input));
      if (pathname === '/v2/stocks/bars') await new Promise<void>((resolve) => release.push(resolve));
      return inner(input, init);
    });
    const opened = openFeed();
    for (let n = 0; n < 6; n += 1) opened.requestHistory({ requestId: `h${n}`, underlyings: ['SPY'], days: 10 });
    await vi.waitFor(() => expect(release).toHaveLength(4));
    opened.requestQuotes([option(), 'SPY']);
    await heard(2);
    for (let n = 0; n < 30; n += 1) {
      for (const go of release.splice(0)) go();
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  });

  it('and a refusal of the data host hold up no request of the trading host', async () => {
    const clock = clockOfExchange();
    const gateway = createGateway({
      venue: embeddedVenue(server.url),
      ...KEY,
      clock,
      settings: { timeoutMs: 5_000, scheduler: { perMinute: 180, reserved: 20, maxConcurrent: 6, reservedConcurrent: 2 } },
      jitter: () => 0,
    });
    const spot = () => gateway.data('exit', (api) => api.marketData.stocks.stockLatestQuotesRaw({ symbols: 'SPY', feed: 'iex' }));
    exchange.faults.use([{ kind: 'rateLimited', subject: 'GET /v2/stocks', times: 1 }]);
    await expect(spot()).rejects.toThrow('rate limit');
    const quoted = () => asked.filter(({ pathname }) => pathname.startsWith('/v2/stocks')).length;
    const again = spot();
    await gateway.call('cancel', (api) => api.trading.account.getAccountRaw());
    expect(quoted()).toBe(1);
    await again;
    expect(quoted()).toBe(2);
  });
});

describe('a calendar of earnings that cannot be read', () => {
  it('is not one without dates: the history is missing, with the reason', async () => {
    const opened = openFeed({ earnings: () => Promise.reject(new Error('earnings.csv cannot be opened')) });
    const answer = new Promise<HistoryAnswer>((resolve) => opened.onHistory(resolve));
    opened.requestHistory({ requestId: 'h', underlyings: ['SPY'], days: 10 });
    const { histories, missing } = await answer;
    expect(histories).toEqual([]);
    expect(missing).toMatchObject([{ underlying: 'SPY', fault: { message: 'earnings.csv cannot be opened' } }]);
  });
});

describe('a stock that one venue shows one-sided', () => {
  it('has no quote and no chain around half of its price', async () => {
    const opened = openFeed();
    const real = globalThis.fetch;
    vi.spyOn(globalThis, 'fetch').mockImplementation((input, init) => {
      const url = new URL(input instanceof Request ? input.url : String(input));
      if (!url.pathname.startsWith('/v2/stocks/quotes')) return real(input, init);
      const body = { quotes: { SPY: { t: '2026-01-05T16:00:00.000Z', bp: 0, bs: 0, ap: 684.3, as: 1 } } };
      return Promise.resolve(new Response(JSON.stringify(body), { headers: { 'content-type': 'application/json' } }));
    });
    const { chains, missing } = await chainOf(opened);
    expect([chains, missing.map(({ underlying }) => underlying)]).toEqual([[], ['SPY']]);
    let answers = 0;
    opened.onQuotes(() => {
      answers += 1;
    });
    opened.requestQuotes(['SPY']);
    await vi.waitFor(() => expect(answers).toBe(1));
    expect(quotes).toEqual([]);
  });
});

describe('the one word about market data', () => {
  it('is not connected while a stream is down, however well the requests are answered', async () => {
    const squatter = new WebSocket(`${embeddedVenue(server.url).streamUrl}/v1beta1/indicative`);
    await new Promise((resolve) => squatter.once('message', resolve));
    const opened = openFeed({
      stream: {
        ...KEY,
        venue: embeddedVenue(server.url),
        settings: { authenticationMs: 3_000, slowRetryMs: 300, renewMs: 100 },
        maxStocks: 30,
        silenceMs: 60_000,
        hours: 'always',
      },
    });
    await opened.start();
    await vi.waitFor(() => expect(states.map(({ state }) => state)).toEqual(['disconnected']), { timeout: 8_000 });
    expect(states[0]?.detail).toBe('option quotes: connection limit exceeded');
    await chainOf(opened);
    await chainOf(opened);
    expect(states).toHaveLength(1);
    squatter.terminate();
    await vi.waitFor(() => expect(states.map(({ state }) => state)).toEqual(['disconnected', 'connected']), { timeout: 8_000 });
  }, 30_000);
});
