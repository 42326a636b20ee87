import type { JournalEventView } from '#contract/journal';
import { titleOf, wordsOf } from '#domain/decisions/words';
import { type Cents, cents } from '#domain/units';
import type { BrokerReport } from '#ports/broker';
import { actorName } from '#ports/commands';
import type { JournalFact } from '#ports/facts';
import type { JournalRow } from '#ports/journal';

const LIVE_STEPS = {
  codeSetUp: 'One-time codes set up',
  codeConfirmed: 'One-time codes confirmed',
  armingRefused: 'Arming refused',
} as const;

const DOORS = { arming: 'arming real money', webSignIn: 'signing in from a browser' } as const;

/** A row with its sentence. */
export function eventViewOf(row: JournalRow): JournalEventView {
  return { seq: row.seq, at: row.at, kind: row.fact.kind, summary: sentenceOf(row.fact), payload: row.fact, hash: row.hash };
}

/** Where the day's first figure comes from. */
function dayBasis(countedFrom: Extract<JournalFact, { kind: 'DayOpened' }>['countedFrom']): string {
  if (countedFrom === undefined) return '';
  return { ownClose: ', our last close', brokerClose: ', the broker’s last close', firstLook: ', the first look at the account' }[
    countedFrom
  ];
}

/** A fact in one sentence, in the owner's words. */
export function sentenceOf(fact: JournalFact): string {
  switch (fact.kind) {
    case 'SessionStarted':
      return `Session started: ${fact.mode}, account ${fact.account}, ${fact.build}`;
    case 'SessionEnded':
      return `Session ended: ${fact.reason}`;
    case 'SettingChanged':
      return fact.oldValue === ''
        ? `${fact.path} set to ${fact.newValue} by ${fact.by}`
        : `${fact.path} changed from ${fact.oldValue} to ${fact.newValue} by ${fact.by}`;
    case 'SettingHeldBack':
      return `${fact.path} stays at ${fact.inForce}: ${fact.wanted} from ${fact.from} could let more risk through, with real money`;
    case 'DayOpened':
      return `${fact.date} opened; its result counts from ${dollars(fact.startEquity)}${dayBasis(fact.countedFrom)}`;
    case 'DayClosed':
      return `${fact.date} closed: equity ${dollars(fact.equity)}, realised ${dollars(fact.realised)}, ${fact.orders} orders`;
    case 'DailyVolatilityRecorded':
      return `${fact.underlying} ${fact.date}: close ${fact.close.toFixed(2)}, ${volatilitiesOf(fact)}`;
    case 'ScanCompleted':
      return `Scan ${fact.scanId}: ${fact.contracts} contracts, ${fact.candidates} candidates, ${fact.proposals} proposals, ${fact.approved} approved`;
    case 'ProposalDecided': {
      const { strategyId, underlying, structure, verdict, reasons } = fact.decision;
      return `${titleOf(strategyId)}: ${underlying} ${wordsOf(structure)} ${verdict}${reasons.length > 0 ? ` (${reasons.map(wordsOf).join(', ')})` : ''}`;
    }
    case 'RefusalsRepeated':
      return `${fact.repeats.length} earlier refusals held again`;
    case 'CounterfactualMarked':
      return `${fact.decisionId} would have made ${dollars(fact.pnlPerUnit)} a unit after ${fact.daysHeld} days`;
    case 'ProposalAnswered':
      return `${fact.decisionId} ${fact.approved ? 'approved' : 'declined'} by ${fact.by}`;
    case 'OrderIntended': {
      const { request } = fact;
      return `Order ${request.intentId} (try ${request.attempt}): ${request.purpose} ${request.contracts} ${request.underlying} at ${request.netLimit.toFixed(2)}`;
    }
    case 'OrderReported':
      return `Order ${fact.intentId}: ${reportOf(fact.report)}`;
    case 'OrderInDoubt':
      return `Order ${fact.intentId} is in doubt: ${fact.fault.message}`;
    case 'OrderProved':
      return `Order ${fact.intentId} was proved ${fact.outcome}: ${fact.evidence}`;
    case 'CancelRequested':
      return `Order ${fact.intentId}: cancel requested (${fact.reason})`;
    case 'UnrecordedOrderNoted':
      return `Order ${fact.clientOrderId} at the broker is not in this journal${fact.step === 'takenBack' ? ': it is taken back' : ''}`;
    case 'RungEnded':
      return `Order ${fact.intentId}, price ${fact.rung + 1} (${fact.limit.toFixed(2)}): ${wordsOf(fact.outcome)} after ${(fact.ms / 1000).toFixed(0)} s`;
    case 'OrderWorkEnded':
      return `Order ${fact.intentId} ended ${wordsOf(fact.outcome)}: ${fact.reason}`;
    case 'PositionOpened':
      return `${fact.position.underlying} ${wordsOf(fact.position.structure)} opened: ${fact.position.units} at ${fact.position.entryCredit.toFixed(2)}`;
    case 'PositionChanged':
      return `${fact.position.underlying} ${wordsOf(fact.position.structure)} changed: ${fact.why}`;
    case 'PositionMarked':
      return `${fact.positionId}: worst ${dollars(fact.maxAdverse)}, best ${dollars(fact.maxFavourable)}`;
    case 'ExitTriggered':
      return `${fact.positionId}: ${fact.reason} fired for ${fact.contracts}`;
    case 'ExitPlanChanged':
      return `${fact.positionId}: exit plan changed by ${fact.by}`;
    case 'PositionClosed':
      return `${fact.trade.underlying} ${fact.trade.structure} closed (${fact.trade.outcome.exitReason}): ${dollars(fact.trade.outcome.pnl)}`;
    case 'ActivityBooked':
      if (fact.activity.cancelled)
        return `${fact.activity.code} ${fact.activity.symbol ?? ''} cancelled by the broker: nothing booked`;
      return `${fact.activity.kind} ${fact.activity.symbol ?? ''} ${dollars(fact.activity.netCash)}${confirmation(fact.confirms)}`;
    case 'Reconciled':
      return `Reconciled (${fact.trigger}): equity ${dollars(fact.equity)}, ${fact.differences.length} differences`;
    case 'CashBookOpened':
      return `Cash book opened with ${dollars(fact.cash)} (${fact.source})`;
    case 'CashBooked':
      return `${dollars(fact.amount)} put right in the cash book, ${wordsOf(fact.classification)} (${fact.date}): ${fact.detail}`;
    case 'DayReconciled': {
      const { date, stage, compared, cash, differences } = fact;
      const gap = cents(cash.theirs - cash.ours);
      return `${date} ${stage === 'settled' ? 'settled' : 'reconciled at the close'}: ${compared.fills} fills of ours, ${compared.brokerFills} of the broker’s, cash ${dollars(cash.theirs)}${gap === 0 ? ' to the cent' : ` (${dollars(gap)} beyond our book)`}, ${differences.length} differences`;
    }
    case 'DayAudited': {
      const harm = fact.unintended + fact.duplicates + fact.lost;
      const found = harm === 0 ? 'every one is proved by the journal' : fact.findings.join('; ');
      return `${fact.date} audited: ${fact.orders} orders, ${fact.filledUnits} units filled, ${found}. Head ${fact.head.seq}:${fact.head.hash12}`;
    }
    case 'KillStateChanged':
      return `Kill switch ${fact.from} -> ${fact.to} by ${fact.by}: ${fact.reason}`;
    case 'LiveArmed': {
      const { account, ceilingDollars, until, by } = fact.arming;
      return `Live trading armed on ${account} by ${by} until ${new Date(until).toISOString()}, at most $${ceilingDollars} at risk`;
    }
    case 'LiveDisarmed':
      return `Live trading disarmed by ${fact.by}: ${fact.reason}`;
    case 'LiveStepTaken':
      return `${LIVE_STEPS[fact.step]} by ${fact.by}: ${fact.detail}`;
    case 'WrongCodeCounted':
      return wrongCode(fact);
    case 'BreakerTripped':
      return `Breaker ${fact.breaker} (${fact.severity}): ${fact.action}`;
    case 'SlippageNoted':
      return `${fact.intentId}-${fact.attempt} filled $${fact.slippage.toFixed(2)} a share worse than the mid it was decided on`;
    case 'AlertRaised':
      return `Alert ${fact.alertId}: ${fact.title}. ${fact.body}`;
    case 'AlertAcknowledged':
      return `Alert ${fact.alertId} acknowledged by ${fact.by}`;
    case 'BreakerReset':
      return `Breaker ${fact.breaker} reset by ${fact.by}: ${fact.reason}${fact.countsFrom === undefined ? '' : `; it counts from ${dollars(fact.countsFrom)}`}`;
    case 'StrategyModeChanged':
      return `${fact.strategyId} set to ${fact.mode} by ${fact.by}`;
    case 'TrustChanged':
      return `${fact.strategyId} moved from ${fact.from} to ${fact.to} by ${fact.by}: ${fact.reason}`;
    case 'TradingHaltTold': {
      const { underlying, halted, reason } = fact.halt;
      return `Trading in ${underlying} ${halted ? `is halted${reason === '' ? '' : `: ${reason}`}` : 'goes on after a halt'}`;
    }
    case 'SymbolPauseChanged':
      return `${fact.underlying} ${fact.paused ? 'paused' : 'resumed'} by ${fact.by}`;
    case 'CommandAnswered':
      return `${actorName(fact.issued.by)}: ${fact.issued.command.kind} ${fact.outcome.kind}: ${fact.outcome.message}`;
    case 'FaultRecorded':
      return `${fact.where} (${fact.severity}): ${fact.fault.message}`;
    case 'ConnectionChanged':
      return `${fact.change.channel} ${fact.change.state}: ${fact.change.detail}`;
    case 'ClockJumped':
      return `The clock jumped by ${((fact.to - fact.from) / 1000).toFixed(0)} s`;
    case 'NoteEdited':
      return `Note of ${fact.tradeId} edited by ${fact.by}`;
    case 'OpinionAsked':
      return `Second opinion ${fact.opinionId} on ${fact.decisionId} asked of ${fact.model} at ${fact.origin} by ${fact.by}`;
    case 'OpinionEnded':
      return opinion(fact);
  }
}

