import type {
  Broker,
  BrokerCapabilities,
  BrokerOrder,
  BrokerReport,
  ConnectionChange,
  Fault,
  IdentifiedOrder,
  SnapshotAnswer,
} from '#ports/broker';
import { parseClientOrderId } from '#ports/clientOrderId';
import type { Clock } from '#ports/clock';
import type { Deliverable } from '#ports/deliverable';
import type { StreamSettings } from '../../alpacaStreams/keptSocket.ts';
import { updatesOnThread } from '../../alpacaStreams/updatesOnThread.ts';
import { orderOf } from './decode.ts';
import { postOrderRequestOf } from './encode.ts';
import { faultOf } from './fault.ts';
import { DecodeError, instantOf, type Json, neededText, objectOf, textOf } from './fields.ts';
import { type Gateway, GatewayError } from './gateway.ts';
import { createMailbox } from './mailbox.ts';
import type { Lane } from './scheduler.ts';
import { createSentOrders } from './sentOrders.ts';
import { type Ask, takeSnapshot } from './snapshot.ts';
import { reportOfUpdate } from './updateDecode.ts';
import { openUpdateStream } from './updateStream.ts';
import type { AlpacaVenue } from './venue.ts';

export interface AlpacaBrokerParts {
  readonly gateway: Gateway;
  readonly venue: AlpacaVenue;
  readonly clock: Clock;
  readonly stream: StreamSettings;
  /**
   * The key, when order updates are to be heard on a thread of their own, and the longest believable silence after the broker
   * accepted something; null hears them on this thread (simulated time).
   */
  readonly thread: { readonly keyId: string; readonly secret: string; readonly silenceMs: number } | null;
  /** False in simulated time: the driver asks for what was said. */
  readonly immediate: boolean;
  /** Journal that sends: orders of others are external. */
  readonly journalId: string;
  /** Frames of order updates that the server says it has sent; simulated time only. */
  readonly framesSent?: () => number;
}

/** How often an order may have been changed by another hand before what stands in its place is left to the next look. */
const MOST_SUCCESSORS = 20;

/** Rank of a report within one instant, whichever way it came. */
const RANK: Readonly<Record<BrokerReport['kind'], number>> = {
  orderAccepted: 0,
  submissionFailed: 0,
  orderRejected: 1,
  orderWorking: 2,
  orderFilled: 3,
  orderCancelled: 4,
  orderExpired: 4,
  cancelRefused: 5,
  orderLookedUp: 6,
  lookUpFailed: 6,
  externalOrderSeen: 7,
  unknownMessage: 8,
};

