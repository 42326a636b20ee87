import { z } from 'zod';
import {
  addDays,
  civilDate,
  isTradingDay,
  nextSession,
  nextTradingDay,
  sessionAt,
  sessionOn,
  weekday,
} from '#domain/market/calendar';
import { type IsoDate, isoDate } from '#domain/units';
import type { Exchange, ExchangeActivity } from '../exchangeApi.ts';
import type { ExchangeOrder, OrderTicket } from '../orders.ts';
import { isFinal } from '../orders.ts';
import { isoNanos } from './format.ts';
import { accountJson, activityJson, positionJson } from './renderAccount.ts';
import { orderJson } from './renderOrders.ts';
import { failure, ok, pageOf, type Route, type RouteAnswer, refusalAnswer, wholeOf } from './route.ts';

const INTENTS = {
  buy_to_open: 'buyToOpen',
  buy_to_close: 'buyToClose',
  sell_to_open: 'sellToOpen',
  sell_to_close: 'sellToClose',
} as const;
const numeric = z.union([z.string(), z.number()]).transform((value, context) => {
  const number = Number(value);
  if (!Number.isFinite(number)) context.addIssue({ code: 'custom', message: 'not a number' });
  return number;
});
const legSchema = z.looseObject({
  symbol: z.string(),
  ratio_qty: numeric,
  side: z.enum(['buy', 'sell']),
  position_intent: z.enum(['buy_to_open', 'buy_to_close', 'sell_to_open', 'sell_to_close']),
});
const orderSchema = z.looseObject({
  symbol: z.string().optional(),
  qty: numeric,
  side: z.enum(['buy', 'sell']).optional(),
  type: z.enum(['limit', 'market']),
  time_in_force: z.enum(['day', 'gtc']),
  limit_price: numeric.optional(),
  order_class: z.enum(['simple', 'mleg', '']).optional(),
  client_order_id: z.string().max(128).optional(),
  position_intent: z.enum(['buy_to_open', 'buy_to_close', 'sell_to_open', 'sell_to_close']).optional(),
  legs: z.array(legSchema).min(1).max(4).optional(),
});

/** A posted body as the exchange's ticket; the first field that is wrong is named. */
function ticketOf(body: unknown): OrderTicket | string {
  const parsed = orderSchema.safeParse(body);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    return `invalid ${issue?.path.join('.') ?? 'order'}: ${issue?.message ?? ''}`;
  }
  const order = parsed.data;
  const base = {
    clientOrderId: order.client_order_id ?? null,
    type: order.type,
    timeInForce: order.time_in_force,
    contracts: order.qty,
  };
  if (order.order_class === 'mleg') {
    if (!order.legs) return 'legs are required for mleg orders';
    return {
      ...base,
      orderClass: 'mleg',
      netLimit: order.limit_price === undefined ? null : -order.limit_price || 0,
      legs: order.legs.map((leg) => ({
        symbol: leg.symbol,
        side: leg.side,
        ratio: leg.ratio_qty,
        intent: INTENTS[leg.position_intent],
      })),
    };
  }
  if (!order.symbol || !order.side) return 'symbol and side are required';
  const limit = order.limit_price;
  return {
    ...base,
    orderClass: 'simple',
    netLimit: limit === undefined ? null : order.side === 'sell' ? limit : -limit,
    legs: [
      { symbol: order.symbol, side: order.side, ratio: 1, intent: order.position_intent ? INTENTS[order.position_intent] : null },
    ],
  };
}

