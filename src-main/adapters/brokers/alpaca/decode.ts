import { atNewYork, civilDate } from '#domain/market/calendar';
import { parseOccSymbol, underlyingOfRoot } from '#domain/market/instrument';
import type { PositionIntent } from '#domain/structures/leg';
import { type Cents, cashOf, cents, centsFromDollars, type Instant, instant, isoDate, plusMs } from '#domain/units';
import type { BrokerAccount, BrokerActivity, BrokerOrder, BrokerOrderStatus, BrokerPosition, OrderLeg } from '#ports/broker';
import {
  centsOf,
  DecodeError,
  flagOf,
  instantOf,
  isDate,
  type Json,
  LARGEST,
  listOf,
  neededNumber,
  neededText,
  numberOf,
  objectOf,
  positiveNumber,
  textOf,
} from './fields.ts';

const STATUS: Readonly<Record<string, BrokerOrderStatus>> = {
  new: 'working',
  partially_filled: 'partiallyFilled',
  filled: 'filled',
  done_for_day: 'expired',
  canceled: 'cancelled',
  expired: 'expired',
  replaced: 'replaced',
  pending_cancel: 'pendingCancel',
  pending_replace: 'working',
  accepted: 'pending',
  pending_new: 'pending',
  accepted_for_bidding: 'pending',
  stopped: 'working',
  rejected: 'rejected',
  suspended: 'working',
  calculated: 'working',
  held: 'pending',
};

const INTENT: Readonly<Record<string, PositionIntent>> = {
  buy_to_open: 'buyToOpen',
  buy_to_close: 'buyToClose',
  sell_to_open: 'sellToOpen',
  sell_to_close: 'sellToClose',
};

/**
 * An order with its legs. Alpaca's net of a combination is + for a debit; ours is + for a credit, so the sign is turned here
 * (and in `encode.ts`, nowhere else). A single order's price is positive and gets its sign from the side.
 */
export function orderOf(value: unknown): BrokerOrder {
  const json = objectOf(value, 'order');
  const brokerOrderId = neededText(json, 'id', 'order');
  const what = `order ${brokerOrderId}`;
  const children = listOf(json['legs'], `${what}: legs`).map((leg) => objectOf(leg, `${what}: leg`));
  const multi = textOf(json, 'order_class') === 'mleg';
  if (multi && children.length === 0) throw new DecodeError(`${what}: legs are missing`);
  const legs = multi ? children.map((leg) => legOf(leg, `${what}: leg`)) : [legOf(json, what)];
  const turn = (price: number | null): number | null =>
    price === null ? null : multi ? -price || 0 : legs[0]?.side === 'sell' ? price : -price;
  const symbol = legs[0]?.symbol ?? '';
  const isOption = parseOccSymbol(symbol) !== null;
  const averagePrice = numberOf(json, 'filled_avg_price', what);
  const replacedBy = textOf(json, 'replaced_by');
  return {
    brokerOrderId,
    clientOrderId: textOf(json, 'client_order_id'),
    status: STATUS[neededText(json, 'status', what)] ?? 'working',
    underlying: underlyingOf(symbol),
    assetClass: isOption ? 'option' : 'stock',
    legs,
    ...sizesOf(json, what),
    filledNetPrice: turn(averagePrice),
    legFillPrices: multi ? children.map((leg) => numberOf(leg, 'filled_avg_price', `${what}: leg`)) : [averagePrice],
    netLimit: turn(numberOf(json, 'limit_price', what)),
    ...(replacedBy === '' ? {} : { replacedBy }),
    submittedAt: instantOf(json, 'submitted_at') ?? instantOf(json, 'created_at') ?? instant(0),
    updatedAt: instantOf(json, 'updated_at') ?? instantOf(json, 'created_at') ?? instant(0),
  };
}

