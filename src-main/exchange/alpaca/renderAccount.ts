import type { ExchangeAccount, ExchangeActivity, ExchangePosition } from '../exchangeApi.ts';
import { isoNanos, moneyOf, priceOf } from './format.ts';

export function accountJson(account: ExchangeAccount): Record<string, unknown> {
  return {
    id: account.accountId,
    admin_configurations: {},
    user_configurations: null,
    account_number: account.accountNumber,
    status: 'ACTIVE',
    crypto_status: 'INACTIVE',
    currency: 'USD',
    options_approved_level: account.optionsApprovedLevel,
    options_trading_level: account.optionsTradingLevel,
    options_buying_power: moneyOf(account.optionsBuyingPower),
    buying_power: moneyOf(account.buyingPower),
    regt_buying_power: moneyOf(account.buyingPower),
    effective_buying_power: moneyOf(account.buyingPower),
    non_marginable_buying_power: moneyOf(account.cash),
    cash: moneyOf(account.cash),
    accrued_fees: '0',
    portfolio_value: moneyOf(account.equity),
    equity: moneyOf(account.equity),
    last_equity: moneyOf(account.lastEquity),
    long_market_value: moneyOf(account.longMarketValue),
    short_market_value: moneyOf(account.shortMarketValue),
    position_market_value: moneyOf(account.longMarketValue),
    initial_margin: moneyOf(account.optionsMargin),
    maintenance_margin: moneyOf(account.maintenanceMargin),
    last_maintenance_margin: moneyOf(account.maintenanceMargin),
    sma: '0',
    multiplier: '1',
    shorting_enabled: true,
    trading_blocked: account.tradingBlocked,
    transfers_blocked: false,
    account_blocked: account.accountBlocked,
    trade_suspended_by_user: account.suspendedByUser,
    created_at: isoNanos(account.createdAt),
    balance_asof: null,
    intraday_adjustments: '0',
    pending_reg_taf_fees: '0',
  };
}

export function positionJson(position: ExchangePosition): Record<string, unknown> {
  const cost = position.costBasis;
  const share = cost === 0 ? 0 : position.unrealised / Math.abs(cost);
  return {
    asset_id: position.symbol,
    symbol: position.symbol,
    exchange: '',
    asset_class: position.assetClass,
    asset_marginable: false,
    qty: String(position.quantity),
    qty_available: String(Math.sign(position.quantity) * position.quantityAvailable),
    avg_entry_price: priceOf(position.averagePrice),
    side: position.quantity < 0 ? 'short' : 'long',
    market_value: moneyOf(position.marketValue),
    cost_basis: moneyOf(cost),
    unrealized_pl: moneyOf(position.unrealised),
    unrealized_plpc: String(share),
    unrealized_intraday_pl: moneyOf(position.unrealised),
    unrealized_intraday_plpc: String(share),
    current_price: priceOf(position.markPrice),
    lastday_price: priceOf(position.lastDayPrice),
    change_today: String(position.lastDayPrice === 0 ? 0 : position.markPrice / position.lastDayPrice - 1),
  };
}

/** A trade has a time and no amount; everything else has an amount, a date and a status. */
export function activityJson(activity: ExchangeActivity): Record<string, unknown> {
  const base = {
    id: activity.id,
    activity_type: activity.code,
    symbol: activity.symbol ?? '',
    qty: String(activity.quantity),
    price: priceOf(activity.price),
  };
  if (activity.code === 'FILL')
    return {
      ...base,
      qty: String(Math.abs(activity.quantity)),
      transaction_time: isoNanos(activity.occurredAt),
      type: 'fill',
      side: activity.quantity < 0 ? 'sell' : 'buy',
      order_id: activity.orderId,
      order_status: 'filled',
    };
  return {
    ...base,
    group_id: activity.groupId,
    date: activity.date,
    net_amount: moneyOf(activity.netCash),
    per_share_amount: priceOf(activity.price),
    description: activity.description,
    status: activity.cancelled ? 'canceled' : 'executed',
    created_at: isoNanos(activity.at),
  };
}
