import { z } from 'zod';
import type { OrderTicket } from '../orders.ts';

const INTENTS = {
  buy_to_open: 'buyToOpen',
  buy_to_close: 'buyToClose',
  sell_to_open: 'sellToOpen',
  sell_to_close: 'sellToClose',
} as const;
/** A number that may travel as text. */
export const numeric = z.union([z.string(), z.number()]).transform((value, context) => {
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
export function ticketOf(body: unknown): OrderTicket | string {
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
