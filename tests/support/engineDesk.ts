import { contentDigest } from '#app/contentDigest';
import { atNewYork, civilDate } from '#domain/market/calendar';
import { type ChainSnapshot, midOf, type Quote } from '#domain/market/chain';
import { DEFAULT_FEES, optionFees, stockFees } from '#domain/portfolio/fees';
import { cashOf, cents, type Instant, instant, isoDate, plusMs } from '#domain/units';
import { createEngine, type Engine } from '#engine/engine';
import { createAgenda } from '#modes/agenda';
import type {
  BrokerActivity,
  BrokerOrder,
  BrokerReport,
  ConnectionChange,
  LegFill,
  OrderRequest,
  SnapshotRequest,
} from '#ports/broker';
import { attemptKey, composeClientOrderId } from '#ports/clientOrderId';
import type { Actor, CommandOutcome, OperatorCommand } from '#ports/commands';
import type { EngineEvent, Outcome } from '#ports/engine';
import type { JournalFact } from '#ports/facts';
import { type Latch, type LatchRecord, mayReplace } from '#ports/latch';
import type { DailyBar, UnderlyingHistory } from '#ports/marketData';
import { engineSettings } from '#ports/settings/settings';
import type { CatalogEntry } from '#ports/strategy';

export const TODAY = isoDate('2026-03-10');
const JOURNAL = 'test0001';

/** How the scripted broker answers a submission. */
type Submission = 'works' | 'silent' | 'timesOutAfterAcceptance' | 'timesOutBeforeAcceptance' | 'rejects';

interface Resting {
  readonly id: string;
  readonly request: OrderRequest;
  filled: number;
  value: number;
  readonly executed: LegFill[];
  status: BrokerOrder['status'];
}

export interface DeskOptions {
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly catalog?: readonly CatalogEntry[];
  readonly at?: Instant;
  readonly mode?: 'live' | 'paper';
  /** Legs that the broker takes in one order. */
  readonly maxLegs?: number;
}

/**
 * The engine at a desk where everything is scripted: the clock moves when told, quotes are what the story says, the broker
 * answers as it was told to. Facts are kept before acts are performed, as the runtime does it.
 */
export class EngineDesk {
  now: Instant;
  /** What the next start is built from. */
  program = 'test';
  account = 'PA1';
  mode: 'live' | 'paper';
  /** Since when each look at the account asked for activities. */
  readonly askedAfter: (Instant | null)[] = [];
  /** How far back each look asked for closed orders. */
  readonly askedSince: Instant[] = [];
  engine: Engine;
  readonly facts: { readonly at: Instant; readonly fact: JournalFact }[] = [];
  readonly orders = new Map<string, Resting>();
  readonly holdings = new Map<string, number>();
  readonly quotes = new Map<string, Quote>();
  readonly notes: string[] = [];
  readonly chainRequests: string[] = [];
  /** What the stream was last asked to follow. */
  watched: readonly string[] = [];
  readonly activities: BrokerActivity[] = [];
  /** Orders of other hands that rest at the broker. */
  readonly openElsewhere: BrokerOrder[] = [];
  submission: Submission = 'works';
  cancels: 'confirmed' | 'lost' | 'refused' = 'confirmed';
  snapshots: 'answered' | 'failing' | 'held' = 'answered';
  /** Looks at the account that are on the way, oldest first. */
  readonly heldLooks: SnapshotRequest[] = [];
  quoting = true;
  /** Symbols whose history does not come. */
  historyFails: readonly string[] = [];
  /** The days of their next reports. */
  earnings: UnderlyingHistory['earnings'] = [];
  historyRequests: (readonly string[])[] = [];
  /** Daily bars of every history. */
  bars: readonly DailyBar[] = [];
  /** Channels that say at a start that they are connected. */
  connected: readonly ConnectionChange['channel'][] = ['broker', 'updates', 'data'];
  /** The chain that answers a scan; without one it is not answered. */
  chain: ((at: Instant) => ChainSnapshot) | null = null;
  equity = 10_000_000;
  /** The broker's word on the equity of the last close; null when it gives none. */
  lastEquity: number | null = null;
  /** What the account holds in cash: fills and fees move it as they happen. */
  cash = 10_000_000;
  latchRecord: LatchRecord = { state: 'ACTIVE', reason: '', by: '', at: instant(0) };
  private readonly latch: Latch = {
    read: () => this.latchRecord,
    write: (record) => {
      this.latchRecord = record;
    },
    replace: (seen, next) => {
      if (!mayReplace(this.latchRecord, seen, next)) return false;
      this.latchRecord = next;
      return true;
    },
  };
  private readonly ids = new Map<string, string>();
  private agenda = createAgenda();
  private readonly queue: EngineEvent[] = [];
  private busy = false;
  /** Each copy of the journal goes on with rows of its own. */
  private copiesPutBack = 0;
  private executions = 0;
  private commands = 0;
  private answers = new Map<string, CommandOutcome>();
  private readonly options: DeskOptions;

