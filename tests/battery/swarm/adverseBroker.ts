import { EmbeddedBroker } from '#adapters/brokers/embedded/embeddedBroker';
import { withoutSecrets } from '#adapters/secrets/withoutSecrets';
import { parseOccSymbol } from '#domain/market/instrument';
import { cents, type Instant, plusMs } from '#domain/units';
import type { Exchange } from '#exchange/exchangeApi';
import type {
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
import type { Life } from './life.ts';
import type { LinkFaultDesk } from './linkFaultDesk.ts';
import type { Watch } from './watch.ts';

const TIMED_OUT: Fault = { code: 'timeout', message: 'no answer in time', retryable: false };
/** A key that must be found in no output of a session. */
export const CANARY = 'canary-swarm-4be1c0de';
/** A proxy that echoes the request it could not pass on, its headers included, as the adapter hands it to the engine. */
const UNAVAILABLE: Fault = {
  code: '503',
  message: withoutSecrets(`service unavailable for GET /v2/account, APCA-API-SECRET-KEY: ${CANARY}`, [CANARY]),
  retryable: true,
  status: 503,
};

/** Reports that only the stream brings; the others answer a request. */
const STREAMED = new Set<BrokerReport['kind']>([
  'orderWorking',
  'orderFilled',
  'orderCancelled',
  'orderExpired',
  'externalOrderSeen',
]);

/**
 * The embedded broker behind a bad line. The exchange itself is never touched: what happens there is what the auditor reads.
 * A new one is made for every start of the program; the exchange and the fault desk stay.
 */
export class AdverseBroker implements Broker, Deliverable {
  readonly capabilities: BrokerCapabilities;
  readonly settled = true;
  private readonly inner: EmbeddedBroker;
  private readonly exchange: Exchange;
  private readonly faults: LinkFaultDesk;
  private readonly life: Life;
  private readonly watch: Watch;
  private readonly reportListeners = new Set<(report: BrokerReport) => void>();
  private readonly snapshotListeners = new Set<(answer: SnapshotAnswer) => void>();
  private readonly connectionListeners = new Set<(change: ConnectionChange) => void>();
  private queue: (() => void)[] = [];
  private readonly aged = new Set<string>();
  private readonly acceptedAt = new Map<string, Instant>();
  private readonly downUntil = new Map<'updates' | 'broker', Instant>();

  constructor(exchange: Exchange, faults: LinkFaultDesk, life: Life, watch: Watch) {
    this.exchange = exchange;
    this.watch = watch;
    this.life = life;
    this.faults = faults;
    this.inner = new EmbeddedBroker(exchange);
    this.capabilities = this.inner.capabilities;
    this.inner.onReport((report) => {
      if (this.isDown('updates') && STREAMED.has(report.kind)) return;
      for (const listener of this.reportListeners) listener(report);
    });
    this.inner.onSnapshot((answer) => {
      const isAged = this.aged.delete(answer.requestId);
      const told = isAged ? this.secondsAgo(answer) : answer;
      if (this.life.alive) this.watch.noteLook(told, !isAged);
      for (const listener of this.snapshotListeners) listener(told);
    });
    this.inner.onConnection((change) => {
      for (const listener of this.connectionListeners) listener(change);
    });
  }

  take(): readonly (() => void)[] {
    this.arrive();
    const own = this.queue;
    this.queue = [];
    return [...own, ...this.inner.take()];
  }

  idle(): Promise<void> {
    return Promise.resolve();
  }

  send(order: IdentifiedOrder): void {
    this.life.passing('before send');
    if (!this.life.alive) return;
    if (this.faults.strikes('crashBeforeWire')) return this.life.end();
    if (this.isDown('broker')) {
      const at = this.exchange.now();
      const { clientOrderId } = order;
      this.later(() => this.report({ kind: 'submissionFailed', clientOrderId, certainty: 'inDoubt', fault: TIMED_OUT, at }));
      return;
    }
    if (this.faults.strikes('acceptedLate')) {
      const at = this.exchange.now();
      const { clientOrderId } = order;
      this.faults.leftAt.set(clientOrderId, at);
      this.faults.underWay.push({ due: plusMs(at, 5_500 + this.faults.random.below(3_000)), order });
      this.later(() => this.report({ kind: 'submissionFailed', clientOrderId, certainty: 'inDoubt', fault: TIMED_OUT, at }));
      return;
    }
    this.acceptedAt.set(order.clientOrderId, this.exchange.now());
    this.inner.send(order);
    if (this.faults.strikes('crashAfterWire')) this.life.end();
    this.life.passing('after send');
  }

  cancel(clientOrderId: string, brokerOrderId: string | null): void {
    const at = this.exchange.now();
    this.life.passing('before cancel');
    if (!this.life.alive || this.isDown('broker') || this.faults.strikes('cancelLost')) return;
    this.inner.cancel(clientOrderId, brokerOrderId);
    this.life.passing('after cancel');
    if (this.faults.strikes('cancelTimesOut')) {
      const refused = { kind: 'cancelRefused', clientOrderId, brokerOrderId: brokerOrderId ?? '', fault: TIMED_OUT, at } as const;
      this.later(() => this.report(refused));
    }
  }

  lookUp(clientOrderId: string): void {
    const at = this.exchange.now();
    this.life.passing('before look-up');
    if (this.isDown('broker')) {
      this.later(() => this.report({ kind: 'lookUpFailed', clientOrderId, fault: UNAVAILABLE, at }));
      return;
    }
    const since = this.acceptedAt.get(clientOrderId);
    // A broker’s read side may lag by seconds: less than two spaced look-ups take together.
    if (since !== undefined && at - since < 8_000 && this.faults.strikes('lookUpLags')) {
      this.later(() => this.report({ kind: 'orderLookedUp', clientOrderId, order: null, at }));
      return;
    }
    this.inner.lookUp(clientOrderId);
  }

  requestSnapshot(request: SnapshotRequest): void {
    this.life.passing('before snapshot');
    if (this.isDown('broker') || this.faults.strikes('snapshotFails')) {
      const answer = {
        kind: 'snapshotFailed',
        requestId: request.requestId,
        fault: UNAVAILABLE,
        at: this.exchange.now(),
      } as const;
      this.later(() => {
        for (const listener of this.snapshotListeners) listener(answer);
      });
      return;
    }
    if (this.faults.strikes('accountLags')) this.aged.add(request.requestId);
    this.inner.requestSnapshot(request);
  }

  /** The account as it was: what the ledger booked in the last seconds is not in it yet. */
  private secondsAgo(answer: SnapshotAnswer): SnapshotAnswer {
    if (answer.kind !== 'snapshot') return answer;
    const since = this.exchange.now() - 8_000;
    const late = this.exchange.desk.ledger().filter((entry) => entry.at > since && entry.kind !== 'deposit');
    const { snapshot } = answer;
    const quantities = new Map(snapshot.positions.map((position) => [position.symbol, position.quantity]));
    for (const { symbol, quantity } of late)
      if (symbol !== null) quantities.set(symbol, (quantities.get(symbol) ?? 0) - quantity);
    const cash = late.reduce<number>((sum, entry) => sum - entry.cash, snapshot.account.cash);
    const activities = snapshot.activities.filter(({ at }) => at <= since);
    const positions = [...quantities].flatMap(([symbol, quantity]) => {
      if (quantity === 0) return [];
      const known = snapshot.positions.find((position) => position.symbol === symbol);
      const underlying = known?.underlying ?? parseOccSymbol(symbol)?.root ?? symbol;
      return [
        {
          symbol,
          quantity,
          underlying,
          assetClass: parseOccSymbol(symbol) ? ('option' as const) : ('stock' as const),
          averagePrice: known?.averagePrice ?? 1,
          marketValue: null,
        },
      ];
    });
    return {
      ...answer,
      snapshot: {
        ...snapshot,
        positions,
        account: { ...snapshot.account, cash: cents(cash) },
        activities,
      },
    };
  }

  exercise(symbol: string, action: 'exercise' | 'doNotExercise'): void {
    this.life.passing('before exercise');
    if (this.life.alive) this.inner.exercise(symbol, action);
    this.life.passing('after exercise');
  }

  onReport(listener: (report: BrokerReport) => void): Unsubscribe {
    this.reportListeners.add(listener);
    return () => this.reportListeners.delete(listener);
  }

  onSnapshot(listener: (answer: SnapshotAnswer) => void): Unsubscribe {
    this.snapshotListeners.add(listener);
    return () => this.snapshotListeners.delete(listener);
  }

  onConnection(listener: (change: ConnectionChange) => void): Unsubscribe {
    this.connectionListeners.add(listener);
    return () => this.connectionListeners.delete(listener);
  }

  start(): Promise<void> {
    return this.inner.start();
  }

  stop(): Promise<void> {
    return this.inner.stop();
  }

  /** The process is gone: its socket hears nothing more. */
  hangUp(): void {
    this.reportListeners.clear();
    this.snapshotListeners.clear();
    this.connectionListeners.clear();
    void this.inner.stop();
  }

  /** At each step of the harness: a line may go down, or come back. */
  weather(): void {
    const now = this.exchange.now();
    for (const [channel, kind] of [
      ['updates', 'updatesDisconnected'],
      ['broker', 'brokerDisconnected'],
    ] as const) {
      const until = this.downUntil.get(channel);
      if (until !== undefined && now >= until) {
        this.downUntil.delete(channel);
        this.say(channel, 'connected');
      } else if (until === undefined && this.faults.strikes(kind)) {
        this.downUntil.set(channel, plusMs(now, 10_000 + this.faults.random.below(600_000)));
        this.say(channel, 'disconnected');
      }
    }
  }

  /** Every line is up again. */
  clearUp(): void {
    for (const channel of this.downUntil.keys()) this.say(channel, 'connected');
    this.downUntil.clear();
  }

  /** What was slow on its way reaches the broker now. */
  private arrive(): void {
    const now = this.exchange.now();
    for (const request of [...this.faults.underWay]) {
      if (request.due > now) continue;
      this.faults.underWay.splice(this.faults.underWay.indexOf(request), 1);
      this.inner.send(request.order);
    }
  }

  private isDown(channel: 'updates' | 'broker'): boolean {
    return this.downUntil.has(channel);
  }

  private say(channel: 'updates' | 'broker', state: ConnectionChange['state']): void {
    const change: ConnectionChange = { channel, state, detail: 'battery', at: this.exchange.now() };
    this.later(() => {
      for (const listener of this.connectionListeners) listener(change);
    });
  }

  private later(act: () => void): void {
    this.queue.push(act);
  }

  private report(report: BrokerReport): void {
    for (const listener of this.reportListeners) listener(report);
  }
}
