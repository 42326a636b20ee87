import { sessionAt } from '#domain/market/calendar';
import { type Instant, instant } from '#domain/units';
import type { EngineEvent, Outcome, WakeReason } from '#ports/engine';
import type { JournalFact } from '#ports/facts';
import { planDay, planManaging, planSweep } from './agenda.ts';
import { armingAfterSetBack, armingEnds, wakeAtEnd } from './arming/arming.ts';
import { recordFault } from './breakers/breakers.ts';
import { checkFeed } from './breakers/fills.ts';
import { takeHalts } from './breakers/halts.ts';
import { checkMarks } from './breakers/losses.ts';
import { takeObservation } from './breakers/machine.ts';
import { alertDue, wakeForAlert } from './breakers/protect.ts';
import { checkRunaway } from './breakers/runaway.ts';
import { takeCommand } from './commands/commands.ts';
import { configureStrategies, expireApprovals, scanDue, takeChains } from './entries/scanTurn.ts';
import { lookUpDue, takeReport } from './execution/intake.ts';
import { afterEntryEnded, continueStages } from './execution/stages.ts';
import { continueWorks, dropWaiting, pauseOver, rungOver } from './execution/work.ts';
import { continueFlattening, noteDeath, noteLatch, takeUpLatch, verifyDue } from './kill-switch/killSwitch.ts';
import { standDown } from './kill-switch/standDown.ts';
import { createCounterfactuals } from './ledger/counterfactual.ts';
import { type ContractExplanation, explainContract } from './ledger/explain.ts';
import { createRefusalFold } from './ledger/fold.ts';
import { askManaging } from './positions/askManaging.ts';
import { tellUnattended, unattendedBefore, unattendedMs } from './positions/danger.ts';
import { manageAll } from './positions/manage.ts';
import { tellOrphans } from './positions/tellOrphans.ts';
import { tellSetAside } from './positions/tellSetAside.ts';
import { AFTER_FILL, askSnapshot, HEALED } from './reconcile/askSnapshot.ts';
import { takeClosingVolatility } from './reconcile/closingVolatility.ts';
import { closeDay, isLeftOpen } from './reconcile/day.ts';
import { takeAudit } from './reconcile/dayAudit.ts';
import { askHistory, askMissingHistory, askNewHistory, takeHistory } from './reconcile/history.ts';
import { takeSnapshot } from './reconcile/reconcile.ts';
import type { RiskBook } from './risk/book.ts';
import { createScanMemory } from './scanner/scanMemory.ts';
import { takeQuotes } from './spot.ts';
import { apply } from './state/apply.ts';
import { emptyState } from './state/engineState.ts';
import { riskBookOf } from './state/riskBook.ts';
import { type EngineParts, notify, type Present, type Turn, wakeIn } from './turn.ts';
import { type EngineView, viewOf } from './view.ts';
import { watchHeld } from './watchHeld.ts';

export type { EngineParts } from './turn.ts';

/** A clock that is behind the journal by less is a clock that is read twice. */
const SET_BACK_MS = 1_000;

export interface Engine {
  /** Handles one event; answers with facts to journal and acts to perform, in order. Never awaits. */
  process(event: EngineEvent): readonly Outcome[];
  /** What the window shows, as of the last event. */
  view(): EngineView;
  /** 'Why not?' of any contract, against the last look at the market. null before the first look. */
  explain(symbol: string): ContractExplanation | null;
  /** The book that the gate would judge by now, for previews. */
  riskBook(): RiskBook;
}

