import type { Decision } from '#domain/decisions/decision';
import { civilDate } from '#domain/market/calendar';
import { cents, type Instant } from '#domain/units';
import { parseClientOrderId } from '#ports/clientOrderId';
import type { JournalFact } from '#ports/facts';
import { sendKeyOf } from '../risk/sendKey.ts';
import { takeUpAccount } from './accountBook.ts';
import { applyCash } from './applyCash.ts';
import { applyClearings } from './applyClearings.ts';
import { applyOrderFact } from './applyOrders.ts';
import { applyPositionFact } from './applyPositions.ts';
import { applyTrust } from './applyTrust.ts';
import { countFromNow } from './clockSetBack.ts';
import type { EngineState } from './engineState.ts';
import { dayMarks, restartMark } from './marks.ts';
import { isOver, keyOf } from './orderRecord.ts';

/** Decisions kept in memory for stories and approvals; older ones are read from the journal. */
const DECISIONS_KEPT = 5_000;
/** As many as refused proposals are followed to their end (`ledger/counterfactual.ts`). */
const OBSERVED_KEPT = 20_000;
const SENDS_KEPT_MS = 86_400_000;
const IV_DAYS_KEPT = 400;
const DAY_TRADE_SESSIONS = 5;
/** Longer than a snapshot looks back for closed orders. */
const ORDERS_KEPT_MS = 5 * 86_400_000;