/** What was ordered and what of it is filled, never more; an order for a sum of money (another hand's) has no size until it fills. */
function sizesOf(json: Json, what: string): Pick<BrokerOrder, 'contracts' | 'filledContracts'> {
  const filledContracts = neededNumber(json, 'filled_qty', what);
  const forMoney = numberOf(json, 'qty', what) === null && numberOf(json, 'notional', what) !== null;
  const contracts = forMoney ? filledContracts : positiveNumber(json, 'qty', what);
  if (filledContracts < 0 || filledContracts > contracts)
    throw new DecodeError(`${what}: filled_qty is ${filledContracts} of ${contracts}`);
  return { contracts, filledContracts };
}

function legOf(json: Json, what: string): OrderLeg {
  const side = sideOf(json, what);
  const ratio = numberOf(json, 'ratio_qty', what) ?? 1;
  if (ratio <= 0) throw new DecodeError(`${what}: ratio_qty is ${ratio}, not more than 0`);
  return {
    symbol: neededText(json, 'symbol', what),
    side,
    ratio,
    intent: INTENT[textOf(json, 'position_intent')] ?? (side === 'buy' ? 'buyToOpen' : 'sellToOpen'),
  };
}

/** A side that is missing would be a sign guessed. */
export function sideOf(json: Json, what: string): 'buy' | 'sell' {
  const side = neededText(json, 'side', what);
  if (side === 'buy' || side === 'sell') return side;
  if (side === 'sell_short') return 'sell';
  throw new DecodeError(`${what}: side is ${side.slice(0, 40)}`);
}

/**
 * The account. Its money must be there; a flag, the level or the margin that is missing is null and stops new risk. Everything else
 * may come and go (the day-trade fields went in 2026).
 */
export function accountOf(value: unknown, isPaper: boolean): BrokerAccount {
  const json = objectOf(value, 'account');
  const equity = centsOf(json, 'equity', 'account');
  return {
    accountNumber: textOf(json, 'account_number'),
    cash: centsOf(json, 'cash', 'account'),
    equity,
    lastEquity: centsIfTold(json, 'last_equity'),
    buyingPower: centsOf(json, 'buying_power', 'account'),
    optionsBuyingPower: centsIfTold(json, 'options_buying_power'),
    optionsLevel: numberOf(json, 'options_trading_level', 'account'),
    tradingBlocked: flagOf(json, 'trading_blocked'),
    accountBlocked: flagOf(json, 'account_blocked'),
    suspendedByUser: flagOf(json, 'trade_suspended_by_user'),
    isPaper,
    marginDeficit: deficitOf(json, equity),
  };
}

/** Alpaca tells the maintenance margin and no deficit of its own; a field that names one goes before our difference. */
function deficitOf(json: Json, equity: Cents): Cents | null {
  const told = centsIfTold(json, 'intraday_margin_deficit') ?? centsIfTold(json, 'margin_deficit');
  if (told !== null) return told;
  const margin = centsIfTold(json, 'maintenance_margin');
  return margin === null ? null : cents(Math.max(0, margin - equity));
}

function centsIfTold(json: Json, field: string): Cents | null {
  const dollars = numberOf(json, field, 'account');
  return dollars === null ? null : centsFromDollars(dollars);
}

export function positionOf(value: unknown): BrokerPosition {
  const json = objectOf(value, 'position');
  const symbol = neededText(json, 'symbol', 'position');
  const what = `position ${symbol}`;
  const parts = parseOccSymbol(symbol);
  const size = neededNumber(json, 'qty', what);
  const quantity = textOf(json, 'side') === 'short' ? -Math.abs(size) : size;
  const averagePrice = numberOf(json, 'avg_entry_price', what) ?? 0;
  if (Math.abs(quantity * averagePrice) > LARGEST) throw new DecodeError(`${what}: qty is ${quantity} at ${averagePrice}`);
  return {
    symbol,
    assetClass: parts ? 'option' : 'stock',
    underlying: underlyingOf(symbol),
    quantity,
    averagePrice,
    marketValue: numberOf(json, 'market_value', what) === null ? null : centsOf(json, 'market_value', what),
  };
}