function reportOf(report: BrokerReport): string {
  switch (report.kind) {
    case 'orderFilled':
      return `filled ${report.contracts} at ${report.netPrice.toFixed(2)}${report.complete ? '' : ' (partly)'}`;
    case 'orderRejected':
      return `rejected: ${report.message}`;
    case 'submissionFailed':
      return `${report.certainty === 'notSent' ? 'was not sent' : 'may have been sent'}: ${report.fault.message}`;
    case 'orderAccepted':
      return 'accepted';
    case 'orderWorking':
      return 'working';
    case 'orderCancelled':
      return 'cancelled';
    case 'orderExpired':
      return 'expired';
    default:
      return report.kind;
  }
}

function dollars(amount: Cents): string {
  const magnitude = (Math.abs(amount) / 100).toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 });
  return `${amount < 0 ? '-' : ''}$${magnitude}`;
}

/** An opinion is told, never acted upon. */
function opinion({ opinionId, decisionId, result, current, ms }: Extract<JournalFact, { kind: 'OpinionEnded' }>): string {
  const said =
    result.kind === 'given'
      ? `${result.opinion.stance} (${result.opinion.concerns.map(wordsOf).join(', ') || 'no concern'}): ${result.opinion.reason}`
      : `none, ${wordsOf(result.why)}: ${result.detail}`;
  return `Second opinion ${opinionId} on ${decisionId} after ${(ms / 1000).toFixed(1)} s${current ? '' : ', after it was decided'}: ${said}`;
}

