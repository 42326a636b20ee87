import { type IsoDate, isoDate } from '#domain/units';
import type { Refusal } from '../orders.ts';

/** A request as a route sees it. */
export interface RouteCall {
  readonly path: readonly string[];
  readonly query: URLSearchParams;
  readonly body: unknown;
}

/** An answer. `text` is already JSON (the chain is built by hand for speed); `body` is turned into it; neither = no content. */
export interface RouteAnswer {
  readonly status: number;
  readonly body?: unknown;
  readonly text?: string;
}

export interface Route {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** Matched against the whole path; its groups become `path`. */
  readonly pattern: RegExp;
  answer(call: RouteCall): RouteAnswer;
}

export function ok(body: unknown): RouteAnswer {
  return { status: 200, body };
}

export function failure(status: number, code: number, message: string): RouteAnswer {
  return { status, body: { code, message } };
}

export function refusalAnswer({ status, code, message, extras }: Refusal): RouteAnswer {
  return { status, body: { code, message, ...extras } };
}

/** A whole number in a query, within a range; the default when missing. */
export function wholeOf(query: URLSearchParams, name: string, initial: number, max: number): number {
  const value = Number(query.get(name) ?? initial);
  return Number.isInteger(value) && value > 0 ? Math.min(value, max) : initial;
}

/** A page of a list with an opaque token: the index of its first item. */
export function pageOf<Item>(
  items: readonly Item[],
  token: string | null,
  limit: number,
): { readonly page: readonly Item[]; readonly next: string | null } {
  const first = token === null ? 0 : Number.parseInt(token, 36) || 0;
  const page = items.slice(first, first + limit);
  return { page, next: first + limit < items.length ? (first + limit).toString(36) : null };
}

/** A date in a query; a time of day after it is ignored. Null when missing or not a date. */
export function dateIn(query: URLSearchParams, name: string): IsoDate | null {
  const text = query.get(name)?.slice(0, 10);
  return text && /^\d{4}-\d{2}-\d{2}$/.test(text) ? isoDate(text) : null;
}

/** The symbols that a query names. */
export function symbolsOf(query: URLSearchParams): readonly string[] {
  return (query.get('symbols') ?? '').split(',').filter((symbol) => symbol !== '');
}

/**
 * Items of several symbols in one answer, symbol by symbol, within `start` and `end` and in pages; a symbol without items is left
 * out. With `only` the list stands alone beside that symbol.
 */
export function pagedBySymbol(
  key: string,
  query: URLSearchParams,
  symbols: readonly string[],
  itemsOf: (symbol: string) => readonly Readonly<Record<string, unknown>>[],
  only?: string,
): RouteAnswer {
  const from = Date.parse(query.get('start') ?? '');
  const to = Date.parse(query.get('end') ?? '');
  const within = ({ t }: Readonly<Record<string, unknown>>): boolean => {
    const at = Date.parse(String(t));
    return !(at < from) && !(at > to);
  };
  const all = symbols.flatMap((symbol) => {
    const items = itemsOf(symbol).filter(within);
    return (query.get('sort') === 'desc' ? [...items].reverse() : items).map((item) => ({ symbol, item }));
  });
  const { page, next } = pageOf(all, query.get('page_token'), wholeOf(query, 'limit', 1000, 10_000));
  if (only !== undefined) return ok({ symbol: only, [key]: page.map(({ item }) => item), next_page_token: next });
  const bySymbol: Record<string, unknown[]> = {};
  for (const { symbol, item } of page) {
    const list = bySymbol[symbol] ?? [];
    list.push(item);
    bySymbol[symbol] = list;
  }
  return ok({ [key]: bySymbol, next_page_token: next });
}
