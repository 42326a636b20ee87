import { addDays, civilDate, daysBetween, sessionOn } from '#domain/market/calendar';
import { type ChainSnapshot, contractAt, type ExpirationSlice, type Quote, quoteAt, sideOf } from '#domain/market/chain';
import type { OptionContract } from '#domain/market/instrument';
import { type FeeSchedule, optionFees } from '#domain/portfolio/fees';
import { intrinsicValue } from '#domain/structures/intrinsic';
import { universalSpreadMargin } from '#domain/structures/margin';
import { type Cents, cashOf, cents, type Instant, type IsoDate, instant, type Price, plusMs } from '#domain/units';
import type { BrokerOrder, BrokerOrderStatus, IdentifiedOrder, LegFill } from '#ports/broker';
import type { ChainWindow, DailyBar } from '#ports/marketData';
import type { Tape, TapeDay } from '#ports/tape';
import { fillPriceOf } from './fillAtQuotes.ts';

/** An order in the recorded book: the broker's view of it, and what the auditor needs. */
export interface RecordedOrder extends BrokerOrder {
  readonly origin: 'client';
  readonly quantity: number;
  readonly filledQuantity: number;
  readonly createdAt: Instant;
}

/** A line of the ledger, as the auditor reads it. */
export interface RecordedEntry {
  readonly at: Instant;
  readonly kind: 'deposit' | 'fill' | 'fee' | 'exercise' | 'assignment' | 'expiration';
  readonly symbol: string | null;
  readonly quantity: number;
  readonly cash: Cents;
  readonly clientOrderId: string | null;
  readonly executionId: string | null;
}

export type RecordedEvent =
  | { readonly kind: 'working' | 'cancelled' | 'expired'; readonly order: RecordedOrder; readonly at: Instant }
  | {
      readonly kind: 'filled';
      readonly order: RecordedOrder;
      readonly at: Instant;
      readonly executionId: string;
      readonly netPrice: Price;
      readonly legs: readonly LegFill[];
    };

export interface RecordedTerms {
  readonly startingCash: Cents;
  readonly fees: FeeSchedule;
}

interface Holding {
  readonly contract: OptionContract;
  readonly expiresAt: Instant;
  quantity: number;
  averagePrice: Price;
}

/** Quarter of an hour after the close: expiries of the day are settled. */
const SETTLEMENT_DELAY_MS = 15 * 60_000;

/**
 * An exchange made of recorded looks at real chains, one a day. The look stands from its own time until the close; outside that
 * stretch there are no quotes and nothing fills. Orders fill whole, at the recorded quotes with the stated slippage model.
 * Contracts settle in cash against the last recorded price of the underlying. Deterministic: no randomness at all.
 */