/** Builds the engine by folding the journal's earlier facts: starting and recovering are the same thing. */
export function createEngine(parts: EngineParts): Engine {
  const state = emptyState();
  const present: Present = {
    quotes: new Map(),
    shareQuotes: new Map(),
    histories: new Map(),
    connections: new Map(),
    marks: new Map(),
    unmarkedSince: new Map(),
    specs: new Map(),
    exitHits: new Map(),
    nextExitTryAt: new Map(),
    exitRefusalsTold: new Map(),
    cashGap: null,
    overdueTold: new Set(),
    drift: new Map(),
    openDifferences: new Set(),
    throttledAt: [],
    ranked: new Map(),
    waitingForQuotes: new Set(),
    stagesToQuote: new Map(),
    strategies: [],
    settings: parts.settings,
    snapshot: null,
    accountAgrees: false,
    valueElsewhere: 0,
    dataAt: null,
    journalEndedAt: null,
    startedAt: instant(0),
    standingDown: null,
    thrownByDeath: null,
    awaitingFirstAgreement: true,
    ordersAtBroker: 0,
    machine: new Map(),
    reconciled: false,
    manageDue: false,
    watched: '',
    scan: null,
    snapshotAsked: null,
    fillToConfirm: false,
    externalOrders: new Map(),
    requests: 0,
    historyOn: null,
    historyAsked: new Set(),
    historyMissing: new Set(),
    historyAgainAt: null,
    nextScanAt: null,
    closingLook: null,
    refusals: createRefusalFold(),
    memory: createScanMemory(),
    counterfactuals: createCounterfactuals(parts.settings.scanner.expectedSlippageOfSpread),
  };
  let now: Instant = instant(0);
  let started = false;
  let lastFactAt: Instant | null = null;
  const lastFactIn = new Map<string, Instant>();
  /** The latest instant of the journal, which a clock that was set back since has not reached. */
  let latestAt: Instant | null = null;
  for (const { at, fact } of parts.earlierFacts) {
    const wasOpen = state.sessionOpen;
    apply(state, fact, at);
    now = at;
    lastFactAt = at;
    if (state.account !== null && (wasOpen || state.sessionOpen)) lastFactIn.set(state.account, at);
    const isSetBack = fact.kind === 'ClockJumped' && fact.to < fact.from;
    latestAt = isSetBack || latestAt === null || at > latestAt ? at : latestAt;
    if (fact.kind === 'ProposalDecided') present.counterfactuals.remember(fact.decision);
    if (fact.kind === 'CounterfactualMarked') present.counterfactuals.marked(fact);
  }

  function turnAt(at: Instant, outcomes: Outcome[]): Turn {
    return {
      now: at,
      parts,
      state,
      present,
      settings: present.settings,
      emit(fact: JournalFact): void {
        apply(state, fact, at);
        outcomes.push({ kind: 'journal', fact });
      },
      act(outcome): void {
        outcomes.push(outcome);
      },
    };
  }

  function process(event: EngineEvent): readonly Outcome[] {
    const outcomes: Outcome[] = [];
    // Time is never held up: an engine that waited for a later clock to come round would leave what is held unwatched.
    const isSetBack = event.kind === 'started' && latestAt !== null && event.at < latestAt - SET_BACK_MS;
    now = event.kind === 'clockJumped' || isSetBack ? event.at : instant(Math.max(now, event.at));
    const turn = turnAt(now, outcomes);
    if (event.kind === 'started') start(turn);
    else if (started) {
      handle(turn, event);
      if (event.kind !== 'commandIssued' && event.kind !== 'latchMoved') continueFlattening(turn);
    }
    afterEntries(turn, outcomes);
    checkRunaway(turn);
    watchHeld(turn);
    return outcomes;
  }

  function start(turn: Turn): void {
    // Another account's session was no watch over this one: its own last fact counts.
    const ownAt = state.account === parts.account ? null : (lastFactIn.get(parts.account) ?? null);
    const lastAt = ownAt ?? lastFactAt;
    started = true;
    present.startedAt = turn.now;
    present.journalEndedAt = lastAt;
    present.strategies = configureStrategies(turn, parts.catalog);
    noteDeath(turn);
    turn.emit({
      kind: 'SessionStarted',
      mode: parts.mode,
      account: parts.account,
      build: parts.build,
      configHash: parts.configHash,
      schemaVersion: parts.schemaVersion,
      startCash: null,
      detail: parts.capabilities.id,
    });
    noteLatch(turn);
    // A book that was set aside under a clock that ran ahead is still of that time, though others were put right since.
    const aheadAt = [ownAt, latestAt].find((at) => at !== null && turn.now < at - SET_BACK_MS) ?? null;
    if (aheadAt !== null) clockWasSetBack(turn, aheadAt);
    for (const alert of state.alerts.values()) wakeForAlert(turn, alert.alertId, alert.at);
    armingEnds(turn);
    wakeAtEnd(turn);
    if (lastAt !== null) tellUnattended(turn, unattendedBefore(turn, lastAt), 'no engine ran');
    tellOrphans(turn);
    tellSetAside(turn);
    askSnapshot(turn, 'start');
    askHistory(turn);
    planDay(turn);
    wakeIn(turn, turn.settings.failsafe.sweepSeconds * 1000, 'sweep');
    planManaging(turn);
  }

  return {
    process,
    view: () => viewOf(turnAt(now, [])),
    riskBook: () => riskBookOf(turnAt(now, [])),
    explain: (symbol) => (present.scan ? explainContract(symbol, present.scan.output.market, present.scan.input) : null),
  };
}

