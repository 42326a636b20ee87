import type { OrderStateName, OrderView } from '#contract/orders';
import { wordsOf } from '#domain/decisions/words';
import type { OrderRecord, OrderStatus } from '#engine/state/orderRecord';
import type { Desk } from './desk.ts';

/** Orders shown: the working ones and the newest of the rest. */
const MOST_ORDERS = 200;

export function ordersOf(desk: Desk): readonly OrderView[] {
  const { orders } = desk.view();
  return [...orders]
    .sort((a, b) => b.updatedAt - a.updatedAt || b.createdAt - a.createdAt)
    .slice(0, MOST_ORDERS)
    .map(orderViewOf);
}

function orderViewOf(order: OrderRecord): OrderView {
  const { request, ladder } = order;
  return {
    intentId: request.intentId,
    attempt: request.attempt,
    clientOrderId: order.clientOrderId,
    brokerOrderId: order.brokerOrderId,
    state: stateOf(order.status, order.filled),
    purpose: request.purpose,
    strategyId: order.strategyId,
    positionId: order.positionId,
    underlying: request.underlying,
    legs: request.legs.map(({ symbol, side, ratio, intent }) => ({ symbol, side, ratio, intent })),
    contracts: request.contracts,
    filled: order.filled,
    netLimit: request.netLimit,
    fillPrice: order.filled > 0 ? order.filledValue / order.filled : null,
    bound: ladder.bound,
    midAtDecision: ladder.midAtDecision,
    rung: order.rung,
    rungs: ladder.rungs,
    cause: causeOf(order),
    fees: null,
    createdAt: order.createdAt,
    updatedAt: order.updatedAt,
    message: order.message,
  };
}

function stateOf(status: OrderStatus, filled: number): OrderStateName {
  switch (status) {
    case 'notSent':
      return 'rejected';
    case 'working':
      return filled > 0 ? 'partiallyFilled' : 'working';
    default:
      return status;
  }
}

function causeOf({ cause }: OrderRecord): string {
  switch (cause.kind) {
    case 'decision':
      return `decision ${cause.decisionId}`;
    case 'exit':
      return `exit: ${wordsOf(cause.reason)}`;
    case 'command':
      return 'the owner';
    case 'repair':
      return `repair: ${cause.detail}`;
  }
}