/** Applies one fact to the state. The only place where state changes; the same for a live fact and for one read back. */
export function apply(state: EngineState, fact: JournalFact, at: Instant): void {
  applyTrust(state, fact, at);
  applyCash(state, fact, at);
  applyClearings(state, fact, at);
  switch (fact.kind) {
    case 'DayOpened': {
      const { startHolds, weekStart } = dayMarks(state, fact, at);
      // A day that the clock was set back into goes on with what the later one had counted: no limit begins anew by it.
      const later = state.day !== null && fact.date < state.day.date ? state.day : null;
      state.day = {
        date: fact.date,
        startEquity: fact.startEquity,
        startHolds,
        orders: later?.orders ?? 0,
        rejects: later?.rejects ?? 0,
        errors: later?.errors ?? 0,
        realised: later?.realised ?? cents(0),
        closed: false,
        outliers: later?.outliers ?? 0,
      };
      state.weekStart = weekStart;
      forgetOldOrders(state, at);
      if (later === null) {
        state.entriesToday.clear();
        state.roundTripsToday.clear();
        state.dayTrades = [...state.dayTrades, { date: fact.date, count: 0 }].slice(-DAY_TRADE_SESSIONS);
        state.tallies.clear();
        state.consecutiveErrors = 0;
      }
      for (const [name, breaker] of state.breakers) {
        if (breaker.until !== null && breaker.until <= at) state.breakers.delete(name);
        else if (breaker.date !== null && later !== null) state.breakers.set(name, { ...breaker, date: fact.date });
        else if (breaker.date !== null && breaker.date !== fact.date) state.breakers.delete(name);
      }
      return;
    }
    case 'DayAudited':
      state.lastAudit = fact;
      return;
    case 'DayClosed':
      if (state.day) state.day = { ...state.day, closed: true };
      state.lastClose = { date: fact.date, equity: fact.equity, at };
      return;
    case 'DailyVolatilityRecorded': {
      const history = state.ivHistories.get(fact.underlying) ?? [];
      history.push(fact.iv30);
      if (history.length > IV_DAYS_KEPT) history.shift();
      state.ivHistories.set(fact.underlying, history);
      const further = state.furtherIvHistories.get(fact.underlying) ?? [];
      further.push({ iv60: fact.iv60 ?? null, iv90: fact.iv90 ?? null });
      if (further.length > IV_DAYS_KEPT) further.shift();
      state.furtherIvHistories.set(fact.underlying, further);
      return;
    }
    case 'ScanCompleted': {
      const { kind: _, ...scan } = fact;
      state.counters.scan = Math.max(state.counters.scan, fact.scanId);
      state.lastScan = { ...scan, at };
      return;
    }
    case 'ProposalDecided':
      return applyDecision(state, fact.decision, at);
    case 'RefusalsRepeated':
      for (const repeat of fact.repeats) {
        const decision = state.decisions.get(repeat.decisionId);
        if (decision) tally(state, decision.strategyId, 'refused', decision.reasons, repeat.count);
      }
      return;
    case 'ProposalAnswered':
      state.awaiting.delete(fact.decisionId);
      return;
    case 'OrderIntended': {
      const key = sendKeyOf(fact.legs, fact.request.purpose);
      if (fact.request.purpose === 'open') {
        state.recentSends = state.recentSends.filter((send) => at - send.at < SENDS_KEPT_MS);
        state.recentSends.push({ key, at, netLimit: fact.request.netLimit });
      }
      state.sendTimes = state.sendTimes.filter((sent) => at - sent < 60_000);
      state.sendTimes.push(at);
      if (state.day) state.day = { ...state.day, orders: state.day.orders + 1 };
      return applyOrderFact(state, fact, at);
    }
    case 'OrderReported':
      if (fact.report.kind === 'orderRejected' && state.day) state.day = { ...state.day, rejects: state.day.rejects + 1 };
      if (fact.report.kind === 'orderRejected') noteHalt(state, fact, at);
      if (fact.report.kind === 'orderWorking' || fact.report.kind === 'orderFilled') state.consecutiveErrors = 0;
      return applyOrderFact(state, fact, at);
    case 'UnrecordedOrderNoted': {
      state.unrecordedOrders.add(fact.clientOrderId);
      // Whoever sent it has used its number: ours go on beyond it, so that no two orders are called by one.
      const number = Number(parseClientOrderId(fact.clientOrderId)?.intentId.slice(1) ?? 0);
      state.counters.intent = Math.max(state.counters.intent, number);
      return;
    }
    case 'OrderInDoubt':
    case 'OrderProved':
    case 'CancelRequested':
    case 'RungEnded':
    case 'OrderWorkEnded':
      return applyOrderFact(state, fact, at);
    case 'PositionOpened':
    case 'PositionChanged':
    case 'PositionMarked':
    case 'ExitPlanChanged':
    case 'ExitTriggered':
    case 'PositionClosed':
      return applyPositionFact(state, fact, at);
    case 'ActivityBooked':
      state.bookedActivities.add(fact.activity.activityId);
      if (fact.activity.cancelled) state.cancelledActivities.add(fact.activity.activityId);
      state.activitiesThrough = later(state.activitiesThrough, fact.activity.at);
      // Rows come in the order of their ids, and one may come late.
      if (fact.activity.kind === 'fill' && fact.activity.symbol !== null)
        state.toldFillAt.set(fact.activity.symbol, later(state.toldFillAt.get(fact.activity.symbol) ?? null, fact.activity.at));
      return;
    case 'Reconciled':
      state.consecutiveErrors = 0;
      state.lastEquity = { equity: fact.equity, cash: fact.cash, at };
      if (state.peak === null || fact.equity > state.peak.equity) state.peak = { equity: fact.equity, at };
      state.lastDifferences = { at, differences: fact.differences };
      return;
    case 'KillStateChanged':
      state.killHistory.push({ at, from: fact.from, to: fact.to, reason: fact.reason, by: fact.by });
      return;
    case 'BreakerTripped':
      state.lastTrips.set(fact.breaker, { at, what: fact.action });
      state.breakers.set(fact.breaker, {
        breaker: fact.breaker,
        severity: fact.severity,
        detail: fact.action,
        at,
        date: dayBreaker(fact.breaker) ? civilDate(at) : null,
        scope: fact.scope ?? null,
        until: fact.until ?? null,
      });
      return;
    case 'SlippageNoted':
      if (state.day) state.day = { ...state.day, outliers: state.day.outliers + 1 };
      return;
    case 'AlertRaised': {
      const { alertId, title, body } = fact;
      state.counters.alert = Math.max(state.counters.alert, Number(alertId.slice(1)));
      state.alerts.set(alertId, { alertId, title, body, at });
      return;
    }
    case 'AlertAcknowledged':
      state.alerts.delete(fact.alertId);
      return;
    case 'BreakerReset':
      state.breakers.delete(fact.breaker);
      if (fact.countsFrom !== undefined) restartMark(state, fact.breaker, fact.countsFrom, at);
      if (fact.breaker === 'errors') {
        state.consecutiveErrors = 0;
        if (state.day) state.day = { ...state.day, errors: 0 };
      }
      return;
    case 'StrategyModeChanged':
      state.strategyModes.set(fact.strategyId, fact.mode);
      return;
    case 'SymbolPauseChanged':
      if (fact.paused) state.pausedSymbols.add(fact.underlying);
      else state.pausedSymbols.delete(fact.underlying);
      return;
    case 'TradingHaltTold':
      if (fact.halt.halted) state.toldHalts.set(fact.halt.underlying, fact.halt);
      else {
        state.toldHalts.delete(fact.halt.underlying);
        state.haltedAt.delete(fact.halt.underlying);
      }
      return;
    case 'CommandAnswered':
      state.answered.set(fact.issued.commandId, fact.outcome);
      return;
    case 'FaultRecorded':
      if (fact.severity === 'critical') state.lastTrips.set(fact.fault.code, { at, what: fact.fault.message });
      if (fact.severity === 'high' || fact.severity === 'critical') {
        state.consecutiveErrors += 1;
        if (state.day) state.day = { ...state.day, errors: state.day.errors + 1 };
      }
      return;
    case 'LiveArmed':
      state.arming = fact.arming;
      return;
    case 'LiveDisarmed':
      state.arming = null;
      return;
    case 'SessionStarted':
      state.sessionOpen = true;
      takeUpAccount(state, fact.account);
      // Armed for one account and one build: another one is a new question to the owner.
      if (state.arming && (state.arming.account !== fact.account || state.arming.build !== fact.build)) state.arming = null;
      return;
    case 'SessionEnded':
      state.sessionOpen = false;
      return;
    case 'ClockJumped':
      if (fact.to < fact.from) countFromNow(state, fact.from, fact.to);
      return;
    case 'CashBookOpened':
    case 'CashBooked':
    case 'DayReconciled':
    case 'LiveStepTaken':
    case 'WrongCodeCounted':
    case 'SettingChanged':
    case 'SettingHeldBack':
    case 'CounterfactualMarked':
    case 'TrustChanged':
    case 'ConnectionChanged':
    case 'NoteEdited':
    case 'OpinionAsked':
    case 'OpinionEnded':
      return;
  }
}

