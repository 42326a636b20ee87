import type { Exchange } from '../exchangeApi.ts';
import { accountRoutes } from './accountRoutes.ts';
import { activityRoutes } from './activityRoutes.ts';
import { contractRoutes } from './contractRoutes.ts';
import { hoursRoutes } from './hoursRoutes.ts';
import { orderRoutes } from './orderRoutes.ts';
import { positionRoutes } from './positionRoutes.ts';
import type { Route } from './route.ts';

/** All of the trading API. */
export function tradingRoutes(exchange: Exchange): readonly Route[] {
  return [orderRoutes, accountRoutes, activityRoutes, positionRoutes, contractRoutes, hoursRoutes].flatMap((routes) =>
    routes(exchange),
  );
}
