import { Alpaca } from '@alpacahq/alpaca-trade-api';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { nextSession } from '#domain/market/calendar';
import { isoDate, plusMs } from '#domain/units';
import { type AlpacaServer, createAlpacaServer } from '#exchange/alpaca/server';
import type { Exchange } from '#exchange/exchangeApi';
import { smallExchange } from '#support/embeddedAccount';

const KEY = { keyId: 'PKPROTOCOL', secret: 'secret', controlToken: 'control' };

let exchange: Exchange;
let server: AlpacaServer;
let sdk: Alpaca;
let option = '';

const move = (seconds: number): void => {
  const target = plusMs(exchange.now(), seconds * 1000);
  while (exchange.now() < target) exchange.advanceTo(target);
};

beforeAll(async () => {
  exchange = smallExchange();
  const until = plusMs(nextSession(exchange.now()).open, 3_600_000);
  while (exchange.now() < until) exchange.advanceTo(until);
  server = await createAlpacaServer({ exchange, ...KEY, port: 0 });
  sdk = new Alpaca({
    keyId: KEY.keyId,
    secret: KEY.secret,
    retry: false,
    rateLimit: false,
    fetchApi: (input, init) => {
      const url = new URL(String(input));
      return fetch(`${server.url}${url.pathname}${url.search}`, init);
    },
  });
  const spot = exchange.market.quoteOf('SPY')?.bid ?? 0;
  option = exchange.market.contracts({ underlyings: ['SPY'], right: 'call', strikeFrom: spot })[0]?.symbol ?? '';
});
afterAll(() => server.close());