  constructor(options: DeskOptions = {}) {
    this.options = options;
    this.mode = options.mode ?? 'paper';
    this.now = options.at ?? atNewYork(TODAY, '11:00');
    this.engine = this.build();
  }

  private build(): Engine {
    return createEngine({
      settings: engineSettings.parse({ universe: ['XYZ'], ...this.options.settings }),
      catalog: this.options.catalog ?? [],
      latch: this.latch,
      capabilities: {
        id: 'scripted',
        maxLegs: this.options.maxLegs ?? 4,
        canReplaceCombination: false,
        canCombineStockAndOptions: false,
        requiresCoverInsideOrder: true,
        cancelsOnDisconnect: false,
        timeInForce: ['day'],
        reportsAssignmentSameDay: false,
      },
      feedCapabilities: { id: 'scripted', quality: 'simulated', maxWatchedOptions: 100 },
      mode: this.mode,
      account: this.account,
      journalId: JOURNAL,
      wireIds: this.ids,
      build: this.program,
      configHash: 'test',
      schemaVersion: 1,
      feeSchedule: DEFAULT_FEES,
      earlierFacts: this.facts,
      sectorOf: () => 'Technology',
      digest: contentDigest,
    });
  }

  /** First start, or the program again after it was killed: timers and everything in memory are gone. */
  start(): this {
    this.queue.length = 0;
    this.agenda = createAgenda();
    this.engine = this.build();
    this.post({ kind: 'started', at: this.now });
    for (const channel of this.connected)
      this.post({
        kind: 'connectionChanged',
        at: this.now,
        change: { channel, state: 'connected', detail: 'scripted', at: this.now },
      });
    this.tick();
    return this;
  }

  /** An engine folded from the journal so far, not started: what a restart would know. */
  folded(): Engine {
    return this.build();
  }

  post(event: EngineEvent): void {
    this.queue.push(event);
    if (this.busy) return;
    this.busy = true;
    try {
      for (let next = this.queue.shift(); next; next = this.queue.shift()) this.handle(next);
    } finally {
      this.busy = false;
    }
  }

  private handle(event: EngineEvent): void {
    if (event.kind === 'clockJumped' && event.at < event.from) this.agenda.shift(event.at - event.from);
    const outcomes = this.engine.process(event);
    for (const outcome of outcomes) if (outcome.kind === 'journal') this.keep(outcome.fact, event.at);
    for (const outcome of outcomes) this.perform(outcome);
  }

  private keep(fact: JournalFact, at: Instant): void {
    this.facts.push({ at, fact });
    if (fact.kind !== 'OrderIntended') return;
    const { intentId, attempt } = fact.request;
    const hash = this.facts.length.toString(16).padStart(12, this.copiesPutBack.toString(16));
    this.ids.set(`${intentId}-${attempt}`, composeClientOrderId(JOURNAL, intentId, attempt, hash));
  }

