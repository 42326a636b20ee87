import { nextSession, sessionAt, sessionOn } from '#domain/market/calendar';
import { parseOccSymbol } from '#domain/market/instrument';
import { type Cents, cashOf, cents, type Instant, type IsoDate, plusMs } from '#domain/units';
import { freeCash } from '../clearing/accountView.ts';
import { hashText, mix32, unit } from '../hashing.ts';
import {
  type CancelAnswer,
  type ExchangeOrder,
  type Execution,
  isFinal,
  type OrderOrigin,
  type OrderTicket,
  type OrderUpdateKind,
  type Refusal,
  type SubmitAnswer,
} from '../orders.ts';
import { contractOf, type ExchangeParts, isLocked, marginFactor, markPrice, openingCutoff, tradingLevel } from '../parts.ts';
import { type Change, legsAfter, pendingSales, requirementOf, reservedNow, uncoveredCalls } from './buyingPower.ts';
import { changed, heldForOrders, remainingUnits } from './orderBook.ts';
import { refusals } from './refusals.ts';
import { type KnownLeg, validate } from './validator.ts';

const DAY_MS = 86_400_000;

/** What an order's fill does besides: the matching engine's hook for races. */
export type RaceFill = (order: ExchangeOrder) => boolean;

/** Order entry: validation, buying power, acknowledgement, cancel, replace, expiry. Matching is done elsewhere. */
export class OrderDesk {
  private readonly parts: ExchangeParts;
  /** Reservation of each order at its submission. */
  private readonly reservations = new Map<string, Cents>();

  constructor(parts: ExchangeParts) {
    this.parts = parts;
  }

  submit(ticket: OrderTicket, origin: OrderOrigin = 'client', replaces: ExchangeOrder | null = null): SubmitAnswer {
    const { parts } = this;
    const { now, book } = parts;
    if (ticket.clientOrderId !== null && book.byClientId(ticket.clientOrderId)) return refused(refusals.duplicateClientOrderId());
    if (isLocked(parts) && origin === 'client') return refused(refusals.tradingBlocked());
    if (parts.configuration.current.suspendTrade && origin === 'client') return refused(refusals.suspended());
    const except = replaces?.id ?? null;
    const session = sessionAt(now());
    const validation = validate(ticket, {
      now: now(),
      marketOpen: session !== null,
      openingCutoff: origin === 'client' ? openingCutoff(parts) : null,
      enforceOptionTicks: parts.settings.matching.enforceOptionTicks,
      optionsLevel: tradingLevel(parts),
      isUnderlying: (symbol) => parts.simulation.indexOf.has(symbol),
      contractOf: (symbol) => this.tradableContract(symbol),
      positionOf: (symbol) => parts.ledger.quantityOf(symbol),
      heldOf: (symbol) => heldForOrders(book, symbol, Math.sign(parts.ledger.quantityOf(symbol)), except),
    });
    if (validation.kind === 'refused') return validation;
    const { legs, underlying } = validation;
    if (origin === 'client' && this.isRefusedInHalt(ticket, underlying)) return refused(refusals.halted(underlying));
    const cost = this.costOf(ticket, legs, underlying);
    const refusal =
      origin === 'brokerLiquidation'
        ? null
        : (this.coverRefusal(ticket, legs, underlying, except) ??
          this.washRefusal(ticket, legs, except) ??
          this.costRefusal(legs, cost, replaces));
    if (refusal) return refused(refusal);
    return { kind: 'accepted', order: this.accept(ticket, legs, underlying, cost, origin, replaces) };
  }

  /** In a halt some orders are refused at the door; the others wait for trading to resume. */
  private isRefusedInHalt(ticket: OrderTicket, underlying: string): boolean {
    const { halts, seed, settings } = this.parts;
    const draw = unit(mix32(seed, hashText(ticket.clientOrderId ?? '')));
    return halts.isHalted(underlying) && draw < settings.matching.haltRefusalFraction;
  }

  cancel(orderId: string): CancelAnswer {
    const { book, now, agenda, settings } = this.parts;
    const order = book.get(orderId);
    if (!order) return refused(refusals.orderNotFound(orderId));
    if (isFinal(order.status) || order.status === 'pending_cancel') return refused(refusals.notCancelable(order.status));
    const pending = this.change(order, { status: 'pending_cancel' }, 'pending_cancel');
    agenda.add(plusMs(now(), settings.matching.cancelMs), () => this.finishCancel(pending.id));
    return { kind: 'requested' };
  }

