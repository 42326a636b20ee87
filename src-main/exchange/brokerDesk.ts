import { civilDate, sessionAt, sessionOn } from '#domain/market/calendar';
import { intrinsicValue } from '#domain/structures/intrinsic';
import { type Cents, cents, type Instant, type IsoDate } from '#domain/units';
import type { Unsubscribe } from '#ports/broker';
import { accountOf, equityOf, positionsOf } from './clearing/accountView.ts';
import type { ClearingHouse } from './clearing/clearingHouse.ts';
import type {
  AccountConfiguration,
  AccountDesk,
  ExchangeAccount,
  ExchangeActivity,
  ExchangePosition,
  LedgerEntry,
  OrderQuery,
} from './exchangeApi.ts';
import type { ExchangeAct } from './memory.ts';
import type { CancelAnswer, ExchangeOrder, OrderTicket, OrderUpdate, SubmitAnswer } from './orders.ts';
import { type ExchangeParts, markPrice } from './parts.ts';
import { heldForOrders } from './trading/orderBook.ts';
import type { OrderDesk } from './trading/orderDesk.ts';
import { refusals } from './trading/refusals.ts';

interface EquityMark {
  readonly date: IsoDate;
  readonly at: Instant;
  readonly equity: Cents;
  readonly cash: Cents;
}

/** The broker in front of the exchange: what a client may ask and order. */
export class BrokerDesk implements AccountDesk {
  private readonly parts: ExchangeParts;
  private readonly orderDesk: OrderDesk;
  private readonly clearing: ClearingHouse;
  private readonly equityMarks: EquityMark[] = [];
  private readonly remember: (act: ExchangeAct) => void;

  constructor(parts: ExchangeParts, orderDesk: OrderDesk, clearing: ClearingHouse, remember: (act: ExchangeAct) => void) {
    this.parts = parts;
    this.remember = remember;
    this.orderDesk = orderDesk;
    this.clearing = clearing;
  }

  account(): ExchangeAccount {
    return accountOf(this.parts, this.equityMarks.at(-1)?.equity ?? cents(this.parts.settings.clearing.startingCash));
  }

  configuration(): AccountConfiguration {
    return this.parts.configuration.current;
  }

  configure(change: Partial<AccountConfiguration>): AccountConfiguration {
    this.parts.configuration.current = { ...this.parts.configuration.current, ...change };
    this.remember({ kind: 'configure', ...this.parts.configuration.current });
    return this.parts.configuration.current;
  }

  positions(): readonly ExchangePosition[] {
    return positionsOf(this.parts);
  }

  orders(query: OrderQuery): readonly ExchangeOrder[] {
    return this.parts.book.query(query);
  }

  orderById(id: string): ExchangeOrder | null {
    return this.parts.book.get(id);
  }

  orderByClientId(clientOrderId: string): ExchangeOrder | null {
    return this.parts.book.byClientId(clientOrderId);
  }

  activities(after: string | null): readonly ExchangeActivity[] {
    return this.parts.activities.visible(this.parts.now(), after);
  }

  equityHistory(): readonly EquityMark[] {
    return this.equityMarks;
  }

  ledger(): readonly LedgerEntry[] {
    return this.parts.ledger.all();
  }

  submit(ticket: OrderTicket): SubmitAnswer {
    this.remember({ kind: 'submit', ticket: { ...ticket, legs: ticket.legs.map((leg) => ({ ...leg })) } });
    return this.orderDesk.submit(ticket);
  }

  cancel(orderId: string): CancelAnswer {
    this.remember({ kind: 'cancel', orderId });
    return this.orderDesk.cancel(orderId);
  }

  replace(orderId: string, change: Parameters<AccountDesk['replace']>[1]): SubmitAnswer {
    const { quantity = null, netLimit = null, clientOrderId = null } = change;
    this.remember({ kind: 'replace', orderId, quantity, netLimit, clientOrderId });
    return this.orderDesk.replace(orderId, change);
  }

  exercise(symbol: string): CancelAnswer {
    this.remember({ kind: 'exercise', symbol });
    const { parts } = this;
    const holding = parts.ledger.holding(symbol);
    if (!holding?.contract) return { kind: 'refused', refusal: refusals.positionNotFound() };
    if (holding.quantity < 0) return { kind: 'refused', refusal: refusals.shortExercise() };
    const { contract } = holding;
    const spot = markPrice(parts, contract.underlying);
    const inTheMoney = intrinsicValue(contract.right, contract.strike, spot) > 0;
    if (!inTheMoney || contract.style !== 'american' || !sessionAt(parts.now())) {
      return { kind: 'refused', refusal: refusals.notExercisable(symbol) };
    }
    const held = heldForOrders(parts.book, symbol, 1);
    if (held.quantity > 0) {
      return {
        kind: 'refused',
        refusal: refusals.insufficientQuantity(symbol, holding.quantity, holding.quantity, held.quantity, held.orders),
      };
    }
    this.clearing.exerciseNow(holding, contract, civilDate(parts.now()));
    return { kind: 'requested' };
  }

  doNotExercise(symbol: string): CancelAnswer {
    this.remember({ kind: 'doNotExercise', symbol });
    const { parts } = this;
    const holding = parts.ledger.holding(symbol);
    if (!holding?.contract) return { kind: 'refused', refusal: refusals.positionNotFound() };
    if (holding.quantity < 0) return { kind: 'refused', refusal: refusals.shortExercise() };
    const today = civilDate(parts.now());
    const session = sessionOn(today);
    if (holding.contract.expiration !== today || !session || parts.now() >= session.close) {
      return { kind: 'refused', refusal: refusals.notExpirationDay() };
    }
    parts.doNotExercise.add(symbol);
    return { kind: 'requested' };
  }

  onOrderUpdate(listener: (update: OrderUpdate) => void): Unsubscribe {
    return this.parts.updates.listen(listener);
  }

  /** At a close: today's marks become yesterday's, and the day's equity is kept. */
  markDay(date: IsoDate, at: Instant): void {
    const { parts } = this;
    parts.ledger.markDay((holding) => markPrice(parts, holding.symbol));
    this.equityMarks.push({ date, at, equity: equityOf(parts), cash: parts.ledger.cash() });
  }
}
