import { type Instant, instant } from '#domain/units';
import type { BrokerReport, LegFill } from '#ports/broker';
import { sideOf } from './decode.ts';
import {
  DecodeError,
  instantOf,
  type Json,
  listOf,
  neededNumber,
  neededText,
  numberOf,
  objectOf,
  positiveNumber,
  textOf,
} from './fields.ts';

/**
 * One trade update as a report; null for the steps that say nothing new; `external` with its broker id when the order is not ours
 * or another hand has changed it, and is to be asked for.
 * A fill whose size, price, side or identity is missing, or that is larger than its order, is malformed: nothing of it is guessed.
 */
export function reportOfUpdate(
  data: Json,
  isOurs: (clientOrderId: string) => boolean,
  heardAt: Instant,
): BrokerReport | { readonly kind: 'external'; readonly brokerOrderId: string } | null {
  const order = objectOf(data['order'], 'trade update: order');
  const clientOrderId = textOf(order, 'client_order_id');
  const brokerOrderId = neededText(order, 'id', 'trade update: order');
  const what = `trade update of ${brokerOrderId}`;
  const at: Instant = instantOf(data, 'at') ?? timeOf(data['timestamp']) ?? heardAt;
  if (!isOurs(clientOrderId)) return { kind: 'external', brokerOrderId };
  const base = { clientOrderId, brokerOrderId, at };
  const event = neededText(data, 'event', what);
  switch (event) {
    case 'new':
      return { kind: 'orderWorking', ...base };
    case 'fill':
    case 'partial_fill':
      return fillOf(data, order, base, what);
    case 'canceled':
      return { kind: 'orderCancelled', ...base, filledContracts: filledOf(order, what) };
    case 'expired':
    case 'done_for_day':
      return { kind: 'orderExpired', ...base, filledContracts: filledOf(order, what) };
    case 'rejected':
      return {
        kind: 'orderRejected',
        ...base,
        code: textOf(data, 'code'),
        message: textOf(data, 'reason') || textOf(data, 'message') || 'rejected',
      };
    case 'replaced':
      return { kind: 'external', brokerOrderId };
    case 'order_cancel_rejected':
      return {
        kind: 'cancelRefused',
        ...base,
        fault: {
          code: textOf(data, 'code') || '42210000',
          message: textOf(data, 'reason') || 'cancel rejected',
          retryable: false,
        },
      };
    case 'accepted':
    case 'pending_new':
    case 'pending_cancel':
    case 'pending_replace':
    case 'held':
    case 'stopped':
    case 'calculated':
    case 'suspended':
    case 'order_replace_rejected':
      return null;
    default:
      return { kind: 'unknownMessage', text: `trade update '${event.slice(0, 40)}' of ${clientOrderId}`, at };
  }
}

/** As the SDK made a Date of it, or as it came. */
function timeOf(value: unknown): Instant | null {
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : instant(value.getTime());
  return instantOf({ value }, 'value');
}

/** Units filled so far, never more than were ordered. */
function filledOf(order: Json, what: string): number {
  const filled = neededNumber(order, 'filled_qty', what);
  const ordered = positiveNumber(order, 'qty', what);
  if (filled < 0 || filled > ordered) throw new DecodeError(`${what}: filled_qty is ${filled} of ${ordered}`);
  return filled;
}

type FillBase = { readonly clientOrderId: string; readonly brokerOrderId: string; readonly at: Instant };

/** The net of a combination is + for a debit at Alpaca: turned to our + credit. A single order's sign comes from its side. */
function fillOf(data: Json, order: Json, base: FillBase, what: string): BrokerReport {
  const cumulative = filledOf(order, what);
  const contracts = positiveNumber(data, 'qty', what);
  const ordered = positiveNumber(order, 'qty', what);
  if (contracts > ordered) throw new DecodeError(`${what}: qty is ${contracts} of ${ordered}`);
  const executions = listOf(data['legs'], `${what}: legs`).map((leg) => objectOf(leg, `${what}: leg`));
  const complete = textOf(data, 'event') === 'fill';
  const common = { kind: 'orderFilled', ...base, contracts, cumulativeContracts: cumulative, complete } as const;
  if (executions.length > 0) {
    const executionId = textOf(data, 'execution_id') || neededText(executions[0] ?? {}, 'execution_id', `${what}: leg`);
    const netPrice = -neededNumber(data, 'price', what) || 0;
    return { ...common, executionId, netPrice, legs: executions.map((leg) => legFill(leg, order, `${what}: leg`)) };
  }
  if (textOf(order, 'order_class') === 'mleg') throw new DecodeError(`${what}: legs are missing`);
  const price = positiveNumber(data, 'price', what);
  const sell = sideOf(order, what) === 'sell';
  return {
    ...common,
    executionId: neededText(data, 'execution_id', what),
    netPrice: sell ? price : -price,
    legs: [{ symbol: neededText(order, 'symbol', what), contracts: sell ? -contracts : contracts, price }],
  };
}

/** A leg's execution; where it does not say its side, the leg of the order does. It is of a leg of the order and no larger. */
function legFill(leg: Json, order: Json, what: string): LegFill {
  const symbol = neededText(leg, 'symbol', what);
  const definition = listOf(order['legs'], `${what}: legs of the order`)
    .map((item) => objectOf(item, what))
    .find((item) => textOf(item, 'symbol') === symbol);
  if (!definition) throw new DecodeError(`${what}: symbol ${symbol.slice(0, 40)} is not in the order`);
  const side = sideOf(textOf(leg, 'side') === '' ? definition : leg, what);
  const quantity = Math.abs(neededNumber(leg, 'qty', what));
  const ordered = numberOf(definition, 'qty', what) ?? quantity;
  if (quantity === 0 || quantity > ordered) throw new DecodeError(`${what}: qty is ${quantity} of ${ordered}`);
  const price = numberOf(leg, 'price', what);
  if (price === null || price < 0) throw new DecodeError(`${what}: price is missing or below 0`);
  return { symbol, contracts: side === 'sell' ? -quantity : quantity, price };
}