/** Alpaca as a broker: REST through the gateway, order updates over the stream, snapshots that heal whatever the stream lost. */
export function createAlpacaBroker(parts: AlpacaBrokerParts): Broker & Deliverable {
  const { gateway, venue, clock } = parts;
  const mailbox = createMailbox(parts.immediate);
  const reports = new Set<(report: BrokerReport) => void>();
  const snapshots = new Set<(answer: SnapshotAnswer) => void>();
  const connections = new Set<(change: ConnectionChange) => void>();
  const sent = createSentOrders();
  /** Orders that have not been answered yet, or still wait for their turn. */
  const unanswered = new Set<string>();
  let reachable: ConnectionChange['state'] | null = null;

  const report = (message: BrokerReport): void =>
    mailbox.put(message.at, RANK[message.kind], () => {
      gateway.withoutKey(message);
      for (const listener of reports) listener(message);
    });
  const connection = (channel: ConnectionChange['channel'], state: ConnectionChange['state'], detail: string): void => {
    const change = gateway.withoutKey({ channel, state, detail, at: clock.now() });
    mailbox.put(change.at, 9, () => {
      for (const listener of connections) listener(change);
    });
  };

  const listener = {
    onUpdate(data: Json): void {
      const said = read(data);
      if (said?.kind === 'external') external(said.brokerOrderId);
      else if (said) report(said);
    },
    onState: (state: ConnectionChange['state'], detail: string): void => connection('updates', state, detail),
  };

  /** A frame that cannot be read is an update lost: it is told, and a new connection brings a sweep that finds what it said. */
  function read(data: Json): ReturnType<typeof reportOfUpdate> {
    try {
      const said = reportOfUpdate(data, isOurs, clock.now());
      return said === null || said.kind === 'external' ? said : sent.believed(said);
    } catch (error) {
      const { message } = faultOf(error);
      stream.renew(message);
      return { kind: 'unknownMessage', text: message, at: clock.now() };
    }
  }

  const threaded = parts.thread ? updatesOnThread({ ...parts.thread, venue, clock, settings: parts.stream, ...listener }) : null;
  const stream = threaded ?? openUpdateStream({ sdk: gateway.sdk, venue, clock, settings: parts.stream, ...listener });

  function isOurs(clientOrderId: string): boolean {
    return parseClientOrderId(clientOrderId)?.journalId === parts.journalId;
  }

  /**
   * What became of a request, as one report. The answer is read inside the chain: whatever it holds, the reading fails into `failed`
   * and never out of the port. Only the listeners' own mistakes go on from here.
   */
  function tell<Answer>(
    answered: Promise<Answer>,
    reading: (answer: Answer) => BrokerReport | null,
    failed: (error: unknown) => BrokerReport,
  ): void {
    answered
      .then(reading)
      .catch(failed)
      .then((message) => {
        if (message) report(message);
      });
  }

  /**
   * An order from elsewhere, or changed there: asked for in full, since the update does not carry every field, and so is what stands
   * in its place now. `before` are those that led here: an answer that leads back to one of them, or on without an end, is not followed.
   */
  function external(brokerOrderId: string, before: readonly string[] = []): void {
    tell(
      gateway.call('account', (api) => api.trading.orders.getOrderByOrderIDRaw({ orderId: brokerOrderId, nested: true })),
      (body) => {
        const order = orderOf(body);
        const { clientOrderId } = order;
        const path = [...before, brokerOrderId];
        if (order.replacedBy !== undefined && !path.includes(order.replacedBy) && path.length < MOST_SUCCESSORS)
          external(order.replacedBy, path);
        return isOurs(clientOrderId)
          ? { kind: 'orderLookedUp', clientOrderId, order, at: clock.now() }
          : { kind: 'externalOrderSeen', order, at: clock.now() };
      },
      (error) => ({
        kind: 'unknownMessage',
        text: `order ${brokerOrderId} from elsewhere: ${faultOf(error).message}`,
        at: clock.now(),
      }),
    );
  }

  /** A REST answer or its failure says whether the broker can be reached. A page that is not JSON is another's answer. */
  function heard(error: unknown): void {
    if (error instanceof GatewayError && neverLeft(error)) return;
    const spoke =
      error === null ||
      (error instanceof GatewayError &&
        error.fault.code !== 'malformed' &&
        error.fault.status !== undefined &&
        error.fault.status < 500);
    const state = spoke ? 'connected' : 'disconnected';
    if (state === reachable) return;
    reachable = state;
    connection('broker', state, error === null ? venue.title : faultOf(error).message);
    if (state === 'disconnected') gateway.dropEntries('the connection to the broker was lost');
  }

  const ask = async (lane: Lane, request: Parameters<Ask>[1], key: string | null = null): Promise<unknown> => {
    try {
      const body = await gateway.call(lane, request, key);
      heard(null);
      return body;
    } catch (error) {
      heard(error);
      throw error;
    }
  };

  /** It may wait here for a minute, where the broker's budget is used up: whether it may still leave is asked when it does. */
  function send(order: IdentifiedOrder, whyNot: () => Fault | null = () => null): void {
    const { clientOrderId } = order;
    const framesBefore = stream.framesReceived();
    sent.note(order);
    unanswered.add(clientOrderId);
    const post: Parameters<Ask>[1] = (api) => {
      const held = whyNot();
      if (held) throw new GatewayError(held, true);
      return api.trading.orders.postOrderRaw({ postOrderRequest: postOrderRequestOf(order) });
    };
    tell(
      ask(order.purpose === 'close' ? 'exit' : 'entry', post, clientOrderId).finally(() => unanswered.delete(clientOrderId)),
      (body) => {
        const json = objectOf(body, 'order');
        const brokerOrderId = idOf(json, clientOrderId);
        threaded?.expectWord(framesBefore);
        return { kind: 'orderAccepted', clientOrderId, brokerOrderId, at: instantOf(json, 'created_at') ?? clock.now() };
      },
      (error) => notAccepted(clientOrderId, error),
    );
  }

  function notAccepted(clientOrderId: string, error: unknown): BrokerReport {
    const fault = faultOf(error);
    const { code, message, status } = fault;
    const notDone = error instanceof GatewayError && error.notDone;
    if (notDone && error.isBrokersWord && (status === 403 || status === 422 || status === 400))
      return { kind: 'orderRejected', clientOrderId, brokerOrderId: null, code, message, at: clock.now() };
    return {
      kind: 'submissionFailed',
      clientOrderId,
      certainty: notDone ? 'notSent' : 'inDoubt',
      fault,
      at: clock.now(),
    };
  }

  /** The broker's id of an answer that is about the order that was asked about, and no other. */
  function idOf(json: Json, clientOrderId: string): string {
    const told = textOf(json, 'client_order_id');
    if (told !== clientOrderId) throw new DecodeError(`order: client_order_id is '${told.slice(0, 60)}', not ${clientOrderId}`);
    return neededText(json, 'id', 'order');
  }

  function cancel(clientOrderId: string, brokerOrderId: string | null): void {
    const refused = (error: unknown, id: string): BrokerReport => ({
      kind: 'cancelRefused',
      clientOrderId,
      brokerOrderId: id,
      fault: faultOf(error),
      at: clock.now(),
    });
    const erase = (id: string): void => {
      const framesBefore = stream.framesReceived();
      tell(
        ask('cancel', (api) => api.trading.orders.deleteOrderByOrderIDRaw({ orderId: id })),
        () => {
          threaded?.expectWord(framesBefore);
          return null;
        },
        (error) => refused(error, id),
      );
    };
    // What has not left is over with this: `send` reports it as not sent.
    if (gateway.withdraw(clientOrderId, 'it was taken back before it was sent')) return;
    if (brokerOrderId !== null) return erase(brokerOrderId);
    tell(
      ask('cancel', (api) => api.trading.orders.getOrderByClientOrderIdRaw({ clientOrderId })),
      (body) => {
        erase(idOf(objectOf(body, 'order'), clientOrderId));
        return null;
      },
      (error) => refused(error, ''),
    );
  }

  function lookUp(clientOrderId: string): void {
    const mayStillLeave = unanswered.has(clientOrderId);
    tell(
      foundOrder(clientOrderId),
      (order) => ({ kind: 'orderLookedUp', clientOrderId, order, at: clock.now() }),
      (error) => {
        const fault = faultOf(error);
        // Nobody can know an order that has not reached them: that is no proof of its absence.
        if (mayStillLeave) return { kind: 'lookUpFailed', clientOrderId, fault, at: clock.now() };
        // Absence is the broker's word alone.
        const isAbsent = fault.status === 404 && error instanceof GatewayError && error.isBrokersWord;
        return isAbsent
          ? { kind: 'orderLookedUp', clientOrderId, order: null, at: clock.now() }
          : { kind: 'lookUpFailed', clientOrderId, fault, at: clock.now() };
      },
    );
  }

  async function foundOrder(clientOrderId: string): Promise<BrokerOrder> {
    const body = await ask('exit', (api) => api.trading.orders.getOrderByClientOrderIdRaw({ clientOrderId }));
    const orderId = idOf(objectOf(body, 'order'), clientOrderId);
    // With its legs; where that fails, what is known already may be enough.
    const nested = await ask('exit', (api) => api.trading.orders.getOrderByOrderIDRaw({ orderId, nested: true })).catch(
      () => body,
    );
    const order = orderOf(nested);
    if (order.clientOrderId !== clientOrderId || order.brokerOrderId !== orderId)
      throw new DecodeError(`order ${orderId}: the answer is about ${order.brokerOrderId} (${order.clientOrderId})`);
    return order;
  }

  const subscribe = <Listener>(set: Set<Listener>, listener: Listener): (() => void) => {
    set.add(listener);
    return () => {
      set.delete(listener);
    };
  };

  const isSettled = (): boolean => gateway.underWay() === 0 && stream.framesReceived() >= (parts.framesSent?.() ?? 0);

  return {
    capabilities: ALPACA_CAPABILITIES,
    send,
    cancel,
    lookUp,
    requestSnapshot(request) {
      const { requestId } = request;
      const answer = (message: SnapshotAnswer): void =>
        mailbox.put(clock.now(), 20, () => {
          gateway.withoutKey(message);
          for (const listener of snapshots) listener(message);
        });
      takeSnapshot({ ask, clock, isPaper: !venue.isLive }, request).then(
        (taken) => answer({ kind: 'snapshot', requestId, snapshot: taken }),
        (error: unknown) => answer({ kind: 'snapshotFailed', requestId, fault: faultOf(error), at: clock.now() }),
      );
    },
    exercise(symbol, action) {
      const done =
        action === 'exercise'
          ? ask('exit', (api) => api.trading.positions.optionExerciseRaw({ symbolOrContractId: symbol }))
          : ask('exit', (api) => api.trading.positions.optionDoNotExerciseRaw({ symbolOrContractId: symbol }));
      done.catch((error: unknown) =>
        report({ kind: 'unknownMessage', text: `${action} ${symbol} refused: ${faultOf(error).message}`, at: clock.now() }),
      );
    },
    onReport: (listener) => subscribe(reports, listener),
    onSnapshot: (listener) => subscribe(snapshots, listener),
    onConnection: (listener) => subscribe(connections, listener),
    async start() {
      await stream.start().catch((error: unknown) => {
        throw new Error(gateway.withoutKey(faultOf(error)).message);
      });
      await ask('account', (api) => api.trading.account.getAccountRaw());
    },
    stop() {
      stream.stop();
      return Promise.resolve();
    },
    take: () => mailbox.take(),
    get settled() {
      return isSettled();
    },
    async idle() {
      while (!isSettled()) await new Promise<void>((resolve) => setImmediate(resolve));
    },
  };
}

/** Given up on this side, before anything was asked: it says nothing of the line. */
function neverLeft({ notDone, fault }: GatewayError): boolean {
  return notDone && fault.status === undefined;
}

export const ALPACA_CAPABILITIES: BrokerCapabilities = {
  id: 'alpaca',
  maxLegs: 4,
  canReplaceCombination: false,
  canCombineStockAndOptions: false,
  requiresCoverInsideOrder: true,
  cancelsOnDisconnect: false,
  timeInForce: ['day', 'gtc'],
  reportsAssignmentSameDay: false,
};