function ordersRoutes(exchange: Exchange): Route[] {
  const { desk } = exchange;
  const found = (order: ExchangeOrder | null, nested = true): RouteAnswer =>
    order ? ok(orderJson(order, nested)) : failure(404, 40410000, 'order not found');
  const symbolsIn = (order: ExchangeOrder): string[] => order.legs.map((leg) => leg.symbol);
  return [
    {
      method: 'POST',
      pattern: /^\/v2\/orders$/,
      answer({ body }) {
        const ticket = ticketOf(body);
        if (typeof ticket === 'string') return failure(422, 42210000, ticket);
        const answer = desk.submit(ticket);
        return answer.kind === 'accepted' ? ok(orderJson(answer.order, true)) : refusalAnswer(answer.refusal);
      },
    },
    {
      method: 'GET',
      pattern: /^\/v2\/orders$/,
      answer({ query }) {
        const status = query.get('status') ?? 'open';
        const limit = wholeOf(query, 'limit', 50, 500);
        const after = query.get('after');
        const symbols = query.get('symbols')?.split(',');
        const orders = desk
          .orders({ status: status === 'closed' || status === 'all' ? status : 'open' })
          .filter((order) => after === null || order.submittedAt > Date.parse(after))
          .filter((order) => !symbols || symbolsIn(order).some((symbol) => symbols.includes(symbol)));
        const sorted = query.get('direction') === 'asc' ? orders : [...orders].reverse();
        return ok(sorted.slice(0, limit).map((order) => orderJson(order, query.get('nested') === 'true')));
      },
    },
    {
      method: 'DELETE',
      pattern: /^\/v2\/orders$/,
      answer() {
        const open = desk.orders({ status: 'open' });
        return {
          status: 207,
          body: open.map((order) => ({ id: order.id, status: desk.cancel(order.id).kind === 'requested' ? 200 : 422 })),
        };
      },
    },
    {
      method: 'GET',
      pattern: /^\/v2\/orders:by_client_order_id$/,
      answer: ({ query }) => found(desk.orderByClientId(query.get('client_order_id') ?? '')),
    },
    {
      method: 'GET',
      pattern: /^\/v2\/orders\/([^/]+)$/,
      answer: ({ path, query }) => found(desk.orderById(path[0] ?? ''), query.get('nested') !== 'false'),
    },
    {
      method: 'PATCH',
      pattern: /^\/v2\/orders\/([^/]+)$/,
      answer({ path, body }) {
        const order = desk.orderById(path[0] ?? '');
        if (!order) return failure(404, 40410000, 'order not found');
        const change = z
          .looseObject({ qty: numeric.optional(), limit_price: numeric.optional(), client_order_id: z.string().optional() })
          .safeParse(body);
        if (!change.success) return failure(422, 42210000, 'invalid replace request');
        const { qty, limit_price: limit, client_order_id: clientOrderId } = change.data;
        const netLimit =
          limit === undefined ? undefined : order.orderClass === 'mleg' || order.legs[0]?.side === 'buy' ? -limit : limit;
        const answer = desk.replace(order.id, {
          ...(qty === undefined ? {} : { quantity: qty }),
          ...(netLimit === undefined ? {} : { netLimit }),
          ...(clientOrderId === undefined ? {} : { clientOrderId }),
        });
        return answer.kind === 'accepted' ? ok(orderJson(answer.order, true)) : refusalAnswer(answer.refusal);
      },
    },
    {
      method: 'DELETE',
      pattern: /^\/v2\/orders\/([^/]+)$/,
      answer({ path }) {
        const order = desk.orderById(path[0] ?? '');
        if (!order) return failure(404, 40410000, 'order not found');
        if (isFinal(order.status)) return failure(422, 42210000, `order is already in "${order.status}" state`);
        const answer = desk.cancel(order.id);
        return answer.kind === 'requested' ? { status: 204 } : refusalAnswer(answer.refusal);
      },
    },
  ];
}

function accountRoutes(exchange: Exchange): Route[] {
  const { desk } = exchange;
  const configuration = (): Record<string, unknown> => {
    const { maxOptionsTradingLevel, suspendTrade, noShorting } = desk.configuration();
    return {
      max_options_trading_level: maxOptionsTradingLevel,
      suspend_trade: suspendTrade,
      no_shorting: noShorting,
      fractional_trading: false,
      max_margin_multiplier: '1',
      trade_confirm_email: 'none',
      ptp_no_exception_entry: false,
    };
  };
  return [
    { method: 'GET', pattern: /^\/v2\/account$/, answer: () => ok(accountJson(desk.account())) },
    { method: 'GET', pattern: /^\/v2\/account\/configurations$/, answer: () => ok(configuration()) },
    {
      method: 'PATCH',
      pattern: /^\/v2\/account\/configurations$/,
      answer({ body }) {
        const change = z
          .looseObject({
            suspend_trade: z.boolean().optional(),
            no_shorting: z.boolean().optional(),
            max_options_trading_level: z.number().int().min(0).max(3).nullable().optional(),
          })
          .safeParse(body);
        if (!change.success) return failure(422, 42210000, 'invalid account configuration');
        const { suspend_trade: suspendTrade, no_shorting: noShorting, max_options_trading_level: level } = change.data;
        desk.configure({
          ...(suspendTrade === undefined ? {} : { suspendTrade }),
          ...(noShorting === undefined ? {} : { noShorting }),
          ...(level === undefined ? {} : { maxOptionsTradingLevel: level }),
        });
        return ok(configuration());
      },
    },
    {
      method: 'GET',
      pattern: /^\/v2\/account\/activities(?:\/([^/]+))?$/,
      answer: ({ path, query }) => activities(exchange, path[0] ?? null, query),
    },
    {
      method: 'GET',
      pattern: /^\/v2\/account\/portfolio\/history$/,
      answer() {
        const points = desk.equityHistory();
        const base = exchange.settings.clearing.startingCash;
        return ok({
          timestamp: points.map((point) => Math.floor(point.at / 1000)),
          equity: points.map((point) => point.equity / 100),
          profit_loss: points.map((point) => (point.equity - base) / 100),
          profit_loss_pct: points.map((point) => point.equity / base - 1),
          base_value: base / 100,
          timeframe: '1D',
        });
      },
    },
    { method: 'GET', pattern: /^\/v2\/positions$/, answer: () => ok(desk.positions().map(positionJson)) },
    {
      method: 'GET',
      pattern: /^\/v2\/positions\/([^/]+)$/,
      answer({ path }) {
        const position = desk.positions().find((candidate) => candidate.symbol === path[0]);
        return position ? ok(positionJson(position)) : failure(404, 40410000, 'position does not exist');
      },
    },
    { method: 'DELETE', pattern: /^\/v2\/positions\/([^/]+)$/, answer: ({ path }) => closeAtMarket(exchange, path[0] ?? '') },
    {
      method: 'DELETE',
      pattern: /^\/v2\/positions$/,
      answer: () => ({
        status: 207,
        body: desk
          .positions()
          .map((position) => ({ symbol: position.symbol, status: closeAtMarket(exchange, position.symbol).status, body: null })),
      }),
    },
    {
      method: 'POST',
      pattern: /^\/v2\/positions\/([^/]+)\/(exercise|do-not-exercise)$/,
      answer({ path }) {
        const symbol = path[0] ?? '';
        const answer = path[1] === 'exercise' ? desk.exercise(symbol) : desk.doNotExercise(symbol);
        return answer.kind === 'requested' ? { status: 204 } : refusalAnswer(answer.refusal);
      },
    },
  ];
}