export function createRecordedExchange(tape: Tape, terms: RecordedTerms) {
  const firstDay = tape.days[0];
  if (!firstDay) throw new RangeError('a tape without days');
  const orders = new Map<string, RecordedOrder>();
  const ledger: RecordedEntry[] = [
    {
      at: instant(0),
      kind: 'deposit',
      symbol: null,
      quantity: 0,
      cash: terms.startingCash,
      clientOrderId: null,
      executionId: null,
    },
  ];
  const holdings = new Map<string, Holding>();
  const bars = new Map<string, DailyBar[]>();
  const spots = new Map<string, Price>();
  const listeners = new Set<(event: RecordedEvent) => void>();
  let cash: number = terms.startingCash;
  let look: TapeDay | null = null;
  let lookIndex = -1;
  let now: Instant = plusMs(sessionOn(firstDay)?.open ?? instant(0), -30 * 60_000);
  let settledUntil: IsoDate | null = null;
  let count = 0;
  let snapshots = 0;

  /** The look that may be traded on now, or null. */
  function current(): TapeDay | null {
    if (!look || civilDate(now) !== look.date) return null;
    const session = sessionOn(look.date);
    return session && now >= look.at && now < session.close ? look : null;
  }

  function locate(symbol: string): { slice: ExpirationSlice; index: number; right: 'call' | 'put' } | null {
    for (const { slices } of current()?.underlyings ?? []) {
      for (const slice of slices) {
        const call = slice.calls.symbols.indexOf(symbol);
        if (call >= 0) return { slice, index: call, right: 'call' };
        const put = slice.puts.symbols.indexOf(symbol);
        if (put >= 0) return { slice, index: put, right: 'put' };
      }
    }
    return null;
  }

  /** Recorded quote, as fresh as the look allows: it is all that is known from its time to the close. */
  function quoteOf(symbol: string): Quote | null {
    const spot = current() ? spots.get(symbol) : undefined;
    if (spot !== undefined) return { bid: spot, ask: spot, bidSize: 1, askSize: 1, at: now };
    const place = locate(symbol);
    return place ? { ...quoteAt(sideOf(place.slice, place.right), place.index), at: now } : null;
  }

  function chain(underlying: string, window: ChainWindow): ChainSnapshot | null {
    const day = current();
    const recorded = day?.underlyings.find((candidate) => candidate.underlying === underlying);
    const spot = quoteOf(underlying);
    if (!day || !recorded || !spot) return null;
    snapshots += 1;
    const today = day.date;
    const slices = recorded.slices.filter((slice) => {
      const days = daysBetween(today, slice.expiration);
      return days >= window.minDaysToExpiration && days <= window.maxDaysToExpiration && slice.expiresAt > now;
    });
    return {
      underlying,
      at: now,
      snapshotId: snapshots,
      spot,
      slices: slices.map((slice) => narrowed(slice, spot.bid, window.strikesWithin, now)),
    };
  }

  function submit(
    order: IdentifiedOrder,
  ):
    | { readonly kind: 'accepted'; readonly order: RecordedOrder }
    | { readonly kind: 'refused'; readonly code: string; readonly message: string } {
    if (orders.has(order.clientOrderId)) return { kind: 'refused', code: '40010001', message: 'client_order_id must be unique' };
    if (order.assetClass === 'stock') return { kind: 'refused', code: '42210000', message: 'the tape holds no shares' };
    count += 1;
    const made: RecordedOrder = {
      brokerOrderId: `rec-${count}`,
      clientOrderId: order.clientOrderId,
      origin: 'client',
      status: 'working',
      underlying: order.underlying,
      assetClass: 'option',
      legs: order.legs,
      contracts: order.contracts,
      quantity: order.contracts,
      filledContracts: 0,
      filledQuantity: 0,
      filledNetPrice: null,
      legFillPrices: order.legs.map(() => null),
      netLimit: order.netLimit,
      createdAt: now,
      submittedAt: now,
      updatedAt: now,
    };
    orders.set(order.clientOrderId, made);
    tell({ kind: 'working', order: made, at: now });
    match(made);
    return { kind: 'accepted', order: made };
  }

  function match(order: RecordedOrder): void {
    const fill = fillPriceOf(order.legs, quoteOf);
    if (!fill || order.netLimit === null || fill.net < order.netLimit - 1e-9) return;
    const executionId = `exe-${order.brokerOrderId}`;
    const legs = order.legs.map(
      (leg, index): LegFill => ({
        symbol: leg.symbol,
        contracts: (leg.side === 'buy' ? 1 : -1) * leg.ratio * order.quantity,
        price: fill.legPrices[index] ?? 0,
      }),
    );
    for (const leg of legs) hold(leg, order.clientOrderId, executionId);
    const fee = optionFees(
      terms.fees,
      legs.map((leg) => ({ contracts: leg.contracts, price: leg.price, multiplier: holdingMultiplier(leg.symbol) })),
    );
    book({ kind: 'fee', symbol: null, quantity: 0, cash: cents(-fee), clientOrderId: order.clientOrderId, executionId });
    const filled = finish(order, 'filled', {
      filledContracts: order.quantity,
      filledQuantity: order.quantity,
      filledNetPrice: fill.net,
      legFillPrices: fill.legPrices,
    });
    tell({ kind: 'filled', order: filled, at: now, executionId, netPrice: fill.net, legs });
  }

  function holdingMultiplier(symbol: string): number {
    return holdings.get(symbol)?.contract.multiplier ?? locate(symbol)?.slice.multiplier ?? 100;
  }

  function hold(leg: LegFill, clientOrderId: string, executionId: string): void {
    const place = locate(leg.symbol);
    const contract = holdings.get(leg.symbol)?.contract ?? (place ? contractAt(place.slice, place.right, place.index) : null);
    if (!contract) throw new RangeError(`${leg.symbol} is not on the tape`);
    const known = holdings.get(leg.symbol) ?? {
      contract,
      expiresAt: place?.slice.expiresAt ?? now,
      quantity: 0,
      averagePrice: leg.price,
    };
    known.averagePrice = Math.sign(known.quantity) === -Math.sign(leg.contracts) ? known.averagePrice : leg.price;
    known.quantity += leg.contracts;
    if (known.quantity === 0) holdings.delete(leg.symbol);
    else holdings.set(leg.symbol, known);
    book({
      kind: 'fill',
      symbol: leg.symbol,
      quantity: leg.contracts,
      cash: cents(-cashOf(leg.price, contract.multiplier, leg.contracts)),
      clientOrderId,
      executionId,
    });
  }

  function book(entry: Omit<RecordedEntry, 'at'>): void {
    ledger.push({ at: now, ...entry });
    cash += entry.cash;
  }

  function finish(order: RecordedOrder, status: BrokerOrderStatus, change: Partial<RecordedOrder> = {}): RecordedOrder {
    const next: RecordedOrder = { ...order, ...change, status, updatedAt: now };
    orders.set(order.clientOrderId, next);
    return next;
  }

  function tell(event: RecordedEvent): void {
    for (const listener of listeners) listener(event);
  }

  function isOpen(order: RecordedOrder): boolean {
    return order.status === 'working';
  }

  function beginLook(day: TapeDay, index: number): void {
    look = day;
    lookIndex = index;
    for (const { underlying, spot } of day.underlyings) {
      spots.set(underlying, spot);
      const history = bars.get(underlying) ?? [];
      history.push({ date: day.date, open: spot, high: spot, low: spot, close: spot, volume: 0 });
      bars.set(underlying, history);
    }
    for (const order of [...orders.values()]) if (isOpen(order)) match(order);
  }

  /** Day orders die at the close; what expired is settled in cash a little later. */
  function endOfDay(date: IsoDate): void {
    for (const order of [...orders.values()])
      if (isOpen(order)) tell({ kind: 'expired', order: finish(order, 'expired'), at: now });
    for (const [symbol, holding] of [...holdings]) {
      if (holding.contract.expiration > date) continue;
      const spot = spots.get(holding.contract.underlying) ?? holding.contract.strike;
      const value = intrinsicValue(holding.contract.right, holding.contract.strike, spot);
      const paid = value >= 0.01 ? cashOf(value, holding.contract.multiplier, holding.quantity) : cents(0);
      holdings.delete(symbol);
      book({
        kind: value < 0.01 ? 'expiration' : holding.quantity < 0 ? 'assignment' : 'exercise',
        symbol,
        quantity: -holding.quantity,
        cash: paid,
        clientOrderId: null,
        executionId: null,
      });
    }
    settledUntil = date;
  }

  /** The next instant at which something happens by itself: a look, or a settlement. */
  function nextEvent(): { readonly at: Instant; readonly act: () => void } | null {
    const today = civilDate(now);
    const index = lookIndex + 1;
    const day = tape.days[index];
    const upcoming = day ? tape.load(day) : null;
    let settleOn = settledUntil === null ? today : addDays(settledUntil, 1);
    for (let tries = 0; tries < 14 && sessionOn(settleOn) === null; tries += 1) settleOn = addDays(settleOn, 1);
    const session = sessionOn(settleOn);
    const settleAt = session ? plusMs(session.close, SETTLEMENT_DELAY_MS) : null;
    if (upcoming && (settleAt === null || upcoming.at <= settleAt))
      return { at: upcoming.at, act: () => beginLook(upcoming, index) };
    return settleAt === null ? null : { at: settleAt, act: () => endOfDay(settleOn) };
  }

  return {
    now: (): Instant => now,
    advanceTo(target: Instant): Instant {
      const next = nextEvent();
      if (next && next.at <= target) {
        now = instant(Math.max(now, next.at));
        next.act();
        return now;
      }
      now = target;
      return now;
    },
    submit,
    cancel(clientOrderId: string): boolean {
      const order = orders.get(clientOrderId);
      if (!order || !isOpen(order)) return false;
      tell({ kind: 'cancelled', order: finish(order, 'cancelled'), at: now });
      return true;
    },
    orderOf: (clientOrderId: string): RecordedOrder | null => orders.get(clientOrderId) ?? null,
    orders: (): readonly RecordedOrder[] => [...orders.values()],
    ledger: (): readonly RecordedEntry[] => ledger,
    holdings: (): readonly Holding[] => [...holdings.values()],
    onEvent(listener: (event: RecordedEvent) => void): () => void {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    quoteOf,
    chain,
    barsOf: (underlying: string): readonly DailyBar[] => bars.get(underlying) ?? [],
    underlyings: (): readonly string[] => tape.load(firstDay).underlyings.map(({ underlying }) => underlying),
    account(): { readonly cash: Cents; readonly equity: Cents; readonly buyingPower: Cents } {
      let value = 0;
      for (const { contract, quantity, averagePrice } of holdings.values()) {
        const quote = quoteOf(contract.symbol);
        value += cashOf(quote ? (quote.bid + quote.ask) / 2 : averagePrice, contract.multiplier, quantity);
      }
      const margin =
        universalSpreadMargin(
          [...holdings.values()].map(({ contract, quantity }) => ({ kind: 'option', contract, ratio: quantity })),
        ) ?? 0;
      return { cash: cents(cash), equity: cents(cash + value), buyingPower: cents(cash - margin) };
    },
  };
}

export type RecordedExchange = ReturnType<typeof createRecordedExchange>;

/** The strikes near the money, every quote stamped with the time at which it is looked at. */
function narrowed(slice: ExpirationSlice, spot: Price, within: number, now: Instant): ExpirationSlice {
  let lo = 0;
  while (lo < slice.strikes.length && (slice.strikes[lo] ?? 0) < spot * (1 - within)) lo += 1;
  let hi = lo;
  while (hi < slice.strikes.length && (slice.strikes[hi] ?? 0) <= spot * (1 + within)) hi += 1;
  const cut = (side: ExpirationSlice['calls']): ExpirationSlice['calls'] => ({
    symbols: side.symbols.slice(lo, hi),
    bid: side.bid.subarray(lo, hi),
    ask: side.ask.subarray(lo, hi),
    bidSize: side.bidSize.subarray(lo, hi),
    askSize: side.askSize.subarray(lo, hi),
    quoteAt: new Float64Array(hi - lo).fill(now),
    volume: side.volume.subarray(lo, hi),
    openInterest: side.openInterest.subarray(lo, hi),
    defect: side.defect.subarray(lo, hi),
    vendorIv: side.vendorIv.subarray(lo, hi),
    vendorDelta: side.vendorDelta.subarray(lo, hi),
  });
  return { ...slice, strikes: slice.strikes.subarray(lo, hi), calls: cut(slice.calls), puts: cut(slice.puts) };
}
