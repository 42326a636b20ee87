import { atNewYork } from '#domain/market/calendar';
import { type Instant, instant } from '#domain/units';
import type { DailyBar } from '#ports/marketData';
import type { Exchange, IntradayBar } from '../exchangeApi.ts';
import { isoNanos } from './format.ts';
import { quoteJson } from './quoteJson.ts';
import { failure, ok, pagedBySymbol, type Route, type RouteAnswer, symbolsOf } from './route.ts';

type Json = Readonly<Record<string, unknown>>;

const MINUTE_MS = 60_000;
/** The newest minute may lie before a long weekend. */
const LONGEST_CLOSURE_MS = 5 * 86_400_000;

function barJson(at: Instant, bar: Omit<IntradayBar, 'at'>): Json {
  return { t: isoNanos(at), o: bar.open, h: bar.high, l: bar.low, c: bar.close, v: bar.volume, n: 1, vw: bar.close };
}

const dailyJson = (bar: DailyBar): Json => barJson(atNewYork(bar.date, '00:00'), bar);

function tradeJson(at: Instant, price: number, size: number): Json {
  return { t: isoNanos(at), p: Math.round(price * 100) / 100, s: size, x: 'V', c: ['@'], i: at % 1_000_000, z: 'B' };
}

/** What the exchange tells of its underlyings, one symbol at a time. */
function tapeOf(exchange: Exchange) {
  const { market } = exchange;
  const now = (): Instant => exchange.now();
  const minutes = (symbol: string, query: URLSearchParams): readonly IntradayBar[] =>
    market.minuteBars(symbol, timeIn(query, 'start', instant(0)), timeIn(query, 'end', now()));
  const tape = {
    latestQuote(symbol: string): Json | null {
      const quote = market.quoteOf(symbol);
      return quote && quoteJson(quote);
    },
    latestTrade(symbol: string): Json | null {
      const quote = market.quoteOf(symbol);
      return quote && tradeJson(quote.at, (quote.bid + quote.ask) / 2, 100);
    },
    latestBar(symbol: string): Json | null {
      const since = (ms: number): readonly IntradayBar[] => market.minuteBars(symbol, instant(Math.max(0, now() - ms)), now());
      const bar = since(2 * MINUTE_MS).at(-1) ?? since(LONGEST_CLOSURE_MS).at(-1);
      return bar ? barJson(bar.at, bar) : null;
    },
    bars(symbol: string, query: URLSearchParams): readonly Json[] {
      if (query.get('timeframe') === '1Min') return minutes(symbol, query).map((bar) => barJson(bar.at, bar));
      const from = timeIn(query, 'start', instant(0));
      const to = timeIn(query, 'end', now());
      return (market.historyOf(symbol, 100_000)?.bars ?? [])
        .filter(({ date }) => atNewYork(date, '00:00') >= from && atNewYork(date, '00:00') <= to)
        .map(dailyJson);
    },
    /** The tape keeps minutes, not ticks: one trade a minute, at its close and of its volume. */
    trades: (symbol: string, query: URLSearchParams): readonly Json[] =>
      minutes(symbol, query).map((bar) => tradeJson(instant(bar.at + MINUTE_MS - 1), bar.close, bar.volume)),
    /** One quote a minute, around the close and as wide as the present one. */
    quotes(symbol: string, query: URLSearchParams): readonly Json[] {
      const quote = market.quoteOf(symbol);
      if (!quote) return [];
      const half = (quote.ask - quote.bid) / 2;
      const cents = (price: number): number => Math.round(price * 100) / 100;
      return minutes(symbol, query).map((bar) =>
        quoteJson({ ...quote, bid: cents(bar.close - half), ask: cents(bar.close + half), at: instant(bar.at + MINUTE_MS - 1) }),
      );
    },
    snapshot(symbol: string): Json | null {
      if (!market.quoteOf(symbol)) return null;
      const today = market.todaysBar(symbol);
      const before = market.historyOf(symbol, 1)?.bars.at(-1);
      return {
        latestQuote: tape.latestQuote(symbol),
        latestTrade: tape.latestTrade(symbol),
        minuteBar: tape.latestBar(symbol),
        dailyBar: today && dailyJson(today),
        prevDailyBar: before ? dailyJson(before) : null,
      };
    },
  };
  return tape;
}