/** Closing a position by symbol legs out by a market order, as Alpaca does; never used by the engine. */
function closeAtMarket(exchange: Exchange, symbol: string): RouteAnswer {
  const position = exchange.desk.positions().find((candidate) => candidate.symbol === symbol);
  if (!position) return failure(404, 40410000, 'position does not exist');
  const answer = exchange.desk.submit({
    clientOrderId: null,
    orderClass: 'simple',
    type: 'market',
    timeInForce: 'day',
    contracts: Math.abs(position.quantity),
    netLimit: null,
    legs: [{ symbol, side: position.quantity > 0 ? 'sell' : 'buy', ratio: 1, intent: null }],
  });
  return answer.kind === 'accepted' ? ok(orderJson(answer.order, true)) : refusalAnswer(answer.refusal);
}

function activities(exchange: Exchange, type: string | null, query: URLSearchParams): RouteAnswer {
  const types = type === null ? query.get('activity_types')?.split(',') : [type];
  const ascending = query.get('direction') === 'asc';
  const size = wholeOf(query, 'page_size', 100, 100);
  const token = query.get('page_token');
  const matches = (activity: ExchangeActivity): boolean => !types || types.includes(activity.code);
  const all = exchange.desk.activities(ascending ? token : null).filter(matches);
  const rest = ascending ? all : [...all].reverse().filter((activity) => token === null || activity.id < token);
  return ok(rest.slice(0, size).map(activityJson));
}