/** The broker refuses in a trading halt, and says so in the code or in words. */
function noteHalt(state: EngineState, fact: Extract<JournalFact, { kind: 'OrderReported' }>, at: Instant): void {
  const { report, intentId, attempt } = fact;
  if (report.kind !== 'orderRejected' || !/\bhalt(ed)?\b/i.test(`${report.code} ${report.message}`)) return;
  const order = state.orders.get(keyOf(intentId, attempt));
  if (order) state.haltedAt.set(order.request.underlying, at);
}

/** Orders that ended days ago and belong to nothing held are read from the journal from now on. */
function forgetOldOrders(state: EngineState, at: Instant): void {
  for (const [key, order] of state.orders) {
    if (!isOver(order.status) || at - order.updatedAt < ORDERS_KEPT_MS || state.positions.has(order.positionId)) continue;
    state.orders.delete(key);
    state.works.delete(order.request.intentId);
  }
}

/** Breakers of the day clear themselves at the next day's open; the others wait for the owner. */
function dayBreaker(name: string): boolean {
  return name === 'dailyLoss' || name === 'rejects' || name === 'errors' || name === 'slippage';
}

function applyDecision(state: EngineState, decision: Decision, at: Instant): void {
  state.counters.decision = Math.max(state.counters.decision, Number(decision.decisionId.slice(1)));
  state.decisions.set(decision.decisionId, decision);
  if (state.decisions.size > DECISIONS_KEPT) {
    const oldest = state.decisions.keys().next().value;
    if (oldest !== undefined) state.decisions.delete(oldest);
  }
  if (decision.reasons.includes('observeOnly')) observe(state, decision);
  if (decision.verdict === 'awaitingApproval') state.awaiting.set(decision.decisionId, { decision, at });
  tally(state, decision.strategyId, decision.verdict === 'refused' ? 'refused' : 'approved', decision.reasons, 1);
}

/** They wait for their expiration longer than decisions are kept. */
function observe(state: EngineState, { decisionId, strategyId }: Decision): void {
  state.observed.set(decisionId, strategyId);
  const [oldest] = state.observed.keys();
  if (state.observed.size > OBSERVED_KEPT && oldest !== undefined) state.observed.delete(oldest);
}

function tally(
  state: EngineState,
  strategyId: string,
  what: 'approved' | 'refused',
  reasons: readonly string[],
  count: number,
): void {
  const own = state.tallies.get(strategyId) ?? { proposals: 0, approved: 0, refused: 0, reasons: new Map<string, number>() };
  own.proposals += count;
  own[what] += count;
  if (what === 'refused') for (const reason of reasons) own.reasons.set(reason, (own.reasons.get(reason) ?? 0) + count);
  state.tallies.set(strategyId, own);
}

function later(known: Instant | null, at: Instant): Instant {
  return known !== null && known > at ? known : at;
}
