import { cents } from '#domain/units';
import type { ExchangeActivity } from '#exchange/exchangeApi';
import type { ExchangeOrder, ExchangeOrderStatus, OrderTicket, OrderUpdate, Refusal } from '#exchange/orders';
import type { BrokerActivity, BrokerOrder, BrokerOrderStatus, BrokerReport, Fault, IdentifiedOrder } from '#ports/broker';

const STATUS: Readonly<Record<ExchangeOrderStatus, BrokerOrderStatus>> = {
  accepted: 'pending',
  pending_new: 'pending',
  new: 'working',
  partially_filled: 'partiallyFilled',
  filled: 'filled',
  pending_cancel: 'pendingCancel',
  canceled: 'cancelled',
  expired: 'expired',
  rejected: 'rejected',
  replaced: 'replaced',
};

const ACTIVITY: Readonly<Record<ExchangeActivity['code'], BrokerActivity['kind']>> = {
  FILL: 'fill',
  FEE: 'fee',
  DIV: 'dividend',
  OPEXC: 'exercise',
  OPASN: 'assignment',
  OPEXP: 'expiration',
  OPTRD: 'optionTrade',
  JNLC: 'transfer',
};

/** The engine's order as the exchange's ticket. */
export function ticketOf(order: IdentifiedOrder): OrderTicket {
  return {
    clientOrderId: order.clientOrderId,
    orderClass: order.legs.length > 1 ? 'mleg' : 'simple',
    type: 'limit',
    timeInForce: order.timeInForce,
    contracts: order.contracts,
    netLimit: order.netLimit,
    legs: order.legs.map(({ symbol, side, ratio, intent }) => ({
      symbol,
      side,
      ratio,
      intent: order.assetClass === 'stock' ? null : intent,
    })),
  };
}

export function brokerOrderOf(order: ExchangeOrder): BrokerOrder {
  return {
    brokerOrderId: order.id,
    clientOrderId: order.clientOrderId,
    status: STATUS[order.status],
    underlying: order.underlying,
    assetClass: order.assetClass === 'us_option' ? 'option' : 'stock',
    legs: order.legs.map(({ symbol, side, ratio, intent }) => ({ symbol, side, ratio, intent })),
    contracts: order.quantity,
    filledContracts: order.filledQuantity,
    filledNetPrice: order.averageNetPrice,
    legFillPrices: order.legs.map((leg) => leg.averagePrice),
    netLimit: order.netLimit,
    ...(order.replacedBy === null ? {} : { replacedBy: order.replacedBy }),
    submittedAt: order.submittedAt,
    updatedAt: order.updatedAt,
  };
}

export function activityOf(activity: ExchangeActivity): BrokerActivity {
  return {
    activityId: activity.id,
    kind: activity.cancelled ? 'other' : ACTIVITY[activity.code],
    code: activity.code,
    symbol: activity.symbol,
    quantity: activity.quantity,
    price: activity.price,
    netCash: activity.cancelled ? cents(0) : activity.netCash,
    groupId: activity.groupId,
    date: activity.date,
    at: activity.at,
    ...(activity.cancelled ? { cancelled: true as const } : {}),
  };
}

export function faultOf(refusal: Refusal): Fault {
  return { code: String(refusal.code), message: refusal.message, retryable: false, status: refusal.status };
}

/** An update of a client's order as the engine hears it; null for those that say nothing new (the submission answered them). */
export function reportOf({ kind, order, execution, at, reason }: OrderUpdate): BrokerReport | null {
  const { clientOrderId, id: brokerOrderId, filledQuantity: filledContracts } = order;
  switch (kind) {
    case 'new':
      return { kind: 'orderWorking', clientOrderId, brokerOrderId, at };
    case 'fill':
    case 'partial_fill':
      return execution
        ? {
            kind: 'orderFilled',
            clientOrderId,
            brokerOrderId,
            executionId: execution.executionId,
            contracts: execution.units,
            cumulativeContracts: filledContracts,
            netPrice: execution.netPrice,
            legs: execution.legs.map(({ symbol, contracts, price }) => ({ symbol, contracts, price })),
            complete: kind === 'fill',
            at,
          }
        : null;
    case 'canceled':
      return { kind: 'orderCancelled', clientOrderId, brokerOrderId, filledContracts, at };
    case 'expired':
      return { kind: 'orderExpired', clientOrderId, brokerOrderId, filledContracts, at };
    case 'rejected':
      return {
        kind: 'orderRejected',
        clientOrderId,
        brokerOrderId,
        code: String(reason?.code ?? ''),
        message: reason?.message ?? 'rejected',
        at,
      };
    case 'order_cancel_rejected':
      return {
        kind: 'cancelRefused',
        clientOrderId,
        brokerOrderId,
        fault: reason ? faultOf(reason) : { code: '', message: 'cancel rejected', retryable: false },
        at,
      };
    case 'replaced':
      return { kind: 'orderLookedUp', clientOrderId, order: brokerOrderOf(order), at };
    case 'accepted':
    case 'pending_new':
    case 'pending_cancel':
    case 'order_replace_rejected':
      return null;
  }
}