function referenceRoutes(exchange: Exchange): Route[] {
  const { market } = exchange;
  const asset = (symbol: string): Record<string, unknown> | null => {
    const profile = market.underlyings.find((candidate) => candidate.symbol === symbol);
    if (!profile) return null;
    return {
      id: profile.symbol,
      class: 'us_equity',
      exchange: profile.exchange,
      symbol: profile.symbol,
      name: profile.name,
      status: 'active',
      tradable: true,
      marginable: true,
      shortable: true,
      easy_to_borrow: true,
      fractionable: false,
      attributes: ['has_options'],
    };
  };
  const contractJson = (symbol: string): Record<string, unknown> | null => {
    const contract = market.contractOf(symbol);
    if (!contract) return null;
    const today = civilDate(exchange.now());
    return {
      id: contract.symbol,
      symbol: contract.symbol,
      name: `${contract.underlying} ${contract.expiration} ${contract.strike} ${contract.right}`,
      status: 'active',
      tradable: true,
      expiration_date: contract.expiration,
      root_symbol: contract.root,
      underlying_symbol: contract.underlying,
      underlying_asset_id: contract.underlying,
      type: contract.right,
      style: contract.style,
      strike_price: String(contract.strike),
      multiplier: String(contract.multiplier),
      size: String(contract.multiplier),
      open_interest: String(market.openInterestOf(symbol)),
      open_interest_date: today,
      close_price: null,
      close_price_date: null,
      ppind: contract.pennyProgram,
    };
  };
  return [
    { method: 'GET', pattern: /^\/v2\/assets$/, answer: () => ok(market.underlyings.map((profile) => asset(profile.symbol))) },
    {
      method: 'GET',
      pattern: /^\/v2\/assets\/([^/]+)$/,
      answer: ({ path }) => {
        const found = asset(path[0] ?? '');
        return found ? ok(found) : failure(404, 40410000, `asset not found for ${path[0]}`);
      },
    },
    {
      method: 'GET',
      pattern: /^\/v2\/options\/contracts$/,
      answer({ query }) {
        const today = civilDate(exchange.now());
        const exact = dateIn(query, 'expiration_date');
        const from = exact ?? dateIn(query, 'expiration_date_gte') ?? today;
        const to = exact ?? dateIn(query, 'expiration_date_lte') ?? comingWeekend(today);
        const right = query.get('type');
        const listed = market.contracts({
          underlyings: (query.get('underlying_symbols') ?? market.underlyings.map((profile) => profile.symbol).join(',')).split(
            ',',
          ),
          expirationFrom: from,
          expirationTo: to,
          ...(right === 'call' || right === 'put' ? { right } : {}),
          ...(query.get('strike_price_gte') === null ? {} : { strikeFrom: Number(query.get('strike_price_gte')) }),
          ...(query.get('strike_price_lte') === null ? {} : { strikeTo: Number(query.get('strike_price_lte')) }),
        });
        const { page, next } = pageOf(listed, query.get('page_token'), wholeOf(query, 'limit', 100, 10_000));
        return ok({ option_contracts: page.map((contract) => contractJson(contract.symbol)), next_page_token: next });
      },
    },
    {
      method: 'GET',
      pattern: /^\/v2\/options\/contracts\/([^/]+)$/,
      answer: ({ path }) => {
        const found = contractJson(path[0] ?? '');
        return found ? ok(found) : failure(404, 40410000, `option contract ${path[0]} not found`);
      },
    },
    { method: 'GET', pattern: /^\/v2\/clock$/, answer: () => ok(clockJson(exchange)) },
    {
      method: 'GET',
      pattern: /^\/v3\/clock$/,
      answer: () => ok({ clocks: ['NYSE', 'OPRA'].map((market_) => ({ market: { acronym: market_ }, ...clockJson(exchange) })) }),
    },
    { method: 'GET', pattern: /^\/v2\/calendar$/, answer: ({ query }) => ok(calendarDays(query)) },
    {
      method: 'GET',
      pattern: /^\/v3\/calendar\/([^/]+)$/,
      answer: ({ path, query }) => ok({ market: { acronym: path[0] }, calendar: calendarDays(query) }),
    },
  ];
}

function dateIn(query: URLSearchParams, name: string): IsoDate | null {
  const text = query.get(name)?.slice(0, 10);
  return text && /^\d{4}-\d{2}-\d{2}$/.test(text) ? isoDate(text) : null;
}

/** Alpaca's silent default: contracts up to the coming weekend. */
function comingWeekend(today: IsoDate): IsoDate {
  return addDays(today, 6 - weekday(today) || 7);
}

function clockJson(exchange: Exchange): Record<string, unknown> {
  const now = exchange.now();
  const open = sessionAt(now);
  const today = sessionOn(civilDate(now));
  const upcoming = today && now < today.open ? today : nextSession(now);
  return {
    timestamp: isoNanos(now),
    is_open: open !== null,
    next_open: isoNanos(upcoming.open),
    next_close: isoNanos((open ?? upcoming).close),
  };
}

function calendarDays(query: URLSearchParams): readonly Record<string, unknown>[] {
  const start = dateIn(query, 'start') ?? isoDate('2026-01-01');
  const end = dateIn(query, 'end') ?? addDays(start, 365);
  const days: Record<string, unknown>[] = [];
  for (let day = isTradingDay(start) ? start : nextTradingDay(start); day <= end; day = nextTradingDay(day)) {
    const early = sessionOn(day)?.earlyClose ?? false;
    days.push({
      date: day,
      open: '09:30',
      close: early ? '13:00' : '16:00',
      session_open: '0400',
      session_close: early ? '1700' : '2000',
      settlement_date: nextTradingDay(day),
    });
  }
  return days;
}

/** All of the trading API. */
export function tradingRoutes(exchange: Exchange): readonly Route[] {
  return [...ordersRoutes(exchange), ...accountRoutes(exchange), ...referenceRoutes(exchange)];
}
