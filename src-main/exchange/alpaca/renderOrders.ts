import type { PositionIntent } from '#domain/structures/leg';
import type { ExchangeLeg, ExchangeOrder, OrderUpdate } from '../orders.ts';
import { isoNanos, isoOrNull, priceOf } from './format.ts';

const INTENT: Readonly<Record<PositionIntent, string>> = {
  buyToOpen: 'buy_to_open',
  buyToClose: 'buy_to_close',
  sellToOpen: 'sell_to_open',
  sellToClose: 'sell_to_close',
};

/** An order as Alpaca's JSON. The net of a combination is + for a debit there; a single order's prices are positive. */
export function orderJson(order: ExchangeOrder, nested: boolean): Record<string, unknown> {
  const multi = order.orderClass === 'mleg';
  const [only] = order.legs;
  const price = (net: number | null): string | null => (net === null ? null : priceOf(multi ? -net : Math.abs(net)));
  return {
    id: order.id,
    client_order_id: order.clientOrderId,
    created_at: isoNanos(order.createdAt),
    updated_at: isoNanos(order.updatedAt),
    submitted_at: isoNanos(order.submittedAt),
    filled_at: isoOrNull(order.filledAt),
    expired_at: isoOrNull(order.expiredAt),
    canceled_at: isoOrNull(order.canceledAt),
    failed_at: isoOrNull(order.failedAt),
    replaced_at: isoOrNull(order.replacedAt),
    replaced_by: order.replacedBy,
    replaces: order.replaces,
    asset_id: multi || !only ? '' : only.id,
    symbol: multi ? '' : (only?.symbol ?? ''),
    asset_class: multi ? '' : order.assetClass,
    notional: null,
    qty: String(order.quantity),
    filled_qty: String(order.filledQuantity),
    filled_avg_price: price(order.averageNetPrice),
    order_class: multi ? 'mleg' : 'simple',
    order_type: order.type,
    type: order.type,
    side: multi ? '' : (only?.side ?? ''),
    position_intent: multi || order.assetClass === 'us_equity' || !only ? '' : INTENT[only.intent],
    time_in_force: order.timeInForce,
    limit_price: price(order.netLimit),
    stop_price: null,
    status: order.status,
    extended_hours: false,
    legs: multi && nested ? order.legs.map((leg) => legJson(order, leg)) : null,
    trail_percent: null,
    trail_price: null,
    hwm: null,
    subtag: null,
    source: order.origin === 'brokerLiquidation' ? 'system' : null,
    expires_at: isoNanos(order.expiresAt),
  };
}

/** A leg as an order of its own, as Alpaca nests it. */
export function legJson(order: ExchangeOrder, leg: ExchangeLeg): Record<string, unknown> {
  return {
    id: leg.id,
    client_order_id: leg.clientOrderId,
    created_at: isoNanos(order.createdAt),
    updated_at: isoNanos(order.updatedAt),
    submitted_at: isoNanos(order.submittedAt),
    filled_at: isoOrNull(order.filledAt),
    expired_at: isoOrNull(order.expiredAt),
    canceled_at: isoOrNull(order.canceledAt),
    failed_at: isoOrNull(order.failedAt),
    replaced_at: null,
    replaced_by: null,
    replaces: null,
    asset_id: leg.id,
    symbol: leg.symbol,
    asset_class: leg.assetClass,
    notional: null,
    qty: String(leg.quantity),
    filled_qty: String(leg.filledQuantity),
    filled_avg_price: priceOf(leg.averagePrice),
    order_class: 'mleg',
    order_type: '',
    type: '',
    side: leg.side,
    position_intent: INTENT[leg.intent],
    time_in_force: order.timeInForce,
    limit_price: null,
    stop_price: null,
    status: order.status,
    extended_hours: false,
    legs: null,
    trail_percent: null,
    trail_price: null,
    hwm: null,
    ratio_qty: String(leg.ratio),
    subtag: null,
    source: null,
    expires_at: isoNanos(order.expiresAt),
  };
}

/** A frame of the `trade_updates` stream. */
export function updateJson(update: OrderUpdate): Record<string, unknown> {
  const { order, execution, kind, at } = update;
  const multi = order.orderClass === 'mleg';
  const [first] = execution?.legs ?? [];
  const data: Record<string, unknown> = {
    event: kind,
    event_id: `01${String(update.sequence).padStart(24, '0')}`,
    at: isoNanos(at),
    timestamp: isoNanos(at),
    order: orderJson(order, true),
  };
  if (execution) {
    data['qty'] = String(execution.units);
    data['price'] = priceOf(multi ? -execution.netPrice : Math.abs(execution.netPrice));
    data['execution_id'] = execution.executionId;
    if (multi) {
      data['position_qtys'] = Object.fromEntries(
        Object.entries(update.positionQuantities).map(([symbol, quantity]) => [symbol, String(quantity)]),
      );
      data['legs'] = execution.legs.map((leg) => ({
        execution_id: leg.executionId,
        order_id: leg.legId,
        symbol: leg.symbol,
        qty: String(Math.abs(leg.contracts)),
        side: leg.contracts < 0 ? 'sell' : 'buy',
        price: priceOf(leg.price),
        timestamp: isoNanos(at),
      }));
    } else if (first) {
      data['position_qty'] = String(update.positionQuantities[first.symbol] ?? 0);
    }
  }
  if (update.reason) {
    data['code'] = String(update.reason.code);
    data['reason'] = update.reason.message;
  }
  return { stream: 'trade_updates', data };
}
