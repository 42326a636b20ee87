import { type Instant, invariant } from '#domain/units';
import type { Broker, BrokerReport, Fault, IdentifiedOrder, OrderRequest } from '#ports/broker';
import { attemptKey, noteWireId } from '#ports/clientOrderId';
import type { CommandOutcome, IssuedCommand } from '#ports/commands';
import type { EngineEvent, Outcome, WakeReason } from '#ports/engine';
import type { JournalFact } from '#ports/facts';
import type { JournalWriter } from '#ports/journal';
import { type Latch, type LatchRecord, STRENGTH } from '#ports/latch';
import type { MarketData } from '#ports/marketData';
import { createAgenda } from './agenda.ts';

/** The part of the engine that the runtime drives. */
export interface Processor {
  process(event: EngineEvent): readonly Outcome[];
}

export interface RuntimeParts {
  readonly engine: Processor;
  readonly broker: Broker;
  readonly feed: MarketData;
  readonly journal: JournalWriter;
  readonly latch: Latch;
  /**
   * Wire identity of every attempt in the journal, so that a cancel or look-up after a restart finds it; each new intent is added
   * here, where the engine reads it.
   */
  readonly wireIds: Map<string, string>;
  now(): Instant;
  onNotification(notification: Extract<Outcome, { kind: 'notify' }>['notification'], at: Instant): void;
  /** Every batch of facts after it was journalled; the host refreshes its views from here. */
  onJournalled(facts: readonly JournalFact[], at: Instant): void;
  /** A new earliest wake-up was asked for (a live driver arms its timer from here). */
  onAgendaChanged(): void;
  /** The engine threw, or the journal failed under it. Positions are kept, nothing more is sent, the owner is told. */
  onCrash(error: unknown): void;
  /** Whatever must know of an order before the wire does (the watchdog's list of entries). An entry that it throws over is not sent. */
  beforeSend?(order: IdentifiedOrder): void;
  /** Every event before the engine has it. What it throws is nobody's harm: a session is traded whether it is recorded or not. */
  onEvent?(event: EngineEvent): void;
}

/**
 * Joins one engine to one broker, one feed and one journal. It owns the ordered queue, and it keeps the two promises that
 * matter most: facts are durable before any act that follows from them, and the latch is read at the last line before the wire, once more when an order waited there.
 */