  /** Set by the exchange: fills an order at once if its market can be met, for the race against a cancel. */
  raceFill: RaceFill = () => false;

  private finishCancel(orderId: string): void {
    const { book, now, faults } = this.parts;
    const order = book.get(orderId);
    if (order?.status !== 'pending_cancel') return;
    if (faults.strike('fillRacesCancel', order.underlying, order.id, now()) && this.raceFill(order)) return;
    this.change(order, { status: 'canceled', canceledAt: now(), reserved: cents(0) }, 'canceled');
  }

  /** Takes an order out at once, as the broker itself may. */
  cancelNow(orderId: string): void {
    const order = this.parts.book.get(orderId);
    if (!order || isFinal(order.status)) return;
    this.change(order, { status: 'canceled', canceledAt: this.parts.now(), reserved: cents(0) }, 'canceled');
  }

  replace(
    orderId: string,
    change: { readonly quantity?: number; readonly netLimit?: number; readonly clientOrderId?: string },
  ): SubmitAnswer {
    const { book, settings, now } = this.parts;
    const order = book.get(orderId);
    if (!order) return refused(refusals.orderNotFound(orderId));
    if (order.status !== 'new' && order.status !== 'partially_filled') return refused(refusals.notReplaceable(order.status));
    if (order.orderClass === 'mleg' && !settings.matching.allowCombinationReplace) return refused(refusals.replaceCombination());
    const quantity = change.quantity ?? order.quantity;
    const netLimit = change.netLimit ?? order.netLimit;
    if (quantity === order.quantity && netLimit === order.netLimit) return refused(refusals.replaceUnchanged());
    if (quantity <= order.filledQuantity) return refused(refusals.replaceQuantity());
    const answer = this.submit(
      {
        clientOrderId: change.clientOrderId ?? null,
        orderClass: order.orderClass,
        type: order.type,
        timeInForce: order.timeInForce,
        contracts: quantity - order.filledQuantity,
        netLimit,
        legs: order.legs
          .map(({ symbol, side, ratio }) => ({ symbol, side, ratio, intent: null }))
          .map((leg, i) => (order.orderClass === 'mleg' ? { ...leg, intent: order.legs[i]?.intent ?? null } : leg)),
      },
      order.origin,
      order,
    );
    if (answer.kind === 'accepted') {
      this.change(order, { status: 'replaced', replacedAt: now(), replacedBy: answer.order.id, reserved: cents(0) }, 'replaced');
    }
    return answer;
  }

  /** At the open: what waited overnight begins to work. */
  openSession(): void {
    for (const order of this.parts.book.open()) if (order.status === 'accepted') this.acknowledge(order.id);
  }

  /** At the close: day orders and outlived gtc orders expire; a cancel under way is done. */
  closeSession(at: Instant): void {
    for (const order of this.parts.book.open()) {
      if (order.expiresAt > at) continue;
      this.change(order, { status: 'expired', expiredAt: at, reserved: cents(0) }, 'expired');
    }
  }

  /** Orders in contracts that expired on `date` or before end with them. */
  expireWithContracts(date: IsoDate): void {
    for (const order of this.parts.book.open()) {
      if (!order.legs.some((leg) => (parseOccSymbol(leg.symbol)?.expiration ?? '9999') <= date)) continue;
      this.change(order, { status: 'expired', expiredAt: this.parts.now(), reserved: cents(0) }, 'expired');
    }
  }

  /** Books an execution on an order: quantities, averages, status, and the update. */
  applyExecution(order: ExchangeOrder, execution: Execution): ExchangeOrder {
    const now = this.parts.now();
    const filledQuantity = order.filledQuantity + execution.units;
    const complete = filledQuantity === order.quantity;
    const averaged = { ...order, filledQuantity };
    return this.change(
      averaged,
      {
        status: complete ? 'filled' : order.status === 'pending_cancel' ? 'pending_cancel' : 'partially_filled',
        averageNetPrice: average(order.averageNetPrice, order.filledQuantity, execution.netPrice, execution.units),
        legs: order.legs.map((leg) => {
          const done = execution.legs.find((each) => each.legId === leg.id);
          if (!done) return leg;
          const quantity = Math.abs(done.contracts);
          return {
            ...leg,
            filledQuantity: leg.filledQuantity + quantity,
            averagePrice: average(leg.averagePrice, leg.filledQuantity, done.price, quantity),
          };
        }),
        reserved: reservedNow(averaged, this.reservations.get(order.id) ?? cents(0)),
        filledAt: complete ? now : null,
      },
      complete ? 'fill' : 'partial_fill',
      execution,
    );
  }

