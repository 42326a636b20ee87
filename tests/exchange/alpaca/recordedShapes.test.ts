import { Alpaca } from '@alpacahq/alpaca-trade-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nextSession } from '#domain/market/calendar';
import { isoDate, plusMs } from '#domain/units';
import { type AlpacaServer, createAlpacaServer } from '#exchange/alpaca/server';
import { createExchange } from '#exchange/embeddedExchange';
import type { Exchange } from '#exchange/exchangeApi';
import { referenceText } from '#support/referenceData';

const KEY = { keyId: 'PKSHAPES', secret: 'secret', controlToken: 'control' };
const RECORDED = referenceText('alpaca/alpaca_py_test_responses.json');

interface Recorded {
  readonly method: string;
  readonly url: string;
  readonly status: number;
  readonly body: unknown;
}

let exchange: Exchange;
let server: AlpacaServer;
let sdk: Alpaca;
let option = '';

beforeAll(async () => {
  exchange = createExchange({ seed: 7, start: isoDate('2026-01-05'), settings: { market: { historySessions: 30 } } });
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
  const spot = exchange.market.quoteOf('AAPL')?.bid ?? 0;
  option =
    exchange.market
      .contracts({ underlyings: ['AAPL'] })
      .filter((contract) => contract.right === 'call' && contract.strike >= spot)
      .sort((one, other) => one.strike - other.strike)[0]?.symbol ?? '';
});
afterAll(() => server.close());

/** The clock stops at everything that is said: on until the time is over. */
function move(seconds: number): void {
  const later = plusMs(exchange.now(), seconds * 1000);
  while (exchange.now() < later) exchange.advanceTo(later);
}