  /** The program stops and an older copy of the journal is put back in place of this one; the broker keeps what it knows. */
  putBack(older: readonly { readonly at: Instant; readonly fact: JournalFact }[]): this {
    this.copiesPutBack += 1;
    const held = new Set(
      older.flatMap(({ fact }) =>
        fact.kind === 'OrderIntended' ? [attemptKey(fact.request.intentId, fact.request.attempt)] : [],
      ),
    );
    for (const key of this.ids.keys()) if (!held.has(key)) this.ids.delete(key);
    this.facts.splice(0, this.facts.length, ...older);
    this.agenda = createAgenda();
    this.engine = this.build();
    return this;
  }

  /** The journal of another program, with what it left at the broker: the orders still resting there. */
  inherits(facts: readonly { readonly at: Instant; readonly fact: JournalFact }[], resting: readonly string[]): this {
    for (const { at, fact } of facts) {
      this.keep(fact, at);
      if (fact.kind !== 'OrderIntended') continue;
      const id = this.idOf(fact.request.intentId, fact.request.attempt);
      if (resting.includes(id))
        this.orders.set(id, { id, request: fact.request, filled: 0, value: 0, executed: [], status: 'working' });
    }
    return this;
  }

  idOf(intentId: string, attempt: number): string {
    const id = this.ids.get(`${intentId}-${attempt}`);
    if (!id) throw new Error(`${intentId}-${attempt} went to the wire without a row in the journal`);
    return id;
  }

  private perform(outcome: Outcome): void {
    switch (outcome.kind) {
      case 'submitOrder':
        return this.submit(outcome.request);
      case 'cancelOrder':
        return this.cancel(this.idOf(outcome.intentId, outcome.attempt));
      case 'cancelAtBroker':
        return this.cancel(outcome.clientOrderId);
      case 'lookUpOrder': {
        const clientOrderId = this.idOf(outcome.intentId, outcome.attempt);
        return this.report({ kind: 'orderLookedUp', clientOrderId, order: this.orderOf(clientOrderId), at: this.now });
      }
      case 'requestSnapshot':
        this.askedAfter.push(outcome.request.activitiesSince);
        this.askedSince.push(outcome.request.closedSince);
        return this.answerSnapshot(outcome.request);
      case 'requestQuotes':
        if (this.quoting) this.tick();
        return;
      case 'requestHistory':
        return this.answerHistory(outcome.requestId, outcome.underlyings);
      case 'requestChains':
        this.chainRequests.push(outcome.request.requestId);
        if (this.chain) {
          const answer = { requestId: outcome.request.requestId, at: this.now, chains: [this.chain(this.now)], missing: [] };
          this.post({ kind: 'chainsArrived', at: this.now, answer });
        }
        return;
      case 'watch':
        this.watched = outcome.symbols;
        return;
      case 'wakeAt':
        this.agenda.add(outcome.at, outcome.reason);
        return;
      case 'moveLatch':
        if (!this.latch.replace(outcome.seen, outcome.record)) this.post({ kind: 'latchMoved', at: this.now });
        return;
      case 'answerCommand':
        this.answers.set(outcome.commandId, outcome.outcome);
        return;
      case 'notify':
        this.notes.push(outcome.notification.title);
        return;
      default:
        return;
    }
  }

  private answerHistory(requestId: string, underlyings: readonly string[]): void {
    this.historyRequests.push(underlyings);
    const histories = underlyings
      .filter((underlying) => !this.historyFails.includes(underlying))
      .map((underlying) => ({
        underlying,
        bars: this.bars,
        dividends: [],
        earnings: this.earnings.filter((report) => report.underlying === underlying),
      }));
    const fault = { code: 'network', message: 'timed out', retryable: true };
    const missing = underlyings
      .filter((underlying) => this.historyFails.includes(underlying))
      .map((underlying) => ({ underlying, fault }));
    this.post({ kind: 'historyArrived', at: this.now, answer: { requestId, at: this.now, histories, missing } });
  }

