import type { ExchangeParts } from '../parts.ts';
import type { OrderDesk } from './orderDesk.ts';

/**
 * The owner's hand in another window, when the fault script wants it: closes one contract of a position whose underlying the
 * rule names, or buys a share of it when there is none. Asked once a minute.
 */
export function tradeElsewhere(parts: ExchangeParts, orders: OrderDesk): void {
  if (!parts.faults.has('manualTradeElsewhere')) return;
  for (const { spec } of parts.simulation.states) {
    const minute = Math.floor(parts.now() / 60_000);
    if (!parts.faults.strike('manualTradeElsewhere', spec.symbol, minute, parts.now())) continue;
    const held = parts.ledger.holdings().find(({ underlying, contract }) => underlying === spec.symbol && contract !== null);
    orders.submit(
      {
        clientOrderId: null,
        orderClass: 'simple',
        type: 'market',
        timeInForce: 'day',
        contracts: 1,
        netLimit: null,
        legs: [{ symbol: held?.symbol ?? spec.symbol, side: held && held.quantity > 0 ? 'sell' : 'buy', ratio: 1, intent: null }],
      },
      'manualElsewhere',
    );
  }
}
