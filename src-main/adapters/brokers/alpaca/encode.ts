import type { trading } from '@alpacahq/alpaca-trade-api';
import type { PositionIntent } from '#domain/structures/leg';
import type { IdentifiedOrder } from '#ports/broker';
import { NotSentError } from './scheduler.ts';

const INTENT: Readonly<Record<PositionIntent, 'buy_to_open' | 'buy_to_close' | 'sell_to_open' | 'sell_to_close'>> = {
  buyToOpen: 'buy_to_open',
  buyToClose: 'buy_to_close',
  sellToOpen: 'sell_to_open',
  sellToClose: 'sell_to_close',
};

/**
 * Our order in Alpaca's form. Signs: a combination's limit is + for a debit there and + for a credit here, so it is turned; a
 * single order's limit is positive and its side tells. Money travels as text. Throws {@link NotSentError} where the two contradict.
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
      limitPrice: money(priceOf(order.netLimit, only.side)),
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

/** A buy pays and a sale receives: a limit that says the other is not turned into a price that nobody meant. */
function priceOf(netLimit: number, side: 'buy' | 'sell'): number {
  const price = side === 'buy' ? -netLimit : netLimit;
  if (price >= 0) return price || 0;
  const meant = side === 'buy' ? 'to buy and be paid' : 'to sell and pay';
  throw new NotSentError(`The order says ${meant} ${money(-price)}: it was not sent.`);
}

function money(price: number): string {
  return price.toFixed(2);
}