async function asked(path: string, method = 'GET', body?: unknown): Promise<{ readonly status: number; readonly body: unknown }> {
  const answer = await fetch(`${server.url}${path}`, {
    method,
    headers: { 'APCA-API-KEY-ID': KEY.keyId, 'APCA-API-SECRET-KEY': KEY.secret },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  return { status: answer.status, body: text === '' ? null : JSON.parse(text) };
}

/** Fields that Alpaca removed, that belong to brokers of brokers, or that this account has nothing to say of. */
const GONE =
  /pattern_day_trader|daytrade_count|daytrading_buying_power|dtbp_check|pdt_check|crypto|sma$|trade_confirm_email|ptp_no_exception_entry|intraday_adjustments|pending_reg_taf_fees|pending_transfer|balance_asof|accrued_fees|user_configurations|admin_configurations|fractional_trading|bod_dtbp|last_close_pct_change|last_price|commission|^usd$|latestTrade$/;
/** Recorded with another type than Alpaca documents: levels are whole numbers, quantities are text. */
const RECORDED_OTHERWISE = /options_(approved|trading)_level$|\.(filled_)?qty$/;

/** What of `recorded` is missing in `ours`, or of another type; the first element stands for a list, any value for a map of symbols. */
function differences(recorded: unknown, ours: unknown, at: string): string[] {
  if (recorded === null || recorded === undefined || ours === null) return [];
  if (Array.isArray(recorded)) {
    if (!Array.isArray(ours)) return [`${at}: a list there, none here`];
    return recorded.length === 0 || ours.length === 0 ? [] : differences(recorded[0], ours[0], `${at}[]`);
  }
  if (typeof recorded === 'object') {
    if (typeof ours !== 'object') return [`${at}: an object there, ${typeof ours} here`];
    const theirs = new Map(Object.entries(recorded));
    const mine = new Map<string, unknown>(Object.entries(ours ?? {}));
    const bySymbol = [...theirs.keys()].every((key) => /^[A-Z]{1,5}(\d{6}[CP]\d{8})?$/.test(key)) && theirs.size > 0 && at !== '';
    if (bySymbol) {
      const [one] = theirs.values();
      const [other] = mine.values();
      return other === undefined ? [] : differences(one, other, `${at}.*`);
    }
    return [...theirs].flatMap(([key, value]) => {
      if (GONE.test(key)) return [];
      if (!mine.has(key)) return value === null ? [] : [`${at}.${key}: missing here`];
      return differences(value, mine.get(key), `${at}.${key}`);
    });
  }
  return typeof recorded === typeof ours || RECORDED_OTHERWISE.test(at)
    ? []
    : [`${at}: ${typeof recorded} there, ${typeof ours} here`];
}

type Case = readonly [name: string, recorded: RegExp, method: string, path: () => string, body?: () => unknown];

const EARLIER = encodeURIComponent('2025-12-20T00:00:00Z');
const CASES: readonly Case[] = [
  ['account', /v2\/account$/, 'GET', () => '/v2/account'],
  ['configurations', /v2\/account\/configurations$/, 'GET', () => '/v2/account/configurations'],
  ['assets', /v2\/assets\?status/, 'GET', () => '/v2/assets?status=active'],
  ['asset', /v2\/assets\/\{symbol/, 'GET', () => '/v2/assets/AAPL'],
  ['contracts', /options\/contracts\?underlying_symbols=AAPL$/, 'GET', () => '/v2/options/contracts?underlying_symbols=AAPL'],
  ['contract', /options\/contracts\/\{symbol/, 'GET', () => `/v2/options/contracts/${option}`],
  [
    'order placed',
    /v2\/orders$/,
    'POST',
    () => '/v2/orders',
    () => ({
      symbol: 'AAPL',
      qty: '1',
      side: 'buy',
      type: 'limit',
      limit_price: '1.00',
      time_in_force: 'day',
      client_order_id: 'shape-1',
    }),
  ],
  ['orders', /v2\/orders$/, 'GET', () => '/v2/orders'],
  ['order by client id', /by_client_order_id/, 'GET', () => '/v2/orders:by_client_order_id?client_order_id=shape-1'],
  [
    'order replaced',
    /v2\/orders\/\{order_id\}$/,
    'PATCH',
    () => {
      move(1); // Alpaca replaces no order that is still pending.
      return `/v2/orders/${exchange.desk.orderByClientId('shape-1')?.id}`;
    },
    () => ({ limit_price: '1.05' }),
  ],
  ['orders cancelled', /v2\/orders$/, 'DELETE', () => '/v2/orders'],
  ['positions', /v2\/positions$/, 'GET', () => '/v2/positions'],
  ['position', /v2\/positions\/\{symbol\}$/, 'GET', () => `/v2/positions/${option}`],
  [
    'option snapshots',
    /v1beta1\/options\/snapshots\?symbols=\{symbol\}&limit=1000$/,
    'GET',
    () => `/v1beta1/options/snapshots?symbols=${option}`,
  ],
  ['option chain', /v1beta1\/options\/snapshots\/\{symbol/, 'GET', () => '/v1beta1/options/snapshots/AAPL?limit=5'],
  [
    'option quotes',
    /v1beta1\/options\/quotes\/latest\?symbols=\{symbol\}$/,
    'GET',
    () => `/v1beta1/options/quotes/latest?symbols=${option}`,
  ],
  [
    'option trades',
    /v1beta1\/options\/trades\/latest\?symbols=\{symbol\}$/,
    'GET',
    () => `/v1beta1/options/trades/latest?symbols=${option}`,
  ],
  [
    'option bars',
    /v1beta1\/options\/bars/,
    'GET',
    () => `/v1beta1/options/bars?symbols=${option}&timeframe=1Day&start=${EARLIER}`,
  ],
  [
    'stock bars',
    /v2\/stocks\/bars\?symbols=\{symbol/,
    'GET',
    () => `/v2/stocks/bars?symbols=AAPL&timeframe=1Day&start=${EARLIER}`,
  ],
  ['stock quotes', /v2\/stocks\/quotes\/latest/, 'GET', () => '/v2/stocks/quotes/latest?symbols=AAPL'],
  ['stock trades', /v2\/stocks\/trades\/latest/, 'GET', () => '/v2/stocks/trades/latest?symbols=AAPL'],
  ['stock snapshots', /v2\/stocks\/snapshots\?symbols=AAPL/, 'GET', () => '/v2/stocks/snapshots?symbols=AAPL'],
  [
    'option trade history',
    /v1beta1\/options\/trades\?symbols=\{symbol\}&start/,
    'GET',
    () => `/v1beta1/options/trades?symbols=${option}&start=${EARLIER}`,
  ],
  ['stock quote history', /v2\/stocks\/quotes\?symbols/, 'GET', () => `/v2/stocks/quotes?symbols=AAPL&start=${EARLIER}&limit=2`],
  ['stock trade history', /v2\/stocks\/trades\?symbols/, 'GET', () => `/v2/stocks/trades?symbols=AAPL&start=${EARLIER}&limit=2`],
  ['newest stock bars', /v2\/stocks\/bars\/latest/, 'GET', () => '/v2/stocks/bars/latest?symbols=SPY'],
  ['position closed', /v2\/positions\/\{symbol\}$/, 'DELETE', () => `/v2/positions/${option}?qty=1`],
  [
    'positions closed',
    /v2\/positions$/,
    'DELETE',
    () => {
      move(60);
      return '/v2/positions';
    },
  ],
  ['news', /v1beta1\/news/, 'GET', () => '/v1beta1/news?symbols=AAPL'],
];

describe('the embedded exchange on the wire', () => {
  it('lets the official SDK trade, look and configure, unchanged', async () => {
    const before = await sdk.trading.account.getAccount();
    expect(Number(before.cash)).toBe(100_000);
    await sdk.trading.orders.submit({
      symbol: option,
      type: 'limit',
      qty: 2,
      side: 'buy',
      limitPrice: 60,
      timeInForce: 'day',
      clientOrderId: 'sdk-1',
    });
    move(60);
    const [position] = await sdk.trading.positions.getAllOpenPositions();
    expect(position).toMatchObject({ symbol: option, qty: '2' });
    expect((await sdk.trading.orders.getOrderByClientOrderId({ clientOrderId: 'sdk-1' })).status).toBe('filled');
    const config = await sdk.trading.accountConfigurations.patchAccountConfig({ accountConfigurations: { suspendTrade: true } });
    expect(config.suspendTrade).toBe(true);
    await expect(
      sdk.trading.orders.submit({ symbol: 'AAPL', type: 'limit', qty: 1, side: 'buy', limitPrice: 1, timeInForce: 'day' }),
    ).rejects.toMatchObject({ status: 403 });
    await sdk.trading.accountConfigurations.patchAccountConfig({ accountConfigurations: { suspendTrade: false } });
    const { snapshots } = await sdk.marketData.options.optionChain({ underlyingSymbol: 'AAPL', limit: 50 });
    expect(Object.keys(snapshots ?? {}).length).toBe(50);
  }, 30_000);

  it('answers wrong requests with Alpaca’s status and code', async () => {
    expect(await asked('/v2/orders/00000000-0000-0000-0000-000000000000')).toMatchObject({
      status: 404,
      body: { code: 40410000 },
    });
    expect(await asked('/v2/options/contracts/NOPE260101C00100000')).toMatchObject({ status: 404, body: { code: 40410000 } });
    const order = { symbol: 'AAPL', qty: '1', side: 'buy', type: 'limit', limit_price: '1.00', time_in_force: 'day' };
    expect((await asked('/v2/orders', 'POST', { ...order, client_order_id: 'twice' })).status).toBe(200);
    expect(await asked('/v2/orders', 'POST', { ...order, client_order_id: 'twice' })).toMatchObject({
      status: 422,
      body: { code: 40010001 },
    });
    const leg = (ratio: string) => ({ symbol: option, ratio_qty: ratio, side: 'buy', position_intent: 'buy_to_open' });
    expect(
      await asked('/v2/orders', 'POST', {
        order_class: 'mleg',
        qty: '1',
        type: 'limit',
        limit_price: '1',
        time_in_force: 'day',
        legs: [leg('2'), { ...leg('2'), symbol: option.replace('C', 'P') }],
      }),
    ).toMatchObject({ status: 422, body: { message: expect.stringContaining('relatively prime') } });
    await asked('/v2/orders', 'DELETE');
  });

  it.each(CASES.map((each) => [each[0], each] as const))(
    '%s: has the fields of the recorded body, each of its type',
    async (_name, each) => {
      const [, pattern, method, path, body] = each;
      if (RECORDED === null) return;
      const file: { readonly items: readonly Recorded[] } = JSON.parse(RECORDED);
      const recorded = file.items.find((item) => item.method === method && pattern.test(item.url));
      expect(recorded, `no recorded body for ${pattern}`).toBeDefined();
      const answer = await asked(path(), method, body?.());
      expect(answer.status).toBeLessThan(300);
      expect(differences(recorded?.body, answer.body, '')).toEqual([]);
    },
  );
});