function handle(turn: Turn, event: Exclude<EngineEvent, { kind: 'started' }>): void {
  const { present } = turn;
  switch (event.kind) {
    case 'timerFired':
      return timer(turn, event.reason);
    case 'chainsArrived':
      for (const { underlying, fault } of event.answer.missing)
        if (event.answer.chains.length === 0) recordFault(turn, `chain of ${underlying}`, 'low', fault);
      if (!takeClosingVolatility(turn, event.answer)) takeChains(turn, event.answer);
      return;
    case 'historyArrived':
      return takeHistory(turn, event.answer);
    case 'quotesArrived': {
      const taken = takeQuotes(turn, event.quotes);
      continueStages(turn);
      if (present.manageDue) {
        present.manageDue = false;
        manageAll(turn);
      }
      return continueWorks(turn, taken);
    }
    case 'haltsTold':
      return takeHalts(turn, event.halts);
    case 'brokerReported':
      return takeReport(turn, event.report);
    case 'snapshotAnswered':
      return snapshotAnswered(turn, event);
    case 'connectionChanged':
      return connectionChanged(turn, event);
    case 'commandIssued':
      return takeCommand(turn, event.issued);
    case 'settingsChanged':
      for (const change of event.changes) turn.emit({ kind: 'SettingChanged', ...change, by: change.by ?? event.by });
      present.settings = event.settings;
      present.strategies = configureStrategies({ ...turn, settings: event.settings }, turn.parts.catalog);
      askNewHistory({ ...turn, settings: event.settings });
      for (const { alertId, at } of turn.state.alerts.values()) wakeForAlert({ ...turn, settings: event.settings }, alertId, at);
      return;
    case 'clockJumped':
      turn.emit({ kind: 'ClockJumped', from: event.from, to: turn.now });
      present.reconciled = false;
      present.unmarkedSince.clear();
      if (turn.now < event.from) {
        forgetTheFuture(turn);
        armingAfterSetBack(turn, event.from);
      }
      dropWaiting(turn, 'the clock jumped');
      notify(turn, 'connection', 'The clock jumped', 'Reconciling before anything is traded', false);
      askSnapshot(turn, 'gap');
      planDay(turn);
      planManaging(turn);
      return planSweep(turn);
    case 'dayAudited':
      return takeAudit(turn, event.audit);
    case 'machineObserved':
      return takeObservation(turn, event.observation);
    case 'latchMoved':
      return takeUpLatch(turn);
    case 'stopAsked':
      return standDown(turn);
  }
}

/** The journal goes on to a later instant than the clock's: another market's time, or a clock that was wrong until now. */
function clockWasSetBack(turn: Turn, from: Instant): void {
  turn.emit({ kind: 'ClockJumped', from, to: turn.now });
  armingAfterSetBack(turn, from);
  const hours = ((from - turn.now) / 3_600_000).toFixed(1);
  notify(
    turn,
    'connection',
    'The clock was set back',
    `The journal goes on to an instant ${hours} hours ahead of the clock. Pauses and cool-downs begin anew; reconciling before anything is traded`,
    turn.state.positions.size > 0,
  );
}

/**
 * The clock was set back: whatever bears a later instant would count as fresh until the clock gets there again, and whatever
 * was put off until one would wait for it.
 */
function forgetTheFuture({ present }: Turn): void {
  present.quotes.clear();
  present.shareQuotes.clear();
  present.marks.clear();
  present.unmarkedSince.clear();
  present.nextExitTryAt.clear();
  present.dataAt = null;
  present.snapshot = null;
  present.snapshotAsked = null;
  present.nextScanAt = null;
  present.closingLook = null;
  present.historyAgainAt = null;
}

