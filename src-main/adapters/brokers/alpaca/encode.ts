import type { trading } from '@alpacahq/alpaca-trade-api';
import type { PositionIntent } from '#domain/structures/leg';
import type { IdentifiedOrder } from '#ports/broker';

const INTENT: Readonly<Record<PositionIntent, 'buy_to_open' | 'buy_to_close' | 'sell_to_open' | 'sell_to_close'>> = {
  buyToOpen: 'buy_to_open',
  buyToClose: 'buy_to_close',
  sellToOpen: 'sell_to_open',
  sellToClose: 'sell_to_close',
};

/**
 * Our order in Alpaca's form. Signs: a combination's limit is + for a debit there and + for a credit here, so it is turned; a
 * single order's limit is positive and its side tells. Money travels as text.
 */
export function postOrderRequestOf(order: IdentifiedOrder): trading.PostOrderRequest {
  const base = {
    clientOrderId: order.clientOrderId,
    qty: String(order.contracts),
    type: 'limit',
    timeInForce: order.timeInForce,
  } as const;
  const [only] = order.legs;
  if (order.legs.length === 1 && only) {
    return {
      ...base,
      symbol: only.symbol,
      side: only.side,
      limitPrice: money(Math.abs(order.netLimit)),
      ...(order.assetClass === 'option' ? { positionIntent: INTENT[only.intent] } : {}),
    };
  }
  return {
    ...base,
    orderClass: 'mleg',
    limitPrice: money(-order.netLimit || 0),
    legs: order.legs.map((leg) => ({
      symbol: leg.symbol,
      ratioQty: String(leg.ratio),
      side: leg.side,
      positionIntent: INTENT[leg.intent],
    })),
  };
}

function money(price: number): string {
  return price.toFixed(2);
}
