import type { OptionContract } from '#domain/market/instrument';
import { type Cents, cents, type Instant, invariant, type Price } from '#domain/units';
import type { LedgerEntry } from '../exchangeApi.ts';

/** What is held in one symbol. */
export interface Holding {
  readonly symbol: string;
  readonly contract: OptionContract | null;
  readonly underlying: string;
  /** + long, - short; never 0. */
  readonly quantity: number;
  readonly averagePrice: Price;
  /** Mark at the last close that it was held over; the entry price before the first. */
  readonly lastDayPrice: Price;
}

/** One change to book. `price` moves the average entry price; null leaves it as it is. */
export interface Posting {
  readonly kind: LedgerEntry['kind'];
  readonly symbol: string | null;
  readonly contract?: OptionContract | null;
  readonly underlying?: string;
  readonly quantity: number;
  readonly price: Price | null;
  readonly cash: Cents;
  readonly orderId?: string | null;
  readonly clientOrderId?: string | null;
  readonly executionId?: string | null;
  readonly groupId?: string | null;
}

/** Cash and holdings as the sum of their entries: nothing else changes them. All cash in integer cents. */
export class Ledger {
  private readonly entries: LedgerEntry[] = [];
  private readonly held = new Map<string, Holding>();
  private balance = 0;

  post(at: Instant, posting: Posting): LedgerEntry {
    const { kind, symbol, quantity, cash } = posting;
    invariant(Number.isInteger(quantity), `not a whole quantity: ${quantity} ${symbol}`);
    const entry: LedgerEntry = {
      sequence: this.entries.length + 1,
      at,
      kind,
      symbol,
      quantity,
      cash: cents(cash),
      orderId: posting.orderId ?? null,
      clientOrderId: posting.clientOrderId ?? null,
      executionId: posting.executionId ?? null,
      groupId: posting.groupId ?? null,
    };
    this.entries.push(entry);
    this.balance += cash;
    if (symbol !== null && quantity !== 0) this.move(symbol, posting);
    return entry;
  }

  private move(symbol: string, posting: Posting): void {
    const before = this.held.get(symbol);
    const quantity = (before?.quantity ?? 0) + posting.quantity;
    if (quantity === 0) {
      this.held.delete(symbol);
      return;
    }
    const price = posting.price ?? before?.averagePrice ?? 0;
    this.held.set(symbol, {
      symbol,
      contract: before?.contract ?? posting.contract ?? null,
      underlying: before?.underlying ?? posting.underlying ?? symbol,
      quantity,
      averagePrice: averageAfter(before ?? null, posting.quantity, price),
      lastDayPrice: before?.lastDayPrice ?? price,
    });
  }

  /** Remembers a mark as the last day's. */
  markDay(priceOf: (holding: Holding) => Price): void {
    for (const [symbol, holding] of this.held) this.held.set(symbol, { ...holding, lastDayPrice: priceOf(holding) });
  }

  cash(): Cents {
    return cents(this.balance);
  }

  holdings(): readonly Holding[] {
    return [...this.held.values()];
  }

  holding(symbol: string): Holding | null {
    return this.held.get(symbol) ?? null;
  }

  quantityOf(symbol: string): number {
    return this.held.get(symbol)?.quantity ?? 0;
  }

  all(): readonly LedgerEntry[] {
    return this.entries;
  }
}

/** Adding averages, reducing keeps, turning around starts anew at the price. */
function averageAfter(before: Holding | null, change: number, price: Price): Price {
  if (!before) return price;
  const after = before.quantity + change;
  if (Math.sign(after) !== Math.sign(before.quantity)) return price;
  if (Math.abs(after) <= Math.abs(before.quantity)) return before.averagePrice;
  return (before.averagePrice * before.quantity + price * change) / after;
}