  private submit(request: OrderRequest): void {
    const id = this.idOf(request.intentId, request.attempt);
    const passes = this.latchRecord.state === 'ACTIVE' || (request.purpose === 'close' && this.latchRecord.state !== 'HALTED');
    if (!passes) throw new Error(`${id} reached the last line before the wire in ${this.latchRecord.state}`);
    const fault = { code: 'timeout', message: 'no answer', retryable: true };
    if (this.submission === 'rejects')
      return this.report({
        kind: 'orderRejected',
        clientOrderId: id,
        brokerOrderId: null,
        code: '403',
        message: 'no',
        at: this.now,
      });
    if (this.submission !== 'timesOutBeforeAcceptance')
      this.orders.set(id, { id, request, filled: 0, value: 0, executed: [], status: 'working' });
    if (this.submission === 'works')
      return this.report({ kind: 'orderWorking', clientOrderId: id, brokerOrderId: `b:${id}`, at: this.now });
    if (this.submission !== 'silent')
      this.report({ kind: 'submissionFailed', clientOrderId: id, certainty: 'inDoubt', fault, at: this.now });
  }

  private cancel(id: string): void {
    const theirs = this.openElsewhere.findIndex(({ clientOrderId }) => clientOrderId === id);
    if (theirs >= 0) return this.cancelElsewhere(theirs);
    const order = this.orders.get(id);
    if (this.cancels === 'refused') {
      const fault = { code: '422', message: 'not now', retryable: true };
      return this.report({ kind: 'cancelRefused', clientOrderId: id, brokerOrderId: `b:${id}`, fault, at: this.now });
    }
    if (this.cancels === 'lost' || order?.status !== 'working') return;
    order.status = 'cancelled';
    this.report({
      kind: 'orderCancelled',
      clientOrderId: id,
      brokerOrderId: `b:${id}`,
      filledContracts: order.filled,
      at: this.now,
    });
  }

  private cancelElsewhere(index: number): void {
    if (this.cancels !== 'confirmed') return;
    for (const order of this.openElsewhere.splice(index, 1))
      this.report({ kind: 'externalOrderSeen', order: { ...order, status: 'cancelled' }, at: this.now });
  }

  report(report: BrokerReport): void {
    this.post({ kind: 'brokerReported', at: this.now, report });
  }

  /** Orders that rest at the broker now. */
  resting(): Resting[] {
    return [...this.orders.values()].filter((order) => order.status === 'working');
  }

  /** The only order at the broker; fails when there is another number of them. */
  only(): Resting {
    const [order, ...others] = this.resting();
    if (!order || others.length > 0) throw new Error(`${this.resting().length} orders rest at the broker`);
    return order;
  }

  /** Fills at a net price per unit; the report may be kept back and delivered (again) by the story. */
  fill(order: Resting, units = order.request.contracts - order.filled, netPrice = order.request.netLimit): BrokerReport {
    order.filled += units;
    order.value += units * netPrice;
    if (order.filled >= order.request.contracts) order.status = 'filled';
    const legs = this.legFills(order.request, units, netPrice);
    const before = this.feesOf(order.executed);
    order.executed.push(...legs);
    this.cash -= this.feesOf(order.executed) - before;
    for (const leg of legs) this.trades(leg);
    this.executions += 1;
    return {
      kind: 'orderFilled',
      clientOrderId: order.id,
      brokerOrderId: `b:${order.id}`,
      executionId: `e${this.executions}`,
      contracts: units,
      cumulativeContracts: order.filled,
      netPrice,
      legs,
      complete: order.status === 'filled',
      at: this.now,
    };
  }

