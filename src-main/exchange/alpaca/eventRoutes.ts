import { civilDate } from '#domain/market/calendar';
import type { Exchange } from '../exchangeApi.ts';
import { isoNanos } from './format.ts';
import { ok, type Route, symbolsOf } from './route.ts';

/** News and corporate actions: what is scheduled for the simulated names. */
export function eventRoutes(exchange: Exchange): Route[] {
  return [
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
