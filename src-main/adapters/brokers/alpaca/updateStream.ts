import { parseOccSymbol } from '#domain/market/instrument';
import { type Instant, instant, plusMs } from '#domain/units';
import type { BrokerReport, LegFill } from '#ports/broker';
import type { Clock } from '#ports/clock';
import { instantOf, type Json, listOf, numberOf, objectOf, textOf } from './fields.ts';
import type { Gateway } from './gateway.ts';
import type { AlpacaVenue } from './venue.ts';

export interface StreamSettings {
  /** Authentication must be done within this time, else the connection is given up and tried again. */
  readonly authenticationMs: number;
  /** Wait before a try after the connection limit (406) or a missed deadline: the server keeps dead sockets for 90 s. */
  readonly slowRetryMs: number;
}

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
    symbol: parseOccSymbol(symbol) ? symbol : symbol,
    contracts: side === 'sell' ? -quantity : quantity,
    price: numberOf(leg, 'price') ?? 0,
  };
}

/**
 * The stream of order updates: the SDK's socket with what it lacks on top: a deadline for authentication, slow tries after the
 * connection limit, reconnection without end, and a count of frames for the driver of a simulation.
 */
export function openUpdateStream(parts: {
  readonly sdk: Gateway['sdk'];
  readonly venue: AlpacaVenue;
  readonly clock: Clock;
  readonly settings: StreamSettings;
  onUpdate(data: Json): void;
  onState(state: 'connected' | 'disconnected', detail: string): void;
}) {
  const { sdk, venue, clock, settings } = parts;
  let frames = 0;
  let stopped = false;
  let stream = connect();

  function connect(): ReturnType<typeof sdk.trading.stream> {
    const next = sdk.trading.stream({ url: venue.updatesUrl, maxReconnectAttempts: -1 });
    next.subscribeTradeUpdates();
    next.onTradeUpdate((update) => {
      frames += 1;
      guarded(() => parts.onUpdate(objectOf(update, 'trade update')));
    });
    next.onStateChange((state) => guarded(() => changed(String(state))));
    next.onError((message) => guarded(() => failed(String(message))));
    next.onReconnected(() => guarded(() => parts.onState('connected', 'reconnected')));
    return next;
  }

  /** The SDK swallows what a listener throws: told here instead of lost. */
  function guarded(act: () => void): void {
    try {
      act();
    } catch (error) {
      parts.onState('disconnected', error instanceof Error ? error.message : String(error));
    }
  }

  function changed(state: string): void {
    if (state === 'authenticated') parts.onState('connected', 'order updates');
    if (state === 'disconnected' && !stopped) parts.onState('disconnected', 'order updates: socket closed');
  }

  function failed(message: string): void {
    if (stopped) return;
    parts.onState('disconnected', message);
    if (/connection limit|auth/i.test(message)) retrySlowly();
  }

  function retrySlowly(): void {
    stream.disconnect();
    clock.wakeAt(plusMs(clock.now(), settings.slowRetryMs), () => {
      if (stopped) return;
      stream = connect();
      start().catch(() => retrySlowly());
    });
  }

  async function start(): Promise<void> {
    stream.connect();
    // The SDK resolves for a refused key, a closed socket and a missed deadline too: only the result tells.
    const result = await stream.waitForAuthenticationResult(settings.authenticationMs);
    if (!result.authenticated) throw new Error(`order updates: ${result.message}`);
    parts.onState('connected', 'order updates');
  }

  return {
    start,
    stop(): void {
      stopped = true;
      stream.disconnect();
    },
    framesReceived: (): number => frames,
  };
}
