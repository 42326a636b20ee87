import { activityStamp } from '#exchange/clearing/activityLog';
import type { Exchange } from '#exchange/exchangeApi';
import type { FaultKind } from '#exchange/faults';
import type { OrderUpdate } from '#exchange/orders';
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
  Unsubscribe,
} from '#ports/broker';
import type { Deliverable } from '#ports/deliverable';
import { activityOf, brokerOrderOf, faultOf, reportOf, ticketOf } from './translate.ts';

type Answer =
  | { readonly to: 'report'; readonly message: BrokerReport }
  | { readonly to: 'snapshot'; readonly message: SnapshotAnswer }
  | { readonly to: 'connection'; readonly message: ConnectionChange };

/**
 * The embedded exchange as a broker in the same process. Nothing is answered from inside a call: answers wait in one ordered
 * queue until the driver calls {@link deliver}, so a run is the same whatever drives it.
 */
export class EmbeddedBroker implements Broker, Deliverable {
  readonly capabilities: BrokerCapabilities;
  private readonly exchange: Exchange;
  private readonly reports = new Set<(report: BrokerReport) => void>();
  private readonly snapshots = new Set<(answer: SnapshotAnswer) => void>();
  private readonly connections = new Set<(change: ConnectionChange) => void>();
  private queue: Answer[] = [];
  private stopListening: Unsubscribe | null = null;
  private occasions = 0;

  constructor(exchange: Exchange) {
    this.exchange = exchange;
    this.capabilities = {
      id: 'embedded',
      maxLegs: 4,
      canReplaceCombination: exchange.settings.matching.allowCombinationReplace,
      canCombineStockAndOptions: false,
      requiresCoverInsideOrder: true,
      cancelsOnDisconnect: false,
      timeInForce: ['day', 'gtc'],
      reportsAssignmentSameDay: exchange.settings.clearing.activityDelay === 'none',
    };
  }

  /** Hands over everything that waits, in order, what is added meanwhile included. True when there was something. */
  deliver(): boolean {
    let any = false;
    while (this.queue.length > 0) {
      const batch = this.queue;
      this.queue = [];
      any = true;
      for (const answer of batch) this.hand(answer);
    }
    return any;
  }

  take(): readonly (() => void)[] {
    const batch = this.queue;
    this.queue = [];
    return batch.map((answer) => () => this.hand(answer));
  }

  /** Nothing is ever under way here: every request is answered into the queue while it is made. */
  idle(): Promise<void> {
    return Promise.resolve();
  }

  readonly settled = true;

  send(order: IdentifiedOrder): void {
    const { clientOrderId } = order;
    const at = this.exchange.now();
    if (this.strikes('rateLimited', order.underlying)) {
      this.report({ kind: 'submissionFailed', clientOrderId, certainty: 'notSent', fault: RATE_LIMITED, at });
      return;
    }
    if (this.strikes('timeoutBeforeAccept', order.underlying) || this.strikes('serverError', order.underlying)) {
      this.report({ kind: 'submissionFailed', clientOrderId, certainty: 'inDoubt', fault: TIMED_OUT, at });
      return;
    }
    const answerIsLost = this.strikes('timeoutAfterAccept', order.underlying);
    const waiting = this.queue.length;
    const answer = this.exchange.desk.submit(ticketOf(order));
    if (answerIsLost) {
      this.report({ kind: 'submissionFailed', clientOrderId, certainty: 'inDoubt', fault: TIMED_OUT, at });
    } else if (answer.kind === 'accepted') {
      // The acceptance precedes what the stream said during the call.
      this.queue.splice(waiting, 0, {
        to: 'report',
        message: { kind: 'orderAccepted', clientOrderId, brokerOrderId: answer.order.id, at },
      });
    } else {
      const { code, message } = answer.refusal;
      this.report({ kind: 'orderRejected', clientOrderId, brokerOrderId: null, code: String(code), message, at });
    }
  }

  cancel(clientOrderId: string, brokerOrderId: string | null): void {
    const at = this.exchange.now();
    const order = brokerOrderId ? this.exchange.desk.orderById(brokerOrderId) : this.exchange.desk.orderByClientId(clientOrderId);
    if (!order) {
      const fault = { code: '40410000', message: 'order not found', retryable: false, status: 404 };
      this.report({ kind: 'cancelRefused', clientOrderId, brokerOrderId: brokerOrderId ?? '', fault, at });
      return;
    }
    const answer = this.exchange.desk.cancel(order.id);
    if (answer.kind === 'refused') {
      this.report({ kind: 'cancelRefused', clientOrderId, brokerOrderId: order.id, fault: faultOf(answer.refusal), at });
    }
  }