  /** An execution in the account, whoever ordered it: contracts, cash, and the activity that tells of it. */
  trades({ symbol, contracts, price }: LegFill): void {
    const netCash = cents(-cashOf(price, symbol === 'XYZ' ? 1 : 100, contracts));
    this.hold(symbol, contracts);
    this.cash += netCash;
    this.tells({ kind: 'fill', code: 'FILL', symbol, quantity: contracts, price, netCash });
  }

  /** Something that the broker reports of the account. */
  tells(activity: Pick<BrokerActivity, 'kind' | 'code'> & Partial<BrokerActivity>): void {
    this.activities.push({
      activityId: `a${String(this.activities.length + 1).padStart(6, '0')}`,
      symbol: null,
      quantity: 0,
      price: null,
      netCash: cents(0),
      groupId: null,
      date: civilDate(this.now),
      at: this.now,
      ...activity,
    });
  }

  private feesOf(legs: readonly LegFill[]): number {
    if (legs.length === 0) return 0;
    const isStock = legs.some(({ symbol }) => symbol === 'XYZ');
    return isStock
      ? stockFees(
          DEFAULT_FEES,
          legs.map(({ contracts, price }) => ({ shares: contracts, price })),
        )
      : optionFees(
          DEFAULT_FEES,
          legs.map(({ contracts, price }) => ({ contracts, price, multiplier: 100 })),
        );
  }

  /** Fills and delivers. */
  fills(order = this.only(), units?: number, netPrice?: number): void {
    this.report(this.fill(order, units, netPrice));
  }

  /** Every leg at its mid, the first one takes what is left of the net price. */
  private legFills(request: OrderRequest, units: number, netPrice: number): LegFill[] {
    let rest = netPrice;
    const legs = request.legs.map((leg) => {
      const quote = this.quotes.get(leg.symbol);
      return { ...leg, sign: leg.side === 'buy' ? 1 : -1, price: quote ? midOf(quote) : 0 };
    });
    for (const leg of legs.slice(1)) rest += leg.sign * leg.ratio * leg.price;
    return legs.map((leg, index) => ({
      symbol: leg.symbol,
      contracts: leg.sign * leg.ratio * units,
      price: Math.round((index === 0 ? (-leg.sign * rest) / leg.ratio : leg.price) * 1e6) / 1e6,
    }));
  }

  hold(symbol: string, change: number): void {
    const quantity = (this.holdings.get(symbol) ?? 0) + change;
    if (quantity === 0) this.holdings.delete(symbol);
    else this.holdings.set(symbol, quantity);
  }

  private orderOf(id: string): BrokerOrder | null {
    const order = this.orders.get(id);
    if (!order) return null;
    const { request } = order;
    return {
      brokerOrderId: `b:${id}`,
      clientOrderId: id,
      status: order.status,
      underlying: request.underlying,
      assetClass: request.assetClass,
      legs: request.legs,
      contracts: request.contracts,
      filledContracts: order.filled,
      filledNetPrice: order.filled === 0 ? null : order.value / order.filled,
      legFillPrices:
        order.filled === 0
          ? request.legs.map(() => null)
          : this.legFills(request, order.filled, order.value / order.filled).map((leg) => leg.price),
      netLimit: request.netLimit,
      submittedAt: this.now,
      updatedAt: this.now,
    };
  }

  /** The oldest look on the way arrives; false when none is. */
  lookArrives(): boolean {
    const look = this.heldLooks.shift();
    if (look) this.tellAccount(look);
    return look !== undefined;
  }

  private answerSnapshot(request: SnapshotRequest): void {
    if (this.snapshots === 'held') this.heldLooks.push(request);
    else this.tellAccount(request);
  }

