import type { Exchange, ExchangeActivity } from '../exchangeApi.ts';
import { activityJson } from './renderAccount.ts';
import { dateIn, ok, type Route, type RouteAnswer, wholeOf } from './route.ts';

/** What happened to the account: fills, fees, dividends, expirations, exercises and assignments. */
export function activityRoutes(exchange: Exchange): Route[] {
  return [
    {
      method: 'GET',
      pattern: /^\/v2\/account\/activities(?:\/([^/]+))?$/,
      answer: ({ path, query }) => activities(exchange, path[0] ?? null, query),
    },
  ];
}

function activities(exchange: Exchange, type: string | null, query: URLSearchParams): RouteAnswer {
  const types = type === null ? query.get('activity_types')?.split(',') : [type];
  const ascending = query.get('direction') === 'asc';
  const size = wholeOf(query, 'page_size', 100, 100);
  const token = query.get('page_token');
  const category = query.get('category');
  const day = dateIn(query, 'date');
  const [after, until] = [Date.parse(query.get('after') ?? ''), Date.parse(query.get('until') ?? '')];
  const matches = ({ code, date, at }: ExchangeActivity): boolean =>
    (!types || types.includes(code)) &&
    (category === null || (category === 'trade_activity') === (code === 'FILL')) &&
    (day === null || date === day) &&
    !(at <= after) &&
    !(at > until);
  const all = exchange.desk.activities(ascending ? token : null).filter(matches);
  const rest = ascending ? all : [...all].reverse().filter((activity) => token === null || activity.id < token);
  return ok(rest.slice(0, size).map(activityJson));
}