function timer(turn: Turn, reason: WakeReason): void {
  switch (reason.kind) {
    case 'scan':
      return scanDue(turn);
    case 'manage':
    case 'expiryGuard':
      askManaging(turn);
      return planManaging(turn);
    case 'rung':
      return rungOver(turn, reason.subject);
    case 'lookUp':
      return lookUpDue(turn, reason.subject);
    case 'sweep':
      if (reason.subject === AFTER_FILL) return fillsDue(turn);
      if (reason.subject === HEALED) return askSnapshot(turn, 'fill');
      expireApprovals(turn);
      watchFeed(turn);
      askNewHistory(turn);
      askSnapshot(turn, 'sweep');
      return planSweep(turn);
    case 'dayOpen':
      turn.present.reconciled = false;
      askSnapshot(turn, 'start');
      turn.present.historyOn = null;
      askHistory(turn);
      planDay(turn);
      planManaging(turn);
      return planSweep(turn);
    case 'dayClose':
      askSnapshot(turn, 'endOfDay');
      return planDay(turn);
    case 'retry':
      return retry(turn, reason.subject);
    case 'history':
      return askMissingHistory(turn);
    case 'verify':
      return verifyDue(turn);
    case 'alert':
      return alertDue(turn, reason.subject);
    case 'armingEnds':
      return armingEnds(turn);
    case 'heartbeat':
      return;
  }
}

/** Fills of the last moments: does the account show them too? */
function fillsDue(turn: Turn): void {
  turn.present.fillToConfirm = false;
  askSnapshot(turn, 'fill');
}

/** Data must come while the market is open, and value what is held. */
function watchFeed(turn: Turn): void {
  const session = sessionAt(turn.now);
  if (session) checkFeed(turn, session.open);
  checkMarks(turn);
  tellUnattended(turn, unattendedMs(turn), 'no market data comes');
}

/** A work whose pause is over, or a position whose exit could not be sent. */
function retry(turn: Turn, subject: string): void {
  const spec = turn.present.specs.get(subject);
  if (spec) return pauseOver(turn, spec);
  if (turn.state.positions.has(subject)) askManaging(turn);
}

function snapshotAnswered(turn: Turn, event: Extract<EngineEvent, { kind: 'snapshotAnswered' }>): void {
  const { answer } = event;
  if (answer.kind === 'snapshotFailed') {
    // A failed look is not a flat account: nothing is concluded, and entries wait for a good one.
    recordFault(turn, 'account snapshot', 'high', answer.fault);
    return wakeIn(turn, turn.settings.execution.lookUpSeconds * 1000, 'sweep');
  }
  const asked = turn.present.snapshotAsked;
  const isNewest = asked?.requestId === answer.requestId;
  const trigger = isNewest ? asked.trigger : 'sweep';
  takeSnapshot(turn, answer.snapshot, trigger);
  if (trigger === 'endOfDay') closeDay(turn);
  // The look that was to close the day failed, was overtaken, or fell into a death: the day is closed on the next one. An answer
  // that was overtaken asks for nothing: two on the way would each make the other one old, without end.
  else if (isNewest && isLeftOpen(turn)) askSnapshot(turn, 'endOfDay');
}

function connectionChanged(turn: Turn, { change }: Extract<EngineEvent, { kind: 'connectionChanged' }>): void {
  const before = turn.present.connections.get(change.channel);
  turn.present.connections.set(change.channel, change.state);
  if (before === change.state) return;
  turn.emit({ kind: 'ConnectionChanged', change });
  if (change.state !== 'connected') {
    notify(turn, 'connection', `${change.channel}: ${change.state}`, change.detail, change.channel !== 'data');
    dropWaiting(turn, `the ${change.channel} connection is ${change.state}`);
    return;
  }
  if (before !== undefined) {
    notify(turn, 'connection', `${change.channel}: connected again`, 'Reconciling');
    askSnapshot(turn, 'gap');
    // What is held was unwatched, or could not be left: it is looked at now, not at the next check.
    askManaging(turn);
  }
}

/** Entries that ended with a small part filled are closed again. */
function afterEntries(turn: Turn, outcomes: readonly Outcome[]): void {
  for (const outcome of [...outcomes]) {
    if (outcome.kind !== 'journal' || outcome.fact.kind !== 'OrderWorkEnded' || outcome.fact.outcome === 'filled') continue;
    const work = turn.state.works.get(outcome.fact.intentId);
    if (work && work.purpose === 'open') afterEntryEnded(turn, work.positionId, work.filled, work.intended);
  }
}
