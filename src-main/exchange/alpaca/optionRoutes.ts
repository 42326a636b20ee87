import { civilDate, daysBetween } from '#domain/market/calendar';
import { isoDate } from '#domain/units';
import type { Exchange, OptionLook } from '../exchangeApi.ts';
import { chainText } from './chainText.ts';
import { isoNanos } from './format.ts';
import { quoteJson } from './quoteJson.ts';
import { failure, ok, pagedBySymbol, pageOf, type Route, type RouteAnswer, symbolsOf, wholeOf } from './route.ts';

/** A window that leaves nothing out: the query's own bounds do the cutting. */
const EVERYTHING = { minDaysToExpiration: 0, maxDaysToExpiration: 2000, strikesWithin: 0.999 };

/** Symbols that one request may name. */
const MOST_SYMBOLS = 100;

/** Options: snapshots, chains, newest quotes and trades, and the session's trading. */
export function optionRoutes(exchange: Exchange): Route[] {
  const { market } = exchange;
  return [
    {
      method: 'GET',
      pattern: /^\/v1beta1\/options\/snapshots$/,
      answer({ query }) {
        const symbols = symbolsOf(query);
        if (symbols.length > MOST_SYMBOLS)
          return { status: 400, body: { message: `too many symbols: ${symbols.length} (at most ${MOST_SYMBOLS})` } };
        const { page, next } = pageOf(symbols, query.get('page_token'), wholeOf(query, 'limit', 100, 1000));
        const snapshots = page.flatMap((symbol) => {
          const look = market.look(symbol);
          return look ? [[symbol, lookJson(look)]] : [];
        });
        return ok({ snapshots: Object.fromEntries(snapshots), next_page_token: next });
      },
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
        pagedBySymbol(path[0] ?? '', query, symbolsOf(query), (symbol) => tradesOf(market.look(symbol), path[0] === 'bars')),
    },
    {
      method: 'GET',
      pattern: /^\/v1beta1\/options\/meta\/exchanges$/,
      answer: () => ok({ A: 'NYSE American Options (simulated)' }),
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

/** What the tape keeps of an option: its newest trade, and the session around it. */
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