describe('the official kit, unchanged, on every part of the protocol', () => {
  it('pages contracts without a gap or a repeat, and hides what lies beyond the weekend unless dates are given', async () => {
    const near = await sdk.trading.assets.getOptionsContracts({ underlyingSymbols: 'SPY', limit: 10_000 });
    const dates = near.optionContracts?.map(({ expirationDate }) => expirationDate?.toISOString().slice(0, 10) ?? '') ?? [];
    expect(new Set(dates)).toEqual(new Set(['2026-01-05', '2026-01-06', '2026-01-07', '2026-01-08', '2026-01-09']));
    const all: string[] = [];
    const wanted = {
      underlyingSymbols: 'SPY',
      expirationDateGte: new Date('2026-01-05'),
      expirationDateLte: new Date('2026-03-31'),
    };
    for (let pageToken: string | undefined, pages = 0; pages < 200; pages += 1) {
      const page = await sdk.trading.assets.getOptionsContracts({ ...wanted, limit: 97, ...(pageToken ? { pageToken } : {}) });
      all.push(...(page.optionContracts ?? []).map(({ symbol }) => symbol ?? ''));
      pageToken = page.nextPageToken ?? undefined;
      if (!pageToken) break;
    }
    const listed = exchange.market.contracts({ underlyings: ['SPY'], expirationTo: isoDate('2026-03-31') });
    expect(new Set(all).size).toBe(all.length);
    expect(all).toEqual(listed.map(({ symbol }) => symbol));
  });

  it('closes a part, closes all with the orders that hold it, exercises, and reads what came of it', async () => {
    await sdk.trading.orders.submit({ symbol: option, type: 'limit', qty: 4, side: 'buy', limitPrice: 30, timeInForce: 'day' });
    move(30);
    await sdk.trading.positions.deleteOpenPosition({ symbolOrAssetId: option, percentage: 50 });
    move(30);
    expect((await sdk.trading.positions.getOpenPosition({ symbolOrAssetId: option })).qty).toBe('2');
    await expect(sdk.trading.positions.deleteOpenPosition({ symbolOrAssetId: option, qty: 3 })).rejects.toMatchObject({
      status: 403,
    });
    expect(exchange.market.contractOf(option)?.expiration).toBe('2026-01-05');
    await sdk.trading.positions.optionDoNotExercise({ symbolOrContractId: option });
    await expect(sdk.trading.positions.optionExercise({ symbolOrContractId: 'SPY260130C00700000' })).rejects.toMatchObject({
      status: 404,
    });
    await sdk.trading.orders.submit({ symbol: option, type: 'limit', qty: 2, side: 'sell', limitPrice: 90, timeInForce: 'day' });
    move(5);
    const [closed] = await sdk.trading.positions.deleteAllOpenPositions({ cancelOrders: true });
    expect(closed).toMatchObject({ symbol: option });
    move(30);
    await sdk.trading.positions.deleteAllOpenPositions({ cancelOrders: true });
    move(30);
    expect(await sdk.trading.positions.getAllOpenPositions()).toEqual([]);
    const fills = await sdk.trading.accountActivities.getAccountActivitiesByActivityType({ activityType: 'FILL' });
    expect(fills.length).toBeGreaterThanOrEqual(3);
    const trades = await sdk.trading.accountActivities.getAccountActivities({ category: 'trade_activity' });
    expect(trades).toHaveLength(fills.length);
  });

  it('reads clock, calendar, assets and equity', async () => {
    const clock = await sdk.trading.clock.legacyClock();
    expect(clock.isOpen).toBe(true);
    const days = await sdk.trading.calendar.legacyCalendar({ start: new Date('2026-11-23'), end: new Date('2026-11-30') });
    // Thanksgiving is closed, and the day after closes at 13:00.
    expect(
      days.map(({ date, close }) => `${String(date).slice(0, 10)} ${close}`).filter((day) => day.endsWith('13:00')),
    ).toHaveLength(1);
    expect(days).toHaveLength(5);
    expect((await sdk.trading.assets.getV2Assets({})).map(({ symbol }) => symbol)).toContain('SPY');
    const tuesday = nextSession(plusMs(nextSession(exchange.now()).open, 1));
    while (exchange.now() < tuesday.open) exchange.advanceTo(tuesday.open);
    const history = await sdk.trading.portfolioHistory.getAccountPortfolioHistory({ period: '1M' });
    expect(history.equity?.length).toBeGreaterThanOrEqual(2);
    expect(history.baseValue).toBe(100_000);
  }, 20_000);

  it('looks at bars, trades and quotes of many symbols in pages', async () => {
    const start = new Date(exchange.now() - 3 * 86_400_000);
    const bars = await sdk.marketData.stocks.stockBars({ symbols: 'SPY,KO', timeframe: '1Min', start, limit: 10_000 });
    expect(Object.keys(bars.bars ?? {}).sort()).toEqual(['KO', 'SPY']);
    const trades = await sdk.marketData.stocks.stockTrades({ symbols: 'SPY', start, limit: 10 });
    expect(trades.trades?.['SPY']).toHaveLength(10);
    expect(trades.nextPageToken).toBeTruthy();
    const second = await sdk.marketData.stocks.stockTrades({
      symbols: 'SPY',
      start,
      limit: 10,
      pageToken: trades.nextPageToken ?? '',
    });
    expect(second.trades?.['SPY']?.[0]?.t).not.toEqual(trades.trades?.['SPY']?.[9]?.t);
    expect((await sdk.marketData.stocks.stockQuotes({ symbols: 'SPY', start, limit: 5 })).quotes?.['SPY']).toHaveLength(5);
    expect((await sdk.marketData.stocks.stockQuoteSingle({ symbol: 'SPY', start, limit: 5 })).quotes).toHaveLength(5);
    expect((await sdk.marketData.stocks.stockLatestBars({ symbols: 'KO' })).bars?.['KO']).toBeDefined();
    expect((await sdk.marketData.news.news({ symbols: 'KO' })).news?.length).toBeGreaterThan(0);
    const symbols = Array(101).fill(option).join(',');
    await expect(sdk.marketData.options.optionSnapshots({ symbols })).rejects.toMatchObject({ status: 400 });
  });

  it('is told Alpaca’s code for a body that is not JSON, a wrong key and a wrong address', async () => {
    const headers = { 'APCA-API-KEY-ID': KEY.keyId, 'APCA-API-SECRET-KEY': KEY.secret };
    const answer = async (path: string, init: RequestInit) => {
      const got = await fetch(`${server.url}${path}`, { headers, ...init });
      return { status: got.status, body: await got.json() };
    };
    expect(await answer('/v2/orders', { method: 'POST', body: '{"symbol":' })).toEqual({
      status: 400,
      body: { code: 40010000, message: 'request body format is invalid' },
    });
    expect(await answer('/v2/account', { headers: { ...headers, 'APCA-API-SECRET-KEY': 'x' } })).toEqual({
      status: 403,
      body: { message: 'forbidden.' },
    });
    expect(await answer('/v2/nothing', {})).toMatchObject({ status: 404, body: { code: 40410000 } });
  });

  it('hears quotes, trades and bars of shares, and quotes and trades of options, in MessagePack', async () => {
    move(1_800); // At the bell no option has traded yet.
    const socket = server.url.replace('http', 'ws');
    const stocks = sdk.marketData.stockStream({ url: `${socket}/v2/iex` });
    const options = sdk.marketData.optionStream({ url: `${socket}/v1beta1/indicative` });
    const heard = { quote: 0, trade: 0, bar: 0, optionQuote: 0, optionTrade: 0 };
    const prices: number[] = [];
    stocks.onQuote(() => (heard.quote += 1));
    stocks.onTrade(() => (heard.trade += 1));
    stocks.onBar((bar) => {
      heard.bar += 1;
      prices.push(bar.close);
    });
    options.onQuote(() => (heard.optionQuote += 1));
    options.onTrade(() => (heard.optionTrade += 1));
    stocks.connect();
    options.connect();
    try {
      expect(await stocks.waitForAuthentication(5_000)).toBe(true);
      expect(await options.waitForAuthentication(5_000)).toBe(true);
      stocks.subscribeForQuotes(['SPY']);
      stocks.subscribeForTrades(['SPY']);
      stocks.subscribeForBars(['SPY']);
      const busy = exchange.market
        .contracts({ underlyings: ['SPY'] })
        .filter(({ symbol }) => (exchange.market.look(symbol)?.volume ?? 0) > 0)
        .slice(0, 50)
        .map(({ symbol }) => symbol);
      options.subscribeForQuotes(busy);
      options.subscribeForTrades(busy);
      await vi.waitFor(
        async () => {
          await fetch(`${server.url}/strikedesk/advance`, {
            method: 'POST',
            headers: { Authorization: `Bearer ${KEY.controlToken}` },
            body: JSON.stringify({ target: exchange.now() + 20_000 }),
          });
          expect(Object.entries(heard).filter(([, count]) => count < 2)).toEqual([]);
        },
        { timeout: 10_000, interval: 30 },
      );
      const told = exchange.market
        .minuteBars('SPY', plusMs(exchange.now(), -3_600_000), exchange.now())
        .map(({ close }) => close);
      for (const price of prices) expect(told).toContain(price);
    } finally {
      stocks.disconnect();
      options.disconnect();
    }
  }, 20_000);
});