const ACTIVITY: Readonly<Record<string, BrokerActivity['kind']>> = {
  FILL: 'fill',
  FEE: 'fee',
  CFEE: 'fee',
  DIV: 'dividend',
  OPEXC: 'exercise',
  OPXRC: 'exercise',
  OPASN: 'assignment',
  OPEXP: 'expiration',
  OPTRD: 'optionTrade',
  OPCSH: 'optionTrade',
  INT: 'interest',
  CSD: 'transfer',
  CSW: 'transfer',
  TRANS: 'transfer',
  ACATC: 'transfer',
  JNL: 'transfer',
  JNLC: 'transfer',
};

export function activityOf(value: unknown): BrokerActivity {
  const json = objectOf(value, 'activity');
  const id = neededText(json, 'id', 'activity');
  const what = `activity ${id}`;
  const code = neededText(json, 'activity_type', what);
  const at: Instant = instantOf(json, 'created_at') ?? instantOf(json, 'transaction_time') ?? atOfId(id);
  const date = textOf(json, 'date');
  // Executed or corrected, it stands as it is told; cancelled, nothing of it does: no cash moved, and it confirms nothing.
  const cancelled = CANCELLED.has(textOf(json, 'status'));
  const side = textOf(json, 'side');
  // A trade without its size or price would be booked as nothing.
  const size = code === 'FILL' ? positiveNumber(json, 'qty', what) : (numberOf(json, 'qty', what) ?? 0);
  const quantity = code === 'FILL' && side.startsWith('sell') ? -Math.abs(size) : size;
  const symbol = code === 'FILL' ? neededText(json, 'symbol', what) : textOf(json, 'symbol') || null;
  const price = code === 'FILL' ? neededNumber(json, 'price', what) : numberOf(json, 'price', what);
  return {
    activityId: id,
    kind: cancelled ? 'other' : (ACTIVITY[code] ?? 'other'),
    code,
    symbol,
    quantity,
    price,
    netCash: cancelled ? cents(0) : netCashOf(json, code, { symbol, price, quantity }, what),
    groupId: textOf(json, 'group_id') || null,
    date: isDate(date) ? isoDate(date) : civilDate(at),
    at,
    ...(cancelled ? { cancelled } : {}),
  };
}

const CANCELLED: ReadonlySet<string> = new Set(['canceled', 'cancelled']);

/** A trade's activity carries no amount at Alpaca: it is price times size; a standard contract is for 100 shares. */
function netCashOf(
  json: Json,
  code: string,
  fill: { readonly symbol: string | null; readonly price: number | null; readonly quantity: number },
  what: string,
): Cents {
  const told = numberOf(json, 'net_amount', what);
  if (told !== null || code !== 'FILL') return centsOf({ net: told ?? 0 }, 'net', what);
  const isOption = fill.symbol !== null && parseOccSymbol(fill.symbol) !== null;
  return cents(-cashOf(fill.price ?? 0, isOption ? 100 : 1, fill.quantity));
}

/** Ids begin with New York's time: YYYYMMDDhhmmssmmm::uuid. */
function atOfId(id: string): Instant {
  const match = /^(\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})(\d{3})::/.exec(id);
  if (!match) return instant(0);
  const [, y = '', mo = '', d = '', h = '', mi = '', s = '', ms = ''] = match;
  const date = `${y}-${mo}-${d}`;
  return isDate(date) ? plusMs(atNewYork(isoDate(date), `${h}:${mi}`), Number(s) * 1000 + Number(ms)) : instant(0);
}

/** Alpaca names no underlying: it is read from the symbol, an adjusted contract's too ('XYZ1...' is of XYZ). */
function underlyingOf(symbol: string): string {
  const parts = parseOccSymbol(symbol);
  return parts ? underlyingOfRoot(parts.root) : symbol;
}
