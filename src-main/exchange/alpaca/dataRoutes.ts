import { atNewYork, civilDate, daysBetween } from '#domain/market/calendar';
import type { Quote } from '#domain/market/chain';
import { instant, isoDate } from '#domain/units';
import type { Exchange, OptionLook } from '../exchangeApi.ts';
import { chainText } from './chainText.ts';
import { isoNanos } from './format.ts';
import { failure, ok, pageOf, type Route, type RouteAnswer, wholeOf } from './route.ts';

/** A window that leaves nothing out: the query's own bounds do the cutting. */
const EVERYTHING = { minDaysToExpiration: 0, maxDaysToExpiration: 2000, strikesWithin: 0.999 };

const quoteJson = (quote: Quote): Record<string, unknown> => ({
  t: isoNanos(quote.at),
  ax: 'V',
  ap: quote.ask,
  as: quote.askSize,
  bx: 'V',
  bp: quote.bid,
  bs: quote.bidSize,
  c: ['R'],
  z: 'B',
});
const symbolsOf = (query: URLSearchParams): readonly string[] =>
  (query.get('symbols') ?? '').split(',').filter((symbol) => symbol !== '');

function stockRoutes(exchange: Exchange): Route[] {
  const { market } = exchange;
  const barsOf = (symbol: string, query: URLSearchParams): Record<string, unknown>[] => {
    const from = query.get('start') ? Date.parse(query.get('start') ?? '') : 0;
    const to = query.get('end') ? Date.parse(query.get('end') ?? '') : exchange.now();
    if (query.get('timeframe') === '1Min')
      return market.minuteBars(symbol, instant(Math.max(0, from)), instant(to)).map((bar) => ({
        t: isoNanos(bar.at),
        o: bar.open,
        h: bar.high,
        l: bar.low,
        c: bar.close,
        v: bar.volume,
        n: 1,
        vw: bar.close,
      }));
    return (market.historyOf(symbol, 100_000)?.bars ?? [])
      .filter((bar) => {
        const at = atNewYork(bar.date, '00:00');
        return at >= from && at <= to;
      })
      .map((bar) => ({
        t: isoNanos(atNewYork(bar.date, '00:00')),
        o: bar.open,
        h: bar.high,
        l: bar.low,
        c: bar.close,
        v: bar.volume,
        n: 1,
        vw: bar.close,
      }));
  };
  const snapshotOf = (symbol: string): Record<string, unknown> | null => {
    const quote = market.quoteOf(symbol);
    const today = market.todaysBar(symbol);
    const bars = market.historyOf(symbol, 1)?.bars ?? [];
    const bar = (item: typeof today): Record<string, unknown> | null =>
      item
        ? {
            t: isoNanos(atNewYork(item.date, '00:00')),
            o: item.open,
            h: item.high,
            l: item.low,
            c: item.close,
            v: item.volume,
            n: 1,
            vw: item.close,
          }
        : null;
    return quote
      ? {
          latestQuote: quoteJson(quote),
          latestTrade: latest('trades', symbol),
          minuteBar:
            barsOf(
              symbol,
              new URLSearchParams({ timeframe: '1Min', start: new Date(exchange.now() - 120_000).toISOString() }),
            ).at(-1) ?? null,
          dailyBar: bar(today),
          prevDailyBar: bar(bars.at(-1) ?? null),
        }
      : null;
  };
  const latest = (kind: string, symbol: string): unknown => {
    const quote = market.quoteOf(symbol);
    if (!quote) return null;
    return kind === 'quotes'
      ? quoteJson(quote)
      : {
          t: isoNanos(quote.at),
          p: Math.round(((quote.bid + quote.ask) / 2) * 100) / 100,
          s: 100,
          x: 'V',
          c: ['@'],
          i: quote.at % 1_000_000,
          z: 'B',
        };
  };
  const many = (key: string, query: URLSearchParams, one: (symbol: string) => unknown): RouteAnswer => {
    const found = symbolsOf(query).flatMap((symbol) => {
      const value = one(symbol);
      return value === null ? [] : [[symbol, value] as const];
    });
    return ok(key === '' ? Object.fromEntries(found) : { [key]: Object.fromEntries(found) });
  };
  return [
    {
      method: 'GET',
      pattern: /^\/v2\/stocks\/(quotes|trades)\/latest$/,
      answer: ({ path, query }) => many(path[0] ?? '', query, (symbol) => latest(path[0] ?? '', symbol)),
    },
    {
      method: 'GET',
      pattern: /^\/v2\/stocks\/bars$/,
      answer({ query }) {
        const all = symbolsOf(query).flatMap((symbol) => barsOf(symbol, query).map((bar) => ({ symbol, bar })));
        const { page, next } = pageOf(all, query.get('page_token'), wholeOf(query, 'limit', 1000, 10_000));
        const bars: Record<string, unknown[]> = {};
        for (const { symbol, bar } of page) {
          const list = bars[symbol] ?? [];
          list.push(bar);
          bars[symbol] = list;
        }
        return ok({ bars, next_page_token: next });
      },
    },
    {
      method: 'GET',
      pattern: /^\/v2\/stocks\/([A-Z.]+)\/bars$/,
      answer: ({ path, query }) => ok({ bars: barsOf(path[0] ?? '', query), symbol: path[0], next_page_token: null }),
    },
    { method: 'GET', pattern: /^\/v2\/stocks\/snapshots$/, answer: ({ query }) => many('', query, snapshotOf) },
    {
      method: 'GET',
      pattern: /^\/v2\/stocks\/([A-Z.]+)\/snapshot$/,
      answer: ({ path }) => {
        const found = snapshotOf(path[0] ?? '');
        return found ? ok({ symbol: path[0], ...found }) : failure(404, 40410000, 'symbol not found');
      },
    },
    {
      method: 'GET',
      pattern: /^\/v2\/stocks\/([A-Z.]+)\/(quotes|trades)\/latest$/,
      answer: ({ path }) =>
        ok({ symbol: path[0], [path[1] === 'quotes' ? 'quote' : 'trade']: latest(path[1] ?? '', path[0] ?? '') }),
    },
  ];
}

