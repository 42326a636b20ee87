import type { Exchange } from '../exchangeApi.ts';
import { eventRoutes } from './eventRoutes.ts';
import { optionRoutes } from './optionRoutes.ts';
import type { Route } from './route.ts';
import { stockRoutes } from './stockRoutes.ts';

/** All of the market data API. */
export function dataRoutes(exchange: Exchange): readonly Route[] {
  return [stockRoutes, optionRoutes, eventRoutes].flatMap((routes) => routes(exchange));
}