  private tellAccount({ requestId, activitiesSince }: SnapshotRequest): void {
    if (this.snapshots === 'failing') {
      const fault = { code: 'timeout', message: 'no answer', retryable: true };
      return this.post({
        kind: 'snapshotAnswered',
        at: this.now,
        answer: { kind: 'snapshotFailed', requestId, fault, at: this.now },
      });
    }
    const all = [...this.orders.keys()].map((id) => this.orderOf(id)).filter((order) => order !== null);
    this.post({
      kind: 'snapshotAnswered',
      at: this.now,
      answer: {
        kind: 'snapshot',
        requestId,
        snapshot: {
          at: this.now,
          account: {
            accountNumber: this.account,
            cash: cents(this.cash),
            equity: cents(this.equity),
            lastEquity: this.lastEquity === null ? null : cents(this.lastEquity),
            buyingPower: cents(this.equity),
            optionsBuyingPower: cents(this.equity),
            optionsLevel: 3,
            tradingBlocked: false,
            accountBlocked: false,
            suspendedByUser: false,
            isPaper: this.mode === 'paper',
            marginDeficit: cents(0),
          },
          positions: [...this.holdings].map(([symbol, quantity]) => ({
            symbol,
            assetClass: symbol === 'XYZ' ? 'stock' : 'option',
            underlying: 'XYZ',
            quantity,
            averagePrice: 1,
            marketValue: null,
          })),
          openOrders: [...all.filter((order) => order.status === 'working'), ...this.openElsewhere],
          closedOrders: all.filter((order) => order.status !== 'working'),
          activities: this.activities.filter(({ at }) => activitiesSince === null || at >= activitiesSince),
        },
      },
    });
  }

  /** Sets a price: a two-cent market for the stock, four cents for an option unless said otherwise. */
  price(symbol: string, mid: number, width = symbol === 'XYZ' ? 0.02 : 0.04): this {
    const at = this.now;
    this.quotes.set(symbol, {
      bid: Math.round((mid - width / 2) * 1e4) / 1e4,
      ask: Math.round((mid + width / 2) * 1e4) / 1e4,
      bidSize: 10,
      askSize: 10,
      at,
    });
    return this;
  }

  /** All quotes arrive, made now. */
  tick(): void {
    const quotes = [...this.quotes].map(([symbol, quote]) => ({ symbol, quote: { ...quote, at: this.now } }));
    if (quotes.length > 0) this.post({ kind: 'quotesArrived', at: this.now, quotes });
  }

  /** Lets time pass: every wake-up at its moment, quotes each second while they are on. */
  pass(seconds: number): this {
    const until = plusMs(this.now, seconds * 1000);
    for (let at = this.agenda.nextAt(); at !== null && at <= until; at = this.agenda.nextAt()) {
      this.now = at > this.now ? at : this.now;
      const reason = this.agenda.takeDue(this.now);
      if (reason) this.post({ kind: 'timerFired', at: this.now, reason });
    }
    this.now = until;
    if (this.quoting) this.tick();
    return this;
  }

  command(
    command: OperatorCommand,
    commandId?: string,
    by: Actor = { role: 'owner', via: 'desktop', name: 'owner' },
  ): CommandOutcome {
    this.commands += 1;
    const id = commandId ?? `c${this.commands}`;
    this.post({ kind: 'commandIssued', at: this.now, issued: { commandId: id, at: this.now, by, command } });
    const outcome = this.answers.get(id);
    if (!outcome) throw new Error(`the command ${command.kind} was not answered`);
    return outcome;
  }

  /** Facts of one kind, oldest first. */
  factsOf<K extends JournalFact['kind']>(kind: K): Extract<JournalFact, { kind: K }>[] {
    const isOfKind = (fact: JournalFact): fact is Extract<JournalFact, { kind: K }> => fact.kind === kind;
    return this.facts.map(({ fact }) => fact).filter(isOfKind);
  }

  /** What the engine believes to hold, by symbol. */
  book(): Record<string, number> {
    const book: Record<string, number> = {};
    for (const { position } of this.engine.view().positions)
      for (const leg of position.legs) book[leg.symbol] = (book[leg.symbol] ?? 0) + leg.quantity;
    return book;
  }
}
