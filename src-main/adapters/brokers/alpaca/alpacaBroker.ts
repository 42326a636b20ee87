import type {
  AccountSnapshot,
  Broker,
  BrokerCapabilities,
  BrokerReport,
  ConnectionChange,
  Fault,
  IdentifiedOrder,
  SnapshotAnswer,
  SnapshotRequest,
} from '#ports/broker';
import { parseClientOrderId } from '#ports/clientOrderId';
import type { Clock } from '#ports/clock';
import type { Deliverable } from '#ports/deliverable';
import type { StreamSettings } from '../../alpacaStreams/keptSocket.ts';
import { updatesOnThread } from '../../alpacaStreams/updatesOnThread.ts';
import { accountOf, activityOf, orderOf, positionOf } from './decode.ts';
import { postOrderRequestOf } from './encode.ts';
import { instantOf, type Json, listOf, objectOf, textOf } from './fields.ts';
import { type Gateway, GatewayError } from './gateway.ts';
import { createMailbox } from './mailbox.ts';
import type { Lane } from './scheduler.ts';
import { openUpdateStream, reportOfUpdate } from './updateStream.ts';
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
const PAGE = 500;
const ACTIVITY_PAGE = 100;

/** Alpaca as a broker: REST through the gateway, order updates over the stream, snapshots that heal whatever the stream lost. */
export function createAlpacaBroker(parts: AlpacaBrokerParts): Broker & Deliverable {
  const { gateway, venue, clock } = parts;
  const mailbox = createMailbox(parts.immediate);
  const reports = new Set<(report: BrokerReport) => void>();
  const snapshots = new Set<(answer: SnapshotAnswer) => void>();
  const connections = new Set<(change: ConnectionChange) => void>();
  let reachable: ConnectionChange['state'] | null = null;

  const report = (message: BrokerReport): void =>
    mailbox.put(message.at, RANK[message.kind], () => {
      for (const listener of reports) listener(message);
    });
  const connection = (channel: ConnectionChange['channel'], state: ConnectionChange['state'], detail: string): void => {
    const change = { channel, state, detail, at: clock.now() };
    mailbox.put(change.at, 9, () => {
      for (const listener of connections) listener(change);
    });
  };

  const listener = {
    onUpdate(data: Json): void {
      const said = reportOfUpdate(data, isOurs);
      if (said === 'external') return external(textOf(objectOf(data['order'], 'order'), 'id'));
      if (said) report(said);
    },
    onState: (state: ConnectionChange['state'], detail: string): void => connection('updates', state, detail),
  };
  const threaded = parts.thread ? updatesOnThread({ ...parts.thread, venue, clock, settings: parts.stream, ...listener }) : null;
  const stream = threaded ?? openUpdateStream({ sdk: gateway.sdk, venue, clock, settings: parts.stream, ...listener });

  function isOurs(clientOrderId: string): boolean {
    return parseClientOrderId(clientOrderId)?.journalId === parts.journalId;
  }

  /** An order from elsewhere: asked for in full, since the update does not carry every field. */
  function external(brokerOrderId: string): void {
    gateway
      .call('account', (api) => api.trading.orders.getOrderByOrderIDRaw({ orderId: brokerOrderId, nested: true }))
      .then(
        (body) => report({ kind: 'externalOrderSeen', order: orderOf(body), at: clock.now() }),
        (error: unknown) =>
          report({
            kind: 'unknownMessage',
            text: `order ${brokerOrderId} from elsewhere: ${faultOf(error).message}`,
            at: clock.now(),
          }),
      );
  }

  /** A REST answer or its failure says whether the broker can be reached. */
  function heard(error: unknown): void {
    const state =
      error === null || (error instanceof GatewayError && error.fault.status !== undefined && error.fault.status < 500)
        ? 'connected'
        : 'disconnected';
    if (state === reachable) return;
    reachable = state;
    connection('broker', state, error === null ? venue.title : faultOf(error).message);
    if (state === 'disconnected') gateway.dropEntries('the connection to the broker was lost');
  }

  async function ask(lane: Lane, request: Parameters<Gateway['call']>[1]): Promise<unknown> {
    try {
      const body = await gateway.call(lane, request);
      heard(null);
      return body;
    } catch (error) {
      heard(error);
      throw error;
    }
  }

  function send(order: IdentifiedOrder): void {
    const { clientOrderId } = order;
    const framesBefore = stream.framesReceived();
    ask(order.purpose === 'close' ? 'exit' : 'entry', (api) =>
      api.trading.orders.postOrderRaw({ postOrderRequest: postOrderRequestOf(order) }),
    ).then(
      (body) => {
        const json = objectOf(body, 'order');
        threaded?.expectWord(framesBefore);
        report({
          kind: 'orderAccepted',
          clientOrderId,
          brokerOrderId: textOf(json, 'id'),
          at: instantOf(json, 'created_at') ?? clock.now(),
        });
      },
      (error: unknown) => {
        const fault = faultOf(error);
        const refused =
          error instanceof GatewayError &&
          error.notDone &&
          (fault.status === 403 || fault.status === 422 || fault.status === 400);
        if (refused)
          report({
            kind: 'orderRejected',
            clientOrderId,
            brokerOrderId: null,
            code: fault.code,
            message: fault.message,
            at: clock.now(),
          });
        else
          report({
            kind: 'submissionFailed',
            clientOrderId,
            certainty: error instanceof GatewayError && error.notDone ? 'notSent' : 'inDoubt',
            fault,
            at: clock.now(),
          });
      },
    );
  }

  function cancel(clientOrderId: string, brokerOrderId: string | null): void {
    const refuse = (error: unknown, id: string): void =>
      report({ kind: 'cancelRefused', clientOrderId, brokerOrderId: id, fault: faultOf(error), at: clock.now() });
    const erase = (id: string): void => {
      const framesBefore = stream.framesReceived();
      ask('cancel', (api) => api.trading.orders.deleteOrderByOrderIDRaw({ orderId: id })).then(
        () => threaded?.expectWord(framesBefore),
        (error: unknown) => refuse(error, id),
      );
    };
    if (brokerOrderId !== null) return erase(brokerOrderId);
    ask('cancel', (api) => api.trading.orders.getOrderByClientOrderIdRaw({ clientOrderId })).then(
      (body) => erase(textOf(objectOf(body, 'order'), 'id')),
      (error: unknown) => refuse(error, ''),
    );
  }

  function lookUp(clientOrderId: string): void {
    ask('exit', (api) => api.trading.orders.getOrderByClientOrderIdRaw({ clientOrderId })).then(
      async (body) => {
        const id = textOf(objectOf(body, 'order'), 'id');
        const nested = await ask('exit', (api) => api.trading.orders.getOrderByOrderIDRaw({ orderId: id, nested: true })).catch(
          () => body,
        );
        report({ kind: 'orderLookedUp', clientOrderId, order: orderOf(nested), at: clock.now() });
      },
      (error: unknown) => {
        const fault = faultOf(error);
        if (fault.status === 404) report({ kind: 'orderLookedUp', clientOrderId, order: null, at: clock.now() });
        else report({ kind: 'lookUpFailed', clientOrderId, fault, at: clock.now() });
      },
    );
  }

  async function snapshot({ activityCursor, closedSince }: SnapshotRequest): Promise<AccountSnapshot> {
    const [account, positions, open, closed, activities] = await Promise.all([
      ask('account', (api) => api.trading.account.getAccountRaw()),
      ask('account', (api) => api.trading.positions.getAllOpenPositionsRaw()),
      ask('account', (api) => api.trading.orders.getAllOrdersRaw({ status: 'open', limit: PAGE, nested: true })),
      ask('account', (api) =>
        api.trading.orders.getAllOrdersRaw({
          status: 'closed',
          limit: PAGE,
          nested: true,
          after: new Date(closedSince).toISOString(),
        }),
      ),
      activitiesAfter(activityCursor),
    ]);
    return {
      at: clock.now(),
      account: accountOf(account, !venue.isLive),
      positions: listOf(positions, 'positions').map(positionOf),
      openOrders: listOf(open, 'orders').map(orderOf),
      closedOrders: listOf(closed, 'orders').map(orderOf),
      activities,
      activityCursor: activities.at(-1)?.activityId ?? activityCursor,
    };
  }

  async function activitiesAfter(cursor: string | null): Promise<AccountSnapshot['activities']> {
    const all: AccountSnapshot['activities'][number][] = [];
    let pageToken = cursor;
    for (;;) {
      const token = pageToken;
      const page = listOf(
        await ask('account', (api) =>
          api.trading.accountActivities.getAccountActivitiesRaw({
            direction: 'asc',
            pageSize: ACTIVITY_PAGE,
            ...(token === null ? {} : { pageToken: token }),
          }),
        ),
        'activities',
      ).map(activityOf);
      all.push(...page);
      if (page.length < ACTIVITY_PAGE) return all;
      pageToken = page.at(-1)?.activityId ?? null;
    }
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
          for (const listener of snapshots) listener(message);
        });
      snapshot(request).then(
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
      await stream.start();
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

function faultOf(error: unknown): Fault {
  if (error instanceof GatewayError) return error.fault;
  return { code: 'decode', message: error instanceof Error ? error.message : String(error), retryable: true };
}
