import { civilDate } from '#domain/market/calendar';
import { parseOccSymbol } from '#domain/market/instrument';
import type { PositionIntent } from '#domain/structures/leg';
import { type Cents, cashOf, cents, type Instant, instant, isoDate } from '#domain/units';
import type { BrokerAccount, BrokerActivity, BrokerOrder, BrokerOrderStatus, BrokerPosition, OrderLeg } from '#ports/broker';
import {
  centsOf,
  DecodeError,
  flagOf,
  instantOf,
  type Json,
  listOf,
  neededNumber,
  numberOf,
  objectOf,
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
  const children = listOf(json['legs'], 'order.legs').map((leg) => objectOf(leg, 'order leg'));
  const multi = textOf(json, 'order_class') === 'mleg';
  const legs = multi ? children.map(legOf) : [legOf(json)];
  const turn = (price: number | null): number | null =>
    price === null ? null : multi ? -price || 0 : legs[0]?.side === 'sell' ? price : -price;
  const symbol = legs[0]?.symbol ?? '';
  const isOption = parseOccSymbol(symbol) !== null;
  const quantity = neededNumber(json, 'qty', 'order');
  return {
    brokerOrderId: textOf(json, 'id'),
    clientOrderId: textOf(json, 'client_order_id'),
    status: STATUS[textOf(json, 'status')] ?? 'working',
    underlying: parseOccSymbol(symbol)?.root ?? symbol,
    assetClass: isOption ? 'option' : 'stock',
    legs,
    contracts: quantity,
    filledContracts: numberOf(json, 'filled_qty') ?? 0,
    filledNetPrice: turn(numberOf(json, 'filled_avg_price')),
    legFillPrices: multi ? children.map((leg) => numberOf(leg, 'filled_avg_price')) : [numberOf(json, 'filled_avg_price')],
    netLimit: turn(numberOf(json, 'limit_price')),
    submittedAt: instantOf(json, 'submitted_at') ?? instantOf(json, 'created_at') ?? instant(0),
    updatedAt: instantOf(json, 'updated_at') ?? instantOf(json, 'created_at') ?? instant(0),
  };
}

function legOf(json: Json): OrderLeg {
  const side = textOf(json, 'side') === 'sell' ? 'sell' : 'buy';
  return {
    symbol: textOf(json, 'symbol'),
    side,
    ratio: numberOf(json, 'ratio_qty') ?? 1,
    intent: INTENT[textOf(json, 'position_intent')] ?? (side === 'buy' ? 'buyToOpen' : 'sellToOpen'),
  };
}

/** The account. What a safety decision needs must be there; everything else may come and go (the day-trade fields went in 2026). */
export function accountOf(value: unknown, isPaper: boolean): BrokerAccount {
  const json = objectOf(value, 'account');
  const cash = centsOf(json, 'cash', 'account');
  const equity = centsOf(json, 'equity', 'account');
  const buyingPower = centsOf(json, 'buying_power', 'account');
  const deficit = numberOf(json, 'intraday_margin_deficit') ?? numberOf(json, 'margin_deficit') ?? 0;
  return {
    accountNumber: textOf(json, 'account_number'),
    cash,
    equity,
    buyingPower,
    optionsBuyingPower:
      numberOf(json, 'options_buying_power') === null ? buyingPower : centsOf(json, 'options_buying_power', 'account'),
    optionsLevel: numberOf(json, 'options_trading_level') ?? 0,
    tradingBlocked: flagOf(json, 'trading_blocked'),
    accountBlocked: flagOf(json, 'account_blocked'),
    suspendedByUser: flagOf(json, 'trade_suspended_by_user'),
    isPaper,
    marginDeficit: centsOf({ deficit }, 'deficit', 'account'),
  };
}

export function positionOf(value: unknown): BrokerPosition {
  const json = objectOf(value, 'position');
  const symbol = textOf(json, 'symbol');
  if (symbol === '') throw new DecodeError('position: symbol is missing');
  const parts = parseOccSymbol(symbol);
  const size = neededNumber(json, 'qty', `position ${symbol}`);
  const quantity = textOf(json, 'side') === 'short' ? -Math.abs(size) : size;
  return {
    symbol,
    assetClass: parts ? 'option' : 'stock',
    underlying: parts?.root ?? symbol,
    quantity,
    averagePrice: numberOf(json, 'avg_entry_price') ?? 0,
    marketValue: numberOf(json, 'market_value') === null ? null : centsOf(json, 'market_value', `position ${symbol}`),
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
  const code = textOf(json, 'activity_type');
  const id = textOf(json, 'id');
  const at: Instant = instantOf(json, 'created_at') ?? instantOf(json, 'transaction_time') ?? atOfId(id);
  const date = textOf(json, 'date');
  const side = textOf(json, 'side');
  const size = numberOf(json, 'qty') ?? 0;
  const quantity = code === 'FILL' && side.startsWith('sell') ? -Math.abs(size) : size;
  const symbol = textOf(json, 'symbol') || null;
  const price = numberOf(json, 'price');
  return {
    activityId: id,
    kind: ACTIVITY[code] ?? 'other',
    code,
    symbol,
    quantity,
    price,
    netCash: netCashOf(json, code, { symbol, price, quantity }),
    groupId: textOf(json, 'group_id') || null,
    date: /^\d{4}-\d{2}-\d{2}$/.test(date) ? isoDate(date) : civilDate(at),
    at,
  };
}

/** A trade's activity carries no amount at Alpaca: it is price times size; a standard contract is for 100 shares. */
function netCashOf(
  json: Json,
  code: string,
  fill: { readonly symbol: string | null; readonly price: number | null; readonly quantity: number },
): Cents {
  const told = numberOf(json, 'net_amount');
  if (told !== null || code !== 'FILL') return centsOf({ net: told ?? 0 }, 'net', 'activity');
  const isOption = fill.symbol !== null && parseOccSymbol(fill.symbol) !== null;
  return cents(-cashOf(fill.price ?? 0, isOption ? 100 : 1, fill.quantity));
}

/** Ids begin with the time: YYYYMMDDhhmmssmmm::uuid. */
function atOfId(id: string): Instant {
  const match = /^(\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})(\d{3})::/.exec(id);
  if (!match) return instant(0);
  const [, y, mo, d, h, mi, s, ms] = match.map(Number);
  return instant(Date.UTC(y ?? 1970, (mo ?? 1) - 1, d, h, mi, s, ms));
}
