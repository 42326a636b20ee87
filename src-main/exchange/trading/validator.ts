import { civilDate } from '#domain/market/calendar';
import { type OptionContract, parseOccSymbol, roundToTick, tickSize } from '#domain/market/instrument';
import type { OptionLeg, PositionIntent } from '#domain/structures/leg';
import { uncoveredShortContracts } from '#domain/structures/margin';
import type { Instant, Price } from '#domain/units';
import type { OrderedLeg, OrderTicket, Refusal } from '../orders.ts';
import { refusals } from './refusals.ts';

/** What the validator may ask the exchange. */
export interface ValidationContext {
  readonly now: Instant;
  /** In session now. */
  readonly marketOpen: boolean;
  /** From then on no openings in contracts that expire today; null when there is no session today. */
  readonly openingCutoff: Instant | null;
  readonly enforceOptionTicks: boolean;
  readonly optionsLevel: number;
  isUnderlying(symbol: string): boolean;
  contractOf(symbol: string): OptionContract | null;
  /** Signed. */
  positionOf(symbol: string): number;
  /** Quantity that open orders would still close of the position, and those orders. */
  heldOf(symbol: string): { readonly quantity: number; readonly orders: readonly string[] };
}

/** A leg with everything known about it. */
export interface KnownLeg {
  readonly symbol: string;
  readonly side: 'buy' | 'sell';
  readonly ratio: number;
  readonly intent: PositionIntent;
  readonly contract: OptionContract | null;
}

export type Validation =
  | { readonly kind: 'known'; readonly legs: readonly KnownLeg[]; readonly underlying: string }
  | { readonly kind: 'refused'; readonly refusal: Refusal };

const LONGEST_CLIENT_ID = 128;

/** Checks a ticket's own form, its contracts, intents, quantities and level; buying power and cover are the account's to judge. */
export function validate(ticket: OrderTicket, context: ValidationContext): Validation {
  const form = formRefusal(ticket);
  if (form) return { kind: 'refused', refusal: form };
  const legs: KnownLeg[] = [];
  for (const [index, leg] of ticket.legs.entries()) {
    const known = knowLeg(leg, index, ticket, context);
    if ('status' in known) return { kind: 'refused', refusal: known };
    legs.push(known);
  }
  const first = legs[0];
  const underlying = first ? (first.contract?.underlying ?? first.symbol) : '';
  const refusal =
    combinationRefusal(ticket, legs, underlying) ?? levelRefusal(ticket, legs, context) ?? priceRefusal(ticket, legs, context);
  return refusal ? { kind: 'refused', refusal } : { kind: 'known', legs, underlying };
}

function formRefusal(ticket: OrderTicket): Refusal | null {
  if ((ticket.clientOrderId?.length ?? 0) > LONGEST_CLIENT_ID) return refusals.badClientOrderId();
  if (!Number.isInteger(ticket.contracts) || ticket.contracts <= 0) return refusals.badQuantity();
  if (ticket.type === 'limit' && ticket.netLimit === null) return refusals.limitRequired();
  if (ticket.netLimit !== null && !isWholeCents(ticket.netLimit)) return refusals.subPenny(ticket.netLimit);
  if (ticket.orderClass === 'mleg' && (ticket.legs.length < 2 || ticket.legs.length > 4)) return refusals.legCount();
  if (ticket.orderClass === 'simple' && (ticket.legs.length !== 1 || ticket.legs[0]?.ratio !== 1)) return refusals.legCount();
  if (ticket.legs.some((leg) => !Number.isInteger(leg.ratio) || leg.ratio <= 0)) return refusals.badQuantity();
  return null;
}

function isWholeCents(price: Price): boolean {
  return Number.isFinite(price) && Math.abs(price * 100 - Math.round(price * 100)) < 1e-6;
}