  lookUp(clientOrderId: string): void {
    const order = this.exchange.desk.orderByClientId(clientOrderId);
    this.report({ kind: 'orderLookedUp', clientOrderId, order: order ? brokerOrderOf(order) : null, at: this.exchange.now() });
  }

  requestSnapshot(request: SnapshotRequest): void {
    const message: SnapshotAnswer = { kind: 'snapshot', requestId: request.requestId, snapshot: this.snapshot(request) };
    this.queue.push({ to: 'snapshot', message });
  }

  exercise(symbol: string, action: 'exercise' | 'doNotExercise'): void {
    const { desk } = this.exchange;
    const answer = action === 'exercise' ? desk.exercise(symbol) : desk.doNotExercise(symbol);
    if (answer.kind === 'refused') {
      const { code, message } = answer.refusal;
      this.report({ kind: 'unknownMessage', text: `${action} ${symbol} refused: ${code} ${message}`, at: this.exchange.now() });
    }
  }

  onReport(listener: (report: BrokerReport) => void): Unsubscribe {
    this.reports.add(listener);
    return () => this.reports.delete(listener);
  }

  onSnapshot(listener: (answer: SnapshotAnswer) => void): Unsubscribe {
    this.snapshots.add(listener);
    return () => this.snapshots.delete(listener);
  }

  onConnection(listener: (change: ConnectionChange) => void): Unsubscribe {
    this.connections.add(listener);
    return () => this.connections.delete(listener);
  }

  start(): Promise<void> {
    this.stopListening ??= this.exchange.desk.onOrderUpdate((update) => this.hear(update));
    for (const channel of ['broker', 'updates'] as const) this.connection(channel, 'connected');
    return Promise.resolve();
  }

  stop(): Promise<void> {
    this.stopListening?.();
    this.stopListening = null;
    for (const channel of ['broker', 'updates'] as const) this.connection(channel, 'disconnected');
    return Promise.resolve();
  }

  private hear(update: OrderUpdate): void {
    if (update.order.origin !== 'client') {
      this.report({ kind: 'externalOrderSeen', order: brokerOrderOf(update.order), at: update.at });
      return;
    }
    const report = reportOf(update);
    if (report) this.report(report);
  }

  private snapshot({ activitiesSince, closedSince }: SnapshotRequest): AccountSnapshot {
    const { desk } = this.exchange;
    const account = desk.account();
    const activities = desk.activities(activitiesSince === null ? null : activityStamp(activitiesSince)).map(activityOf);
    return {
      at: this.exchange.now(),
      account: {
        accountNumber: account.accountNumber,
        cash: account.cash,
        equity: account.equity,
        lastEquity: account.lastEquity,
        buyingPower: account.buyingPower,
        optionsBuyingPower: account.optionsBuyingPower,
        optionsLevel: account.optionsTradingLevel,
        tradingBlocked: account.tradingBlocked,
        accountBlocked: account.accountBlocked,
        suspendedByUser: account.suspendedByUser,
        isPaper: true,
        marginDeficit: account.marginDeficit,
      },
      positions: desk.positions().map(({ symbol, assetClass, underlying, quantity, averagePrice, marketValue }) => ({
        symbol,
        assetClass: assetClass === 'us_option' ? 'option' : 'stock',
        underlying,
        quantity,
        averagePrice,
        marketValue,
      })),
      openOrders: desk.orders({ status: 'open' }).map(brokerOrderOf),
      closedOrders: desk.orders({ status: 'closed', updatedSince: closedSince }).map(brokerOrderOf),
      activities,
    };
  }

  private strikes(kind: FaultKind, subject: string): boolean {
    if (!this.exchange.faults.has(kind)) return false;
    this.occasions += 1;
    return this.exchange.faults.strike(kind, subject, this.occasions, this.exchange.now()) !== null;
  }

  private report(message: BrokerReport): void {
    this.queue.push({ to: 'report', message });
  }

  private connection(channel: ConnectionChange['channel'], state: ConnectionChange['state']): void {
    this.queue.push({ to: 'connection', message: { channel, state, detail: 'embedded exchange', at: this.exchange.now() } });
  }

  private hand(answer: Answer): void {
    switch (answer.to) {
      case 'report':
        for (const listener of this.reports) listener(answer.message);
        return;
      case 'snapshot':
        for (const listener of this.snapshots) listener(answer.message);
        return;
      case 'connection':
        for (const listener of this.connections) listener(answer.message);
        return;
    }
  }
}

const RATE_LIMITED: Fault = { code: '42910000', message: 'rate limit exceeded', retryable: true, status: 429 };
const TIMED_OUT: Fault = { code: 'timeout', message: 'no answer in time', retryable: false };
