import type { GateResult } from '#domain/decisions/decision';
import type { Leg } from '#domain/structures/leg';
import type { BrokerOrder } from '#ports/broker';
import { lookForItsEnd } from '../reconcile/externalOrders.ts';
import { symbolOf } from '../risk/combinationQuote.ts';
import { sizeOf } from '../risk/cover.ts';
import { takenTwice } from '../risk/takenTwice.ts';
import { opens } from '../state/externalExposures.ts';
import { closingOrdersOf } from '../state/riskBook.ts';
import type { Turn } from '../turn.ts';
import { heldLegs } from './legs.ts';

/**
 * Orders of other hands that already close what `taken` would close: both filled would be more than is held. Of shares and contracts
 * that are there twice, each hand may have its own.
 */
export function closingElsewhere(turn: Turn, positionId: string, taken: readonly Leg[]): BrokerOrder[] {
  const external = [...turn.present.externalOrders.values()].filter((order) => !opens(turn, order));
  if (external.length === 0) return [];
  const held = [...turn.state.positions.values()].flatMap(heldLegs);
  const others = closingOrdersOf(turn).filter((order) => order.positionId !== positionId);
  const twice = takenTwice(
    taken,
    held,
    others.flatMap(({ legs }) => legs),
  );
  const sides = new Map(twice.map((leg) => [symbolOf(leg), sizeOf(leg) > 0 ? 'buy' : 'sell']));
  return external.filter(({ legs }) => legs.some(({ symbol, side }) => sides.get(symbol) === side));
}

/** Asks the broker to take them back; each once between two looks at the account. */
export function takeBackElsewhere(turn: Turn, positionId: string, orders: readonly BrokerOrder[]): void {
  for (const order of orders) {
    if (order.status === 'pendingCancel') continue;
    const { clientOrderId, brokerOrderId } = order;
    const message = `${clientOrderId} (${brokerOrderId}) closes ${positionId} from elsewhere and is taken back: an exit that cannot wait comes before it`;
    const fault = { code: 'externalTakenBack', message, retryable: false };
    turn.emit({ kind: 'FaultRecorded', where: 'external order', severity: 'low', fault });
    turn.act({ kind: 'cancelAtBroker', clientOrderId, brokerOrderId });
    turn.present.externalOrders.set(brokerOrderId, { ...order, status: 'pendingCancel' });
    lookForItsEnd(turn);
  }
}

/** Why the exit is not sent now. */
export function closedElsewhere(orders: readonly BrokerOrder[], isTakenBack: boolean): GateResult {
  const ids = orders.map(({ clientOrderId }) => clientOrderId).join(', ');
  const next = isTakenBack ? 'it is taken back first' : 'this exit waits until it is filled or cancelled';
  return {
    gate: 'reduceOnly',
    passed: false,
    value: orders.length,
    limit: 0,
    unit: 'orders',
    note: `an order of another hand closes it already (${ids}): ${next}`,
  };
}