/** Underlyings: bars, quotes, trades and snapshots, for many symbols and for one. */
export function stockRoutes(exchange: Exchange): Route[] {
  const tape = tapeOf(exchange);
  const latest = { quotes: tape.latestQuote, trades: tape.latestTrade, bars: tape.latestBar };
  const history = { quotes: tape.quotes, trades: tape.trades, bars: tape.bars };
  const kindOf = (text: string | undefined): keyof typeof latest => (text === 'quotes' || text === 'trades' ? text : 'bars');
  const found = (query: URLSearchParams, one: (symbol: string) => Json | null): Json =>
    Object.fromEntries(
      symbolsOf(query).flatMap((symbol) => {
        const value = one(symbol);
        return value === null ? [] : [[symbol, value] as const];
      }),
    );
  const unknown = (symbol: string): RouteAnswer => failure(404, 40410000, `symbol not found: ${symbol}`);
  return [
    {
      method: 'GET',
      pattern: /^\/v2\/stocks\/(quotes|trades|bars)\/latest$/,
      answer: ({ path, query }) => ok({ [kindOf(path[0])]: found(query, latest[kindOf(path[0])]) }),
    },
    {
      method: 'GET',
      pattern: /^\/v2\/stocks\/(quotes|trades|bars)$/,
      answer: ({ path, query }) =>
        badAdjustment(query) ??
        pagedBySymbol(kindOf(path[0]), query, symbolsOf(query), (symbol) => history[kindOf(path[0])](symbol, query)),
    },
    { method: 'GET', pattern: /^\/v2\/stocks\/snapshots$/, answer: ({ query }) => ok(found(query, tape.snapshot)) },
    {
      method: 'GET',
      pattern: /^\/v2\/stocks\/([A-Z.]+)\/snapshot$/,
      answer({ path }) {
        const symbol = path[0] ?? '';
        const snapshot = tape.snapshot(symbol);
        return snapshot ? ok({ symbol, ...snapshot }) : unknown(symbol);
      },
    },
    {
      method: 'GET',
      pattern: /^\/v2\/stocks\/([A-Z.]+)\/(quotes|trades|bars)\/latest$/,
      answer({ path }) {
        const symbol = path[0] ?? '';
        const kind = kindOf(path[1]);
        const value = latest[kind](symbol);
        return value ? ok({ symbol, [kind.slice(0, -1)]: value }) : unknown(symbol);
      },
    },
    {
      method: 'GET',
      pattern: /^\/v2\/stocks\/([A-Z.]+)\/(quotes|trades|bars)$/,
      answer({ path, query }) {
        const symbol = path[0] ?? '';
        const kind = kindOf(path[1]);
        return badAdjustment(query) ?? pagedBySymbol(kind, query, [symbol], () => history[kind](symbol, query), symbol);
      },
    },
  ];
}

const ADJUSTMENTS = new Set(['raw', 'split', 'dividend', 'spin-off', 'all']);

/** Nothing here is ever split or spun off: every adjustment gives the same bars, and one that does not exist is refused. */
function badAdjustment(query: URLSearchParams): RouteAnswer | null {
  const asked = query.getAll('adjustment');
  const known = asked.length < 2 && asked.every((text) => text.split(',').every((word) => ADJUSTMENTS.has(word)));
  return known ? null : failure(400, 40010001, `invalid adjustment: ${asked.join()}`);
}

function timeIn(query: URLSearchParams, name: string, initial: Instant): Instant {
  const at = Date.parse(query.get(name) ?? '');
  return Number.isNaN(at) ? initial : instant(Math.max(0, at));
}