function lookJson(look: OptionLook): Record<string, unknown> {
  return {
    latestQuote: { ...quoteJson(look.quote), c: 'A' },
    ...(look.lastTrade
      ? { latestTrade: { t: isoNanos(look.lastTrade.at), p: look.lastTrade.price, s: look.lastTrade.size, x: 'A', c: 'I' } }
      : {}),
    ...(look.greeks ? { greeks: look.greeks } : {}),
    ...(look.impliedVolatility === null ? {} : { impliedVolatility: look.impliedVolatility }),
    dailyBar: { t: isoNanos(look.quote.at), v: look.volume },
  };
}

function optionRoutes(exchange: Exchange): Route[] {
  const { market } = exchange;
  return [
    {
      method: 'GET',
      pattern: /^\/v1beta1\/options\/snapshots$/,
      answer: ({ query }) =>
        ok({
          snapshots: Object.fromEntries(
            symbolsOf(query).flatMap((symbol) => {
              const look = market.look(symbol);
              return look ? [[symbol, lookJson(look)]] : [];
            }),
          ),
          next_page_token: null,
        }),
    },
    {
      method: 'GET',
      pattern: /^\/v1beta1\/options\/snapshots\/([A-Z.]+)$/,
      answer: ({ path, query }) => chainAnswer(exchange, path[0] ?? '', query),
    },
    {
      method: 'GET',
      pattern: /^\/v1beta1\/options\/quotes\/latest$/,
      answer: ({ query }) =>
        ok({
          quotes: Object.fromEntries(
            symbolsOf(query).flatMap((symbol) => {
              const quote = market.quoteOf(symbol);
              return quote ? [[symbol, { ...quoteJson(quote), c: 'A' }]] : [];
            }),
          ),
        }),
    },
    {
      method: 'GET',
      pattern: /^\/v1beta1\/options\/trades\/latest$/,
      answer: ({ query }) =>
        ok({
          trades: Object.fromEntries(
            symbolsOf(query).flatMap((symbol) => {
              const trade = market.look(symbol)?.lastTrade;
              return trade ? [[symbol, { t: isoNanos(trade.at), p: trade.price, s: trade.size, x: 'A', c: 'I' }]] : [];
            }),
          ),
        }),
    },
    {
      method: 'GET',
      pattern: /^\/v1beta1\/options\/(bars|trades)$/,
      answer: ({ path, query }) =>
        ok({
          [path[0] ?? '']: Object.fromEntries(
            symbolsOf(query).map((symbol) => [symbol, tradesOf(market.look(symbol), path[0] === 'bars')]),
          ),
          next_page_token: null,
        }),
    },
    {
      method: 'GET',
      pattern: /^\/v1beta1\/options\/meta\/exchanges$/,
      answer: () => ok({ A: 'NYSE American Options (simulated)' }),
    },
    {
      method: 'GET',
      pattern: /^\/v1beta1\/news$/,
      answer: ({ query }) => ok({ news: newsOf(exchange, symbolsOf(query)), next_page_token: null }),
    },
    {
      method: 'GET',
      pattern: /^\/v1\/corporate-actions$/,
      answer: ({ query }) =>
        ok({
          corporate_actions: { cash_dividends: symbolsOf(query).flatMap((symbol) => dividendsOf(exchange, symbol)) },
          next_page_token: null,
        }),
    },
  ];
}

