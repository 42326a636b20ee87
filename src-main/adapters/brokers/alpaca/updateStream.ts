import { type Instant, instant } from '#domain/units';
import type { BrokerReport, LegFill } from '#ports/broker';
import type { Clock } from '#ports/clock';
import { keepOpen, type SdkSocket, type StreamSettings, type StreamState } from '../../alpacaStreams/keptSocket.ts';
import { instantOf, type Json, listOf, numberOf, objectOf, textOf } from './fields.ts';
import type { Gateway } from './gateway.ts';
import type { AlpacaVenue } from './venue.ts';

/** One trade update as a report; null for the steps that say nothing new. `external` when the order is not ours. */
export function reportOfUpdate(data: Json, isOurs: (clientOrderId: string) => boolean): BrokerReport | 'external' | null {
  const order = objectOf(data['order'] ?? {}, 'trade update order');
  const clientOrderId = textOf(order, 'client_order_id') || textOf(order, 'clientOrderId');
  const brokerOrderId = textOf(order, 'id');
  const at: Instant = instantOf(data, 'at') ?? instantOf(data, 'timestamp') ?? timeOf(data['timestamp']);
  if (!isOurs(clientOrderId)) return 'external';
  const filledContracts = numberOf(order, 'filled_qty') ?? numberOf(order, 'filledQty') ?? 0;
  const base = { clientOrderId, brokerOrderId, at };
  switch (textOf(data, 'event')) {
    case 'new':
      return { kind: 'orderWorking', ...base };
    case 'fill':
    case 'partial_fill':
      return fillOf(data, order, base, filledContracts);
    case 'canceled':
      return { kind: 'orderCancelled', ...base, filledContracts };
    case 'expired':
    case 'done_for_day':
      return { kind: 'orderExpired', ...base, filledContracts };
    case 'rejected':
      return {
        kind: 'orderRejected',
        ...base,
        code: textOf(data, 'code'),
        message: textOf(data, 'reason') || textOf(data, 'message') || 'rejected',
      };
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
    case 'replaced':
    case 'held':
    case 'stopped':
    case 'calculated':
    case 'suspended':
    case 'order_replace_rejected':
      return null;
    default:
      return { kind: 'unknownMessage', text: `trade update '${textOf(data, 'event')}' of ${clientOrderId}`, at };
  }
}

function timeOf(value: unknown): Instant {
  return value instanceof Date ? instant(value.getTime()) : instant(0);
}

type FillBase = { readonly clientOrderId: string; readonly brokerOrderId: string; readonly at: Instant };

/** The net of a combination is + for a debit at Alpaca: turned to our + credit. A single order's sign comes from its side. */
function fillOf(data: Json, order: Json, base: FillBase, cumulative: number): BrokerReport {
  const price = numberOf(data, 'price') ?? 0;
  const contracts = numberOf(data, 'qty') ?? 0;
  const legs = listOf(data['legs'], 'trade update legs').map((leg) => objectOf(leg, 'trade update leg'));
  const complete = textOf(data, 'event') === 'fill';
  if (legs.length > 0) {
    const executionId = textOf(data, 'execution_id') || textOf(legs[0] ?? {}, 'execution_id');
    return {
      kind: 'orderFilled',
      ...base,
      executionId,
      contracts,
      cumulativeContracts: cumulative,
      netPrice: -price || 0,
      legs: legs.map((leg) => legFill(leg, order)),
      complete,
    };
  }
  const sell = textOf(order, 'side') === 'sell';
  const symbol = textOf(order, 'symbol');
  const executionId = textOf(data, 'execution_id') || textOf(data, 'executionId');
  return {
    kind: 'orderFilled',
    ...base,
    executionId,
    contracts,
    cumulativeContracts: cumulative,
    netPrice: sell ? price : -price,
    legs: [{ symbol, contracts: sell ? -contracts : contracts, price }],
    complete,
  };
}

/** A leg's execution; its side is the leg's of the order, since the execution does not say it. */
function legFill(leg: Json, order: Json): LegFill {
  const symbol = textOf(leg, 'symbol');
  const definition = listOf(order['legs'], 'order legs')
    .map((item) => objectOf(item, 'order leg'))
    .find((item) => textOf(item, 'symbol') === symbol);
  const quantity = Math.abs(numberOf(leg, 'qty') ?? 0);
  const side = textOf(leg, 'side') || (definition ? textOf(definition, 'side') : 'buy');
  return {
    symbol,
    contracts: side === 'sell' ? -quantity : quantity,
    price: numberOf(leg, 'price') ?? 0,
  };
}

/**
 * The stream of order updates, kept open: ready when the server has acknowledged that it sends `trade_updates` (a bare
 * authentication proves nothing). A frame that cannot be read is an update lost: the connection is renewed, so that a sweep follows.
 */
export function openUpdateStream(parts: {
  readonly sdk: Gateway['sdk'];
  readonly venue: AlpacaVenue;
  readonly clock: Clock;
  readonly settings: StreamSettings;
  onUpdate(data: Json): void;
  onState(state: StreamState, detail: string): void;
}) {
  const { sdk, venue, clock, settings } = parts;
  let frames = 0;
  const kept = keepOpen<SdkSocket>({
    name: 'order updates',
    clock,
    settings,
    open() {
      const stream = sdk.trading.stream({ url: venue.updatesUrl, maxReconnectAttempts: -1 });
      stream.subscribeTradeUpdates();
      stream.onTradeUpdate((update) => {
        frames += 1;
        // The SDK swallows what a listener throws.
        try {
          parts.onUpdate(objectOf(update, 'trade update'));
        } catch (error) {
          kept.renew(error instanceof Error ? error.message : String(error));
        }
      });
      return stream;
    },
    onAuthenticated: () => false,
    onSubscription: (streams) =>
      (Array.isArray(streams) && streams.includes('trade_updates')) || 'the server does not listen to trade_updates',
    onTrouble: (message) => kept.renew(message),
    onState: parts.onState,
  });
  return { start: kept.start, stop: kept.stop, renew: kept.renew, framesReceived: (): number => frames };
}