function knowLeg(leg: OrderedLeg, index: number, ticket: OrderTicket, context: ValidationContext): KnownLeg | Refusal {
  const option = parseOccSymbol(leg.symbol);
  if (!option) {
    if (!context.isUnderlying(leg.symbol)) return refusals.unknownSymbol(leg.symbol);
    if (ticket.orderClass === 'mleg') return refusals.equityLeg();
  }
  const contract = option ? context.contractOf(leg.symbol) : null;
  if (option && !contract) {
    return option.expiration < civilDate(context.now)
      ? refusals.contractExpired(leg.symbol)
      : refusals.contractNotFound(leg.symbol);
  }
  const held = context.positionOf(leg.symbol);
  const inferred = inferIntent(leg.side, held);
  if (leg.intent === null && ticket.orderClass === 'mleg') return refusals.intentRequired(index);
  if (leg.intent !== null && leg.intent !== inferred) return refusals.intentMismatch(snake(inferred), snake(leg.intent));
  const opens = inferred === 'buyToOpen' || inferred === 'sellToOpen';
  if (contract && contract.expiration === civilDate(context.now)) {
    if (opens && context.openingCutoff !== null && context.now >= context.openingCutoff) return refusals.expiresSoon(leg.symbol);
  }
  if (!opens) {
    const wanted = ticket.contracts * leg.ratio;
    const pending = context.heldOf(leg.symbol);
    if (wanted > Math.abs(held) - pending.quantity) {
      return refusals.insufficientQuantity(leg.symbol, wanted, Math.abs(held), pending.quantity, pending.orders);
    }
  } else if (!contract && leg.side === 'sell') return refusals.noShorting();
  return { symbol: leg.symbol, side: leg.side, ratio: leg.ratio, intent: inferred, contract };
}

/** What a side does to the position that is held: Alpaca infers it and refuses a different statement. */
function inferIntent(side: 'buy' | 'sell', held: number): PositionIntent {
  if (side === 'buy') return held < 0 ? 'buyToClose' : 'buyToOpen';
  return held > 0 ? 'sellToClose' : 'sellToOpen';
}

function combinationRefusal(ticket: OrderTicket, legs: readonly KnownLeg[], underlying: string): Refusal | null {
  if (ticket.orderClass !== 'mleg') return null;
  const ratios = legs.map((leg) => leg.ratio);
  const common = ratios.reduce(gcd);
  if (common !== 1) return refusals.notRelativelyPrime(ratios, common);
  const repeated = legs.find((leg, i) => legs.some((other, j) => j > i && other.symbol === leg.symbol));
  if (repeated) return refusals.repeatedLeg(repeated.symbol);
  if (legs.some((leg) => leg.contract?.underlying !== underlying)) return refusals.underlyingMismatch();
  const sides: OptionLeg[] = legs.flatMap((leg) =>
    leg.contract ? [{ kind: 'option', contract: leg.contract, ratio: leg.ratio * (leg.side === 'buy' ? 1 : -1) }] : [],
  );
  return uncoveredShortContracts(sides) > 0 ? refusals.combinationUncovered() : null;
}

function levelRefusal(ticket: OrderTicket, legs: readonly KnownLeg[], context: ValidationContext): Refusal | null {
  if (legs.every((leg) => !leg.contract)) return null;
  const needed = ticket.orderClass === 'mleg' ? 3 : legs.some((leg) => leg.intent === 'buyToOpen') ? 2 : 1;
  const closesOnly = legs.every((leg) => leg.intent === 'buyToClose' || leg.intent === 'sellToClose');
  return !closesOnly && context.optionsLevel < needed ? refusals.levelTooLow(needed) : null;
}

function priceRefusal(ticket: OrderTicket, legs: readonly KnownLeg[], context: ValidationContext): Refusal | null {
  const contract = legs[0]?.contract ?? null;
  if (ticket.type === 'market') return contract && !context.marketOpen ? refusals.marketClosed() : null;
  if (ticket.netLimit === null || ticket.orderClass === 'mleg') return null;
  const price = Math.abs(ticket.netLimit);
  const sign = legs[0]?.side === 'sell' ? 1 : -1;
  if (ticket.netLimit * sign <= 0) return refusals.badLimit(price);
  if (!contract || !context.enforceOptionTicks) return null;
  const onTick = Math.abs(roundToTick(price, tickSize(contract, price)) - price) < 1e-6;
  return onTick ? null : refusals.subPenny(price);
}

function gcd(a: number, b: number): number {
  return b === 0 ? a : gcd(b, a % b);
}

/** 'buyToOpen' -> 'buy_to_open', as the wire writes it. */
function snake(intent: PositionIntent): string {
  return intent.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