function tradesOf(look: OptionLook | null, bars: boolean): readonly Record<string, unknown>[] {
  const trade = look?.lastTrade;
  if (!trade) return [];
  return [
    bars
      ? {
          t: isoNanos(trade.at),
          o: trade.price,
          h: trade.price,
          l: trade.price,
          c: trade.price,
          v: look.volume,
          n: 1,
          vw: trade.price,
        }
      : { t: isoNanos(trade.at), p: trade.price, s: trade.size, x: 'A', c: 'I' },
  ];
}

function chainAnswer(exchange: Exchange, underlying: string, query: URLSearchParams): RouteAnswer {
  const today = civilDate(exchange.now());
  const days = (name: string, initial: number): number => {
    const text = query.get(name)?.slice(0, 10);
    return text && /^\d{4}-\d{2}-\d{2}$/.test(text) ? Math.max(0, daysBetween(today, isoDate(text))) : initial;
  };
  const exact = query.get('expiration_date');
  const window = {
    ...EVERYTHING,
    minDaysToExpiration: days(exact ? 'expiration_date' : 'expiration_date_gte', 0),
    maxDaysToExpiration: days(exact ? 'expiration_date' : 'expiration_date_lte', EVERYTHING.maxDaysToExpiration),
  };
  const lowest = Number(query.get('strike_price_gte') ?? 0);
  const highest = Number(query.get('strike_price_lte') ?? Number.MAX_SAFE_INTEGER);
  const spot = exchange.market.quoteOf(underlying);
  const within =
    spot === null
      ? 0.999
      : Math.min(
          0.999,
          Math.max(Math.abs(1 - lowest / ((spot.bid + spot.ask) / 2)), Math.abs(highest / ((spot.bid + spot.ask) / 2) - 1)) +
            1e-6,
        );
  const chain = exchange.market.chainSnapshot(underlying, { ...window, strikesWithin: within });
  if (!chain) return failure(422, 42210000, `invalid underlying symbol: ${underlying}`);
  const first = Number.parseInt(query.get('page_token') ?? '0', 36) || 0;
  const { text, next } = chainText(
    chain,
    lowest,
    highest,
    query.get('type'),
    first,
    wholeOf(query, 'limit', 100, 1000),
    exchange.market.riskFreeRate,
  );
  return { status: 200, text: `{"snapshots":{${text}},"next_page_token":${next === null ? 'null' : `"${next.toString(36)}"`}}` };
}

function dividendsOf(exchange: Exchange, symbol: string): readonly Record<string, unknown>[] {
  return (exchange.market.historyOf(symbol, 1)?.dividends ?? []).map((dividend) => ({
    symbol,
    rate: dividend.amount,
    ex_date: dividend.exDate,
    record_date: dividend.exDate,
    payable_date: dividend.exDate,
    process_date: dividend.exDate,
    special: false,
    foreign: false,
  }));
}

function newsOf(exchange: Exchange, symbols: readonly string[]): readonly Record<string, unknown>[] {
  return symbols.flatMap((symbol) =>
    (exchange.market.historyOf(symbol, 1)?.earnings ?? [])
      .filter((earnings) => earnings.date >= civilDate(exchange.now()))
      .slice(0, 1)
      .map((earnings, index) => ({
        id: index + 1,
        headline: `${symbol} reports earnings on ${earnings.date}`,
        author: 'embedded exchange',
        created_at: isoNanos(exchange.now()),
        updated_at: isoNanos(exchange.now()),
        summary: '',
        content: '',
        url: '',
        images: [],
        symbols: [symbol],
        source: 'simulated',
      })),
  );
}

/** All of the market data API. */
export function dataRoutes(exchange: Exchange): readonly Route[] {
  return [...stockRoutes(exchange), ...optionRoutes(exchange)];
}