  private tradableContract(symbol: string) {
    const contract = this.parts.market.contractOf(symbol);
    if (!contract) return null;
    const session = sessionOn(contract.expiration);
    return session && session.close > this.parts.now() ? contract : null;
  }

  /** Cash that must be set aside, cents: debit paid plus the rise of the requirement, less the credit; never negative. */
  private costOf(ticket: OrderTicket, legs: readonly KnownLeg[], underlying: string): Cents {
    const { ledger } = this.parts;
    const holdings = ledger.holdings();
    const priceOf = (contract: { readonly symbol: string }) => markPrice(this.parts, contract.symbol);
    const spot = markPrice(this.parts, underlying);
    const before = requirementOf(legsAfter(holdings, underlying, []), spot, priceOf);
    const after = requirementOf(legsAfter(holdings, underlying, changesOf(ticket, legs, underlying)), spot, priceOf);
    const multiplier = legs[0]?.contract?.multiplier ?? 1;
    const net = ticket.netLimit ?? this.naturalOf(legs);
    return cents(Math.max(0, Math.ceil((after - before) * marginFactor(this.parts)) - cashOf(net, multiplier, ticket.contracts)));
  }

  private naturalOf(legs: readonly KnownLeg[]): number {
    return legs.reduce((net, leg) => {
      const quote = this.parts.market.trueQuoteOf(leg.symbol);
      return net + leg.ratio * (leg.side === 'sell' ? (quote?.bid ?? 0) : -(quote?.ask ?? 0));
    }, 0);
  }

  /** No order may leave a short call without cover, counting the sales that other open orders may still make. */
  private coverRefusal(
    ticket: OrderTicket,
    legs: readonly KnownLeg[],
    underlying: string,
    except: string | null,
  ): Refusal | null {
    const { parts } = this;
    if (legs.every((leg) => leg.side === 'buy')) return null;
    const holdings = parts.ledger.holdings();
    const open = parts.book.open().filter((order) => order.id !== except);
    const pending = pendingSales(open, (symbol) => contractOf(parts, symbol));
    const before = uncoveredCalls(legsAfter(holdings, underlying, pending));
    const after = uncoveredCalls(legsAfter(holdings, underlying, [...pending, ...changesOf(ticket, legs, underlying)]));
    if (after <= before) return null;
    const stockSale = legs.find((leg) => !leg.contract);
    if (!stockSale) return refusals.uncovered();
    const held = parts.ledger.quantityOf(underlying);
    return refusals.insufficientQuantity(underlying, ticket.contracts, held, held, []);
  }

  /** An order of the account on the other side of the same symbol at a price that would meet it. */
  private washRefusal(ticket: OrderTicket, legs: readonly KnownLeg[], except: string | null): Refusal | null {
    const leg = legs[0];
    if (ticket.orderClass === 'mleg' || !leg) return null;
    for (const order of this.parts.book.open()) {
      const other = order.legs[0];
      if (order.orderClass === 'mleg' || order.id === except || !other || other.symbol !== leg.symbol || other.side === leg.side)
        continue;
      // Signed nets cross when what one receives is at most what the other pays.
      if (ticket.netLimit === null || order.netLimit === null || ticket.netLimit + order.netLimit <= 0)
        return refusals.washTrade(order.id);
    }
    return null;
  }

  private costRefusal(legs: readonly KnownLeg[], cost: Cents, replaces: ExchangeOrder | null): Refusal | null {
    if (cost === 0) return null;
    const free = freeCash(this.parts) + (replaces?.reserved ?? 0);
    if (cost <= free) return null;
    const available = Math.max(0, free);
    return legs.some((leg) => leg.contract)
      ? refusals.insufficientBuyingPower(available, cost)
      : refusals.insufficientStockBuyingPower(available, cost);
  }