/** Recorded volatilities by tenor; a tenor that was not recorded is not told. */
function volatilitiesOf({ iv30, iv60, iv90 }: Extract<JournalFact, { kind: 'DailyVolatilityRecorded' }>): string {
  const tenors = [
    { days: 30, volatility: iv30 },
    { days: 60, volatility: iv60 ?? null },
    { days: 90, volatility: iv90 ?? null },
  ];
  return tenors
    .flatMap(({ days, volatility }) => (volatility === null ? [] : [`${days}-day volatility ${(volatility * 100).toFixed(1)} %`]))
    .join(', ');
}

/** Whether an activity says what the positions had shown. */
function confirmation(confirms: boolean | undefined): string {
  if (confirms === undefined) return '';
  return confirms ? ': as the positions showed' : ': CONTRADICTS what the positions showed';
}

function wrongCode({ door, wrong, lockedUntil, by }: Extract<JournalFact, { kind: 'WrongCodeCounted' }>): string {
  if (wrong === 0) return `Right code for ${DOORS[door]} by ${by}: the wrong ones before it count no more`;
  const until = lockedUntil === null ? '' : `; locked for everybody until ${new Date(lockedUntil).toISOString()}`;
  return `Wrong code for ${DOORS[door]} by ${by}, ${wrong} in a row${until}`;
}
