import { z } from 'zod';
import type { Exchange } from '../exchangeApi.ts';
import { type ExchangeOrder, isFinal } from '../orders.ts';
import { numeric, ticketOf } from './orderTicket.ts';
import { orderJson } from './renderOrders.ts';
import { failure, ok, type Route, type RouteAnswer, refusalAnswer, wholeOf } from './route.ts';

/** Orders: placed, found, replaced and cancelled. */
export function orderRoutes(exchange: Exchange): Route[] {
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
        const [after, until] = [Date.parse(query.get('after') ?? ''), Date.parse(query.get('until') ?? '')];
        const side = query.get('side');
        const classes = query.get('asset_class')?.split(',');
        const symbols = query.get('symbols')?.split(',');
        const orders = desk
          .orders({ status: status === 'closed' || status === 'all' ? status : 'open' })
          .filter(({ submittedAt }) => !(submittedAt <= after) && !(submittedAt >= until))
          .filter(({ legs }) => side === null || (legs.length === 1 && legs[0]?.side === side))
          .filter(({ legs }) => !classes || classes.includes(legs[0]?.assetClass ?? ''))
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
