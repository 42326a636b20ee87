import type { Instant } from '#domain/units';
import type { OrderQuery } from '../exchangeApi.ts';
import { type ExchangeLeg, type ExchangeOrder, isFinal } from '../orders.ts';

/** Every order of the account, by id and client id; those still alive apart. Orders are immutable: a change is a new object. */
export class OrderBook {
  private readonly byId = new Map<string, ExchangeOrder>();
  private readonly idByClientId = new Map<string, string>();
  private readonly alive = new Set<string>();

  put(order: ExchangeOrder): ExchangeOrder {
    this.byId.set(order.id, order);
    this.idByClientId.set(order.clientOrderId, order.id);
    if (isFinal(order.status)) this.alive.delete(order.id);
    else this.alive.add(order.id);
    return order;
  }

  get(id: string): ExchangeOrder | null {
    return this.byId.get(id) ?? null;
  }

  byClientId(clientOrderId: string): ExchangeOrder | null {
    const id = this.idByClientId.get(clientOrderId);
    return id === undefined ? null : this.get(id);
  }

  hasOpen(): boolean {
    return this.alive.size > 0;
  }

  /** Orders that are not final, in the order in which they came. */
  open(): ExchangeOrder[] {
    return [...this.alive].flatMap((id) => this.byId.get(id) ?? []);
  }

  query({ status, updatedSince }: OrderQuery): ExchangeOrder[] {
    const since: number = updatedSince ?? Number.NEGATIVE_INFINITY;
    if (status === 'open') return this.open().filter((order) => order.updatedAt >= since);
    return [...this.byId.values()].filter((order) => order.updatedAt >= since && (status === 'all' || isFinal(order.status)));
  }
}

/** Units of an order that have not filled yet. */
export function remainingUnits(order: ExchangeOrder): number {
  return order.quantity - order.filledQuantity;
}

/** What of an order's leg has not filled yet, signed: + buys, - sells. */
export function remainingOf(leg: ExchangeLeg): number {
  return (leg.quantity - leg.filledQuantity) * (leg.side === 'buy' ? 1 : -1);
}

/** Contracts of a symbol that open orders would still close of a position of this sign, and the orders that hold them. */
export function heldForOrders(
  book: OrderBook,
  symbol: string,
  positionSign: number,
  except: string | null = null,
): { quantity: number; orders: string[] } {
  let quantity = 0;
  const orders: string[] = [];
  for (const order of book.open()) {
    if (order.id === except) continue;
    for (const leg of order.legs) {
      const left = remainingOf(leg);
      if (leg.symbol !== symbol || left === 0 || Math.sign(left) === positionSign) continue;
      quantity += Math.abs(left);
      orders.push(order.id);
    }
  }
  return { quantity, orders };
}

/** An order with `patch` applied and its time of change set. */
export function changed(order: ExchangeOrder, at: Instant, patch: Partial<ExchangeOrder>): ExchangeOrder {
  return { ...order, ...patch, updatedAt: at };
}
