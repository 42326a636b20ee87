import type { Exchange } from '../exchangeApi.ts';
import { positionJson } from './renderAccount.ts';
import { orderJson } from './renderOrders.ts';
import { failure, ok, type Route, type RouteAnswer, refusalAnswer } from './route.ts';

/** What is held, closing it by symbol, and instructions about its exercise. */
export function positionRoutes(exchange: Exchange): Route[] {
  const { desk } = exchange;
  return [
    { method: 'GET', pattern: /^\/v2\/positions$/, answer: () => ok(desk.positions().map(positionJson)) },
    {
      method: 'GET',
      pattern: /^\/v2\/positions\/([^/]+)$/,
      answer({ path }) {
        const position = desk.positions().find((candidate) => candidate.symbol === path[0]);
        return position ? ok(positionJson(position)) : failure(404, 40410000, 'position does not exist');
      },
    },
    {
      method: 'DELETE',
      pattern: /^\/v2\/positions\/([^/]+)$/,
      answer: ({ path, query }) => closeAtMarket(exchange, path[0] ?? '', query),
    },
    {
      method: 'DELETE',
      pattern: /^\/v2\/positions$/,
      answer({ query }) {
        if (query.get('cancel_orders') === 'true') for (const { id } of desk.orders({ status: 'open' })) desk.cancel(id);
        const body = desk.positions().map(({ symbol }) => {
          const { status, body: order } = closeAtMarket(exchange, symbol, new URLSearchParams());
          return { symbol, status, body: order };
        });
        return { status: 207, body };
      },
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

/** Closing a position by symbol, or a part of it, legs out by a market order, as Alpaca does; never used by the engine. */
function closeAtMarket(exchange: Exchange, symbol: string, query: URLSearchParams): RouteAnswer {
  const position = exchange.desk.positions().find((candidate) => candidate.symbol === symbol);
  if (!position) return failure(404, 40410000, 'position does not exist');
  const held = Math.abs(position.quantity);
  const [quantity, percentage] = [query.get('qty'), query.get('percentage')];
  if (quantity !== null && percentage !== null) return failure(422, 42210000, 'only one of qty or percentage is accepted');
  const answer = exchange.desk.submit({
    clientOrderId: null,
    orderClass: 'simple',
    type: 'market',
    timeInForce: 'day',
    contracts: quantity !== null ? Number(quantity) : percentage !== null ? Math.floor((held * Number(percentage)) / 100) : held,
    netLimit: null,
    legs: [{ symbol, side: position.quantity > 0 ? 'sell' : 'buy', ratio: 1, intent: null }],
  });
  return answer.kind === 'accepted' ? ok(orderJson(answer.order, true)) : refusalAnswer(answer.refusal);
}