export function createRuntime(parts: RuntimeParts) {
  const agenda = createAgenda();
  const queue: EngineEvent[] = [];
  const { wireIds } = parts;
  const brokerOrderIds = new Map<string, string>();
  /** Opening orders that may rest at the broker: taken back when the engine stops itself. */
  const liveEntries = new Set<string>();
  const waitingCommands = new Map<string, (outcome: CommandOutcome) => void>();
  /** What this batch of outcomes wrote into the latch: to the engine, which decided the whole batch before, it counts as seen. */
  let written: LatchRecord | null = null;
  let draining = false;
  let halted = false;
  let deaf = false;

  const unsubscribe = [
    parts.broker.onReport((report) => {
      if ('brokerOrderId' in report && report.brokerOrderId !== null && 'clientOrderId' in report) {
        brokerOrderIds.set(report.clientOrderId, report.brokerOrderId);
      }
      if (isOver(report)) liveEntries.delete(report.clientOrderId);
      post({ kind: 'brokerReported', at: parts.now(), report });
    }),
    parts.broker.onSnapshot((answer) => post({ kind: 'snapshotAnswered', at: parts.now(), answer })),
    parts.broker.onConnection((change) => post({ kind: 'connectionChanged', at: parts.now(), change })),
    parts.feed.onChains((answer) => post({ kind: 'chainsArrived', at: parts.now(), answer })),
    parts.feed.onHistory((answer) => post({ kind: 'historyArrived', at: parts.now(), answer })),
    parts.feed.onQuotes((quotes) => post({ kind: 'quotesArrived', at: parts.now(), quotes })),
    parts.feed.onHalts((halts) => post({ kind: 'haltsTold', at: parts.now(), halts })),
    parts.feed.onConnection((change) => post({ kind: 'connectionChanged', at: parts.now(), change })),
  ];

  function post(event: EngineEvent): void {
    queue.push(event);
    if (!draining) drain();
  }

  function drain(): void {
    draining = true;
    try {
      for (let event = queue.shift(); event; event = queue.shift()) handle(event);
    } finally {
      draining = false;
    }
  }

  function handle(event: EngineEvent): void {
    if (halted) return;
    // A clock set back leaves every wake-up that far in the future: nothing held would be looked at until then.
    if (event.kind === 'clockJumped' && event.at < event.from) agenda.shift(event.at - event.from);
    written = null;
    let step: 'engine.process' | 'journal.append' | 'perform' = 'engine.process';
    try {
      hear(event);
      const outcomes = parts.engine.process(event);
      step = 'journal.append';
      // A journal that cannot be written stops everything here: no act may follow from a fact that was not kept.
      journalFacts(outcomes, event.at);
      step = 'perform';
      for (const outcome of outcomes) perform(outcome, event.at);
    } catch (error) {
      stopByCrash(error, event.at, `${step}(${event.kind})`, step === 'journal.append' ? 'journalWrite' : 'invariant');
    }
  }

  function hear(event: EngineEvent): void {
    if (!parts.onEvent || deaf) return;
    try {
      parts.onEvent(event);
    } catch {
      // A tape with a hole proves nothing: it ends here.
      deaf = true;
    }
  }

  /** One batch of outcomes is one transaction; it is synced when an act follows from it. */
  function journalFacts(outcomes: readonly Outcome[], at: Instant): void {
    const facts: { at: Instant; fact: JournalFact }[] = [];
    let mustBeDurable = false;
    for (const outcome of outcomes) {
      if (outcome.kind === 'journal') facts.push({ at, fact: outcome.fact });
      else if (
        outcome.kind === 'submitOrder' ||
        outcome.kind === 'cancelOrder' ||
        outcome.kind === 'cancelAtBroker' ||
        outcome.kind === 'exercise' ||
        outcome.kind === 'answerCommand' ||
        outcome.kind === 'moveLatch'
      )
        mustBeDurable = true;
    }
    if (facts.length === 0) return;
    const rows = parts.journal.append(facts, { durable: mustBeDurable || facts.some(({ fact }) => matters(fact)) });
    for (const row of rows) noteWireId(wireIds, parts.journal.journalId, row);
    parts.onJournalled(
      rows.map((row) => row.fact),
      at,
    );
  }

  function perform(outcome: Outcome, at: Instant): void {
    switch (outcome.kind) {
      case 'journal':
        return;
      case 'submitOrder':
        submit(outcome.request, at);
        return;
      case 'cancelOrder': {
        const clientOrderId = idOf(outcome.intentId, outcome.attempt);
        parts.broker.cancel(clientOrderId, brokerOrderIds.get(clientOrderId) ?? null);
        return;
      }
      case 'cancelAtBroker':
        parts.broker.cancel(outcome.clientOrderId, outcome.brokerOrderId);
        return;
      case 'lookUpOrder':
        parts.broker.lookUp(idOf(outcome.intentId, outcome.attempt));
        return;
      case 'requestSnapshot':
        parts.broker.requestSnapshot(outcome.request);
        return;
      case 'requestChains':
        parts.feed.requestChains(outcome.request);
        return;
      case 'requestHistory':
        parts.feed.requestHistory({ requestId: outcome.requestId, underlyings: outcome.underlyings, days: outcome.days });
        return;
      case 'watch':
        parts.feed.watch(outcome.symbols);
        return;
      case 'requestQuotes':
        parts.feed.requestQuotes(outcome.symbols);
        return;
      case 'exercise':
        parts.broker.exercise(outcome.symbol, outcome.action);
        return;
      case 'wakeAt':
        agenda.add(outcome.at, outcome.reason);
        parts.onAgendaChanged();
        return;
      case 'moveLatch':
        moveLatch(outcome.seen, outcome.record, at);
        return;
      case 'answerCommand': {
        waitingCommands.get(outcome.commandId)?.(outcome.outcome);
        waitingCommands.delete(outcome.commandId);
        return;
      }
      case 'notify':
        parts.onNotification(outcome.notification, at);
        return;
    }
  }

  /** What another hand threw since the engine looked is not made milder: the engine takes it up instead. */
  function moveLatch(seen: LatchRecord, record: LatchRecord, at: Instant): void {
    const over = written !== null && STRENGTH[record.state] >= STRENGTH[written.state] ? written : seen;
    if (parts.latch.replace(over, record)) written = record;
    else queue.push({ kind: 'latchMoved', at });
  }

  /** The last line before the wire: whatever was decided above, the latch has the last word. */
  function submit(request: OrderRequest, at: Instant): void {
    const clientOrderId = idOf(request.intentId, request.attempt);
    const notSent = (fault: Fault): void => {
      const report = { kind: 'submissionFailed', clientOrderId, certainty: 'notSent', fault, at } as const;
      queue.push({ kind: 'brokerReported', at, report });
    };
    const held = heldByLatch(request);
    if (held) return notSent(held);
    const order: IdentifiedOrder = { ...request, clientOrderId };
    try {
      parts.beforeSend?.(order);
    } catch (error) {
      // An exit only ever lowers risk: it goes out whoever could not note it.
      const message = `The entry could not be noted (${textOf(error)}); the order was not sent.`;
      if (order.purpose === 'open') return notSent({ code: 'notNoted', message, retryable: false });
    }
    if (order.purpose === 'open') liveEntries.add(clientOrderId);
    parts.broker.send(order, () => heldByLatch(request));
  }

  /** Why the kill switch holds this order back, or null. */
  function heldByLatch({ purpose }: OrderRequest): Fault | null {
    const { state } = parts.latch.read();
    if (state === 'ACTIVE' || (purpose === 'close' && state !== 'HALTED')) return null;
    return { code: 'killSwitch', message: `The kill switch is ${state}; the order was not sent.`, retryable: false };
  }

  function idOf(intentId: string, attempt: number): string {
    const id = wireIds.get(attemptKey(intentId, attempt));
    invariant(id, `no journalled intent ${intentId}, attempt ${attempt}: nothing may be sent for it`);
    return id;
  }

  /**
   * The end of this run of the engine, whatever broke: itself, the journal, or an adapter in its hand. The latch first, since it
   * holds without the journal; then what rests at the broker; then the journal, which may be what failed; then the owner. Never throws.
   */
  function stopByCrash(error: unknown, at: Instant, where: string, code: 'journalWrite' | 'invariant'): void {
    halted = true;
    const detail = textOf(error);
    const from = parts.latch.read().state;
    const tell = (failure: unknown): void => {
      try {
        parts.onCrash(failure);
      } catch {
        // Nobody is left to be told, and what is still to be done does not wait for it.
      }
    };
    const attempt = (step: () => void): void => {
      // The steps do not depend on each other: one that fails must not keep the next from being taken, and the owner hears of it.
      try {
        step();
      } catch (failure) {
        tell(failure);
      }
    };
    attempt(() => parts.latch.write({ state: 'HALTED', reason: `Engine stopped: ${detail}`, by: 'engine', at }));
    // Whatever may still open a position is taken back; exits are left to work.
    for (const clientOrderId of liveEntries)
      attempt(() => parts.broker.cancel(clientOrderId, brokerOrderIds.get(clientOrderId) ?? null));
    const facts: JournalFact[] = [
      {
        kind: 'FaultRecorded',
        where,
        severity: 'critical',
        fault: { code, message: detail, retryable: false },
      },
      { kind: 'KillStateChanged', from, to: 'HALTED', reason: `Engine stopped: ${detail}`, by: 'engine' },
    ];
    attempt(() => {
      parts.journal.append(
        facts.map((fact) => ({ at, fact })),
        { durable: true },
      );
      parts.onJournalled(facts, at);
    });
    tell(error);
  }

  return {
    post,
    /** Instant of the earliest wake-up, or null. */
    nextWakeAt: (): Instant | null => agenda.nextAt(),
    /** Fires every wake-up due at `now`, one event each, in order. */
    fireDue(now: Instant): void {
      for (let due = agenda.takeDue(now); due; due = agenda.takeDue(now)) post({ kind: 'timerFired', at: now, reason: due });
    },
    /** Issues a command and answers with what became of it. */
    command(issued: IssuedCommand): Promise<CommandOutcome> {
      return new Promise((resolve) => {
        waitingCommands.set(issued.commandId, resolve);
        post({ kind: 'commandIssued', at: parts.now(), issued });
        if (halted)
          resolve({ kind: 'refused', reasons: [], message: 'The engine has stopped; restart Strikedesk. Nothing was sent.' });
      });
    },
    isHalted: (): boolean => halted,
    /** Something that the engine rests on failed outside of it: it ends as by a failure of its own. */
    stopBy(where: string, error: unknown): void {
      if (!halted) stopByCrash(error, parts.now(), where, 'journalWrite');
    },
    stop(): void {
      for (const forget of unsubscribe) forget();
    },
  };
}

export type Runtime = ReturnType<typeof createRuntime>;

/** Nothing of this order can rest at the broker any more. */
function isOver(report: BrokerReport): report is Extract<BrokerReport, { clientOrderId: string }> {
  switch (report.kind) {
    case 'orderCancelled':
    case 'orderExpired':
    case 'orderRejected':
      return true;
    case 'orderFilled':
      return report.complete;
    case 'submissionFailed':
      return report.certainty === 'notSent';
    default:
      return false;
  }
}

/** Facts that may wait for the next durable commit: the record of looking, not of acting. */
function matters(fact: JournalFact): boolean {
  switch (fact.kind) {
    case 'ScanCompleted':
    case 'ProposalDecided':
    case 'RefusalsRepeated':
    case 'CounterfactualMarked':
    case 'PositionMarked':
    case 'DailyVolatilityRecorded':
      return false;
    case 'Reconciled':
      // A look that found nothing is a record of looking; one that found a difference is acted upon.
      return fact.differences.length > 0;
    default:
      return true;
  }
}

export type { WakeReason };

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