  private accept(
    ticket: OrderTicket,
    legs: readonly KnownLeg[],
    underlying: string,
    cost: Cents,
    origin: OrderOrigin,
    replaces: ExchangeOrder | null,
  ): ExchangeOrder {
    const { parts } = this;
    const now = parts.now();
    const id = parts.newId();
    const session = sessionAt(now);
    const single = ticket.orderClass === 'simple';
    const clientOrderId = ticket.clientOrderId ?? parts.newId();
    const order: ExchangeOrder = {
      id,
      clientOrderId,
      origin,
      orderClass: ticket.orderClass,
      assetClass: legs[0]?.contract ? 'us_option' : 'us_equity',
      underlying,
      type: ticket.type,
      timeInForce: ticket.timeInForce,
      status: session ? 'pending_new' : 'accepted',
      quantity: ticket.contracts,
      filledQuantity: 0,
      netLimit: ticket.netLimit,
      averageNetPrice: null,
      legs: legs.map((leg) => ({
        id: single ? id : parts.newId(),
        clientOrderId: single ? clientOrderId : parts.newId(),
        symbol: leg.symbol,
        assetClass: leg.contract ? 'us_option' : 'us_equity',
        side: leg.side,
        ratio: leg.ratio,
        intent: leg.intent,
        quantity: leg.ratio * ticket.contracts,
        filledQuantity: 0,
        averagePrice: null,
      })),
      reserved: cost,
      createdAt: now,
      submittedAt: now,
      updatedAt: now,
      filledAt: null,
      canceledAt: null,
      expiredAt: null,
      failedAt: null,
      replacedAt: null,
      expiresAt:
        ticket.timeInForce === 'day'
          ? (session ?? nextSession(now)).close
          : plusMs(now, parts.settings.matching.gtcDays * DAY_MS),
      replaces: replaces?.id ?? null,
      replacedBy: null,
    };
    this.reservations.set(id, cost);
    parts.book.put(order);
    this.tell(order, session ? 'pending_new' : 'accepted', null, null);
    if (session) parts.agenda.add(plusMs(now, parts.settings.matching.acknowledgeMs), () => this.acknowledge(id));
    return parts.book.get(id) ?? order;
  }

  private acknowledge(orderId: string): void {
    const { book, now, faults } = this.parts;
    const order = book.get(orderId);
    if (!order || (order.status !== 'pending_new' && order.status !== 'accepted')) return;
    if (faults.strike('rejectAfterAccept', order.underlying, order.id, now())) {
      const rejected = changed(order, now(), { status: 'rejected', failedAt: now(), reserved: cents(0) });
      book.put(rejected);
      this.tell(rejected, 'rejected', null, refusals.rejectedByExchange());
      return;
    }
    this.change(order, { status: 'new' }, 'new');
  }

  private change(
    order: ExchangeOrder,
    patch: Partial<ExchangeOrder>,
    kind: OrderUpdateKind,
    execution: Execution | null = null,
  ): ExchangeOrder {
    const next = this.parts.book.put(changed(order, this.parts.now(), patch));
    this.tell(next, kind, execution, null);
    return next;
  }

  private tell(order: ExchangeOrder, kind: OrderUpdateKind, execution: Execution | null, reason: Refusal | null): void {
    const { ledger, updates, now } = this.parts;
    const positionQuantities = Object.fromEntries(order.legs.map((leg) => [leg.symbol, ledger.quantityOf(leg.symbol)]));
    updates.emit({ kind, at: now(), order, execution, positionQuantities, reason });
  }
}

function refused(refusal: Refusal): { kind: 'refused'; refusal: Refusal } {
  return { kind: 'refused', refusal };
}

/** What an order does to the positions when all of it fills. */
function changesOf(ticket: OrderTicket, legs: readonly KnownLeg[], underlying: string): Change[] {
  return legs.map((leg) => ({
    symbol: leg.symbol,
    underlying,
    contract: leg.contract,
    quantity: leg.ratio * ticket.contracts * (leg.side === 'buy' ? 1 : -1),
  }));
}

function average(before: number | null, quantityBefore: number, price: number, quantity: number): number {
  const sum = (before ?? 0) * quantityBefore + price * quantity;
  return Math.round((sum / (quantityBefore + quantity)) * 1e6) / 1e6;
}

/** Units that an order may still fill now: none unless it works. */
export function workingUnits(order: ExchangeOrder): number {
  return order.status === 'new' || order.status === 'partially_filled' || order.status === 'pending_cancel'
    ? remainingUnits(order)
    : 0;
}
