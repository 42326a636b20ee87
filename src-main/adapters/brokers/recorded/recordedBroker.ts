import { civilDate } from '#domain/market/calendar';
import { cents, type Instant } from '#domain/units';
import type { RecordedEvent, RecordedExchange } from '#exchange/recorded/recordedExchange';
import type {
  AccountSnapshot,
  Broker,
  BrokerActivity,
  BrokerReport,
  ConnectionChange,
  SnapshotAnswer,
  SnapshotRequest,
} from '#ports/broker';
import type { Deliverable } from '#ports/deliverable';

/** The recorded exchange as a broker: the same port as any other, answers handed over when the driver asks. */
export function createRecordedBroker(exchange: RecordedExchange, account: string): Broker & Deliverable {
  const reports = new Set<(report: BrokerReport) => void>();
  const snapshots = new Set<(answer: SnapshotAnswer) => void>();
  const connections = new Set<(change: ConnectionChange) => void>();
  let queue: (() => void)[] = [];

  const report = (message: BrokerReport): void => {
    queue.push(() => {
      for (const listener of reports) listener(message);
    });
  };
  exchange.onEvent((event) => report(reportOf(event)));

  function snapshot(request: SnapshotRequest): AccountSnapshot {
    const { cash, equity, buyingPower } = exchange.account();
    const all = exchange.orders();
    const activities = activitiesSince(request.activitiesSince);
    return {
      at: exchange.now(),
      account: {
        accountNumber: account,
        cash,
        equity,
        lastEquity: null,
        buyingPower,
        optionsBuyingPower: buyingPower,
        optionsLevel: 3,
        tradingBlocked: false,
        accountBlocked: false,
        suspendedByUser: false,
        isPaper: true,
        marginDeficit: cents(Math.max(0, -buyingPower)),
      },
      positions: exchange.holdings().map(({ contract, quantity, averagePrice }) => ({
        symbol: contract.symbol,
        assetClass: 'option',
        underlying: contract.underlying,
        quantity,
        averagePrice,
        marketValue: null,
      })),
      openOrders: all.filter((order) => order.status === 'working'),
      closedOrders: all.filter((order) => order.status !== 'working' && order.updatedAt >= request.closedSince),
      activities,
    };
  }

  /** The ledger's lines since then, as activities: their ids are their places. */
  function activitiesSince(since: Instant | null): BrokerActivity[] {
    const ledger = exchange.ledger();
    const from = since === null ? 0 : ledger.findLastIndex(({ at }) => at < since) + 1;
    return ledger.slice(from).map((entry, index) => ({
      activityId: `r${String(from + index).padStart(8, '0')}`,
      kind: entry.kind === 'deposit' ? 'transfer' : entry.kind,
      code: entry.kind,
      symbol: entry.symbol,
      quantity: entry.quantity,
      price: null,
      netCash: entry.cash,
      groupId: null,
      date: civilDate(entry.at),
      at: entry.at,
    }));
  }

  return {
    capabilities: {
      id: 'recorded',
      maxLegs: 4,
      canReplaceCombination: false,
      canCombineStockAndOptions: false,
      requiresCoverInsideOrder: true,
      cancelsOnDisconnect: false,
      timeInForce: ['day'],
      reportsAssignmentSameDay: true,
    },
    send(order) {
      const at = exchange.now();
      const place = queue.length;
      const answer = exchange.submit(order);
      if (answer.kind === 'refused')
        report({
          kind: 'orderRejected',
          clientOrderId: order.clientOrderId,
          brokerOrderId: null,
          code: answer.code,
          message: answer.message,
          at,
        });
      else {
        const { clientOrderId, brokerOrderId } = answer.order;
        const accepted: BrokerReport = { kind: 'orderAccepted', clientOrderId, brokerOrderId, at };
        queue.splice(place, 0, () => {
          for (const listener of reports) listener(accepted);
        });
      }
    },
    cancel(clientOrderId, brokerOrderId) {
      if (exchange.cancel(clientOrderId)) return;
      report({
        kind: 'cancelRefused',
        clientOrderId,
        brokerOrderId: brokerOrderId ?? '',
        fault: { code: '42210000', message: 'the order is no longer open', retryable: false },
        at: exchange.now(),
      });
    },
    lookUp: (clientOrderId) =>
      report({ kind: 'orderLookedUp', clientOrderId, order: exchange.orderOf(clientOrderId), at: exchange.now() }),
    requestSnapshot(request) {
      const message: SnapshotAnswer = { kind: 'snapshot', requestId: request.requestId, snapshot: snapshot(request) };
      queue.push(() => {
        for (const listener of snapshots) listener(message);
      });
    },
    exercise: () =>
      report({
        kind: 'unknownMessage',
        text: 'recorded contracts settle in cash; there is nothing to exercise',
        at: exchange.now(),
      }),
    onReport: (listener) => subscribe(reports, listener),
    onSnapshot: (listener) => subscribe(snapshots, listener),
    onConnection: (listener) => subscribe(connections, listener),
    start() {
      for (const channel of ['broker', 'updates'] as const)
        queue.push(() =>
          connections.forEach(
            (listener) => void listener({ channel, state: 'connected', detail: 'recorded', at: exchange.now() }),
          ),
        );
      return Promise.resolve();
    },
    stop: () => Promise.resolve(),
    take() {
      const batch = queue;
      queue = [];
      return batch;
    },
    idle: () => Promise.resolve(),
    settled: true,
  };
}

function subscribe<Listener>(set: Set<Listener>, listener: Listener): () => void {
  set.add(listener);
  return () => {
    set.delete(listener);
  };
}

function reportOf(event: RecordedEvent): BrokerReport {
  const { clientOrderId, brokerOrderId, filledContracts } = event.order;
  const at: Instant = event.at;
  switch (event.kind) {
    case 'working':
      return { kind: 'orderWorking', clientOrderId, brokerOrderId, at };
    case 'cancelled':
      return { kind: 'orderCancelled', clientOrderId, brokerOrderId, filledContracts, at };
    case 'expired':
      return { kind: 'orderExpired', clientOrderId, brokerOrderId, filledContracts, at };
    case 'filled':
      return {
        kind: 'orderFilled',
        clientOrderId,
        brokerOrderId,
        executionId: event.executionId,
        contracts: event.order.quantity,
        cumulativeContracts: filledContracts,
        netPrice: event.netPrice,
        legs: event.legs,
        complete: true,
        at,
      };
  }
}
