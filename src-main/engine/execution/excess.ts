import type { Contracts } from '#domain/units';
import { symbolOf } from '../risk/combinationQuote.ts';
import { isOver, type OrderRecord } from '../state/orderRecord.ts';
import type { Turn } from '../turn.ts';
import { OVERTAKEN, requestCancel, STOPPED } from './work.ts';

/**
 * After a fill: orders of the same position that are out for more than is left to do are taken back. One order follows the other,
 * so this happens when an earlier one that was believed absent is there after all and fills: what it did would be done twice.
 */
export function takeBackExcess(turn: Turn, positionId: string): void {
  for (const order of turn.state.orders.values()) {
    if (order.positionId !== positionId || isOver(order.status) || order.status === 'cancelPending') continue;
    const left = leftToDo(turn, order);
    if (order.request.contracts - order.filled > left) requestCancel(turn, order, left > 0 ? OVERTAKEN : STOPPED);
  }
}

/** Units that its work still wants, and that the position still holds where they are closed. */
function leftToDo(turn: Turn, order: OrderRecord): Contracts {
  const work = turn.state.works.get(order.request.intentId);
  const wanted = work && work.outcome === null ? work.intended - work.filled : 0;
  return order.request.purpose === 'open' ? wanted : Math.min(wanted, unitsHeld(turn, order));
}

function unitsHeld(turn: Turn, order: OrderRecord): Contracts {
  const held = turn.state.positions.get(order.positionId)?.legs ?? [];
  const units = order.legs.map((leg) => {
    const size = leg.kind === 'stock' ? leg.shares : leg.ratio;
    const quantity = held.find(({ symbol }) => symbol === symbolOf(leg))?.quantity ?? 0;
    return Math.max(0, Math.floor(-quantity / size));
  });
  return Math.min(...units);
}
