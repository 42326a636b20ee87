import { createHash } from 'node:crypto';
import { instant } from '#domain/units';
import { audit } from '#research/audit/auditor';
import type { BrokerTruth } from '#research/audit/brokerTruth';
import { type Completeness, completenessOf } from '#research/audit/completeness';
import { dayBookFindings } from '#research/audit/dayBooks';
import { moneyDifference } from '#research/audit/money';
import { CANARY } from './adverseBroker.ts';
import { dueExits } from './dueExits.ts';
import { unquotedOf } from './hindrances.ts';
import { FAULT_CLASSES, type FaultClass } from './plan.ts';
import type { SessionRecord } from './session.ts';
import { takenLegs } from './takenLegs.ts';
import { openingsTooDear } from './tooDear.ts';

/** A pause of trading lasts five minutes, and the market of a session moves once a minute. */
const HALT_MS = 300_000;
const TICK_MS = 60_000;
/** Time to come to rest after the last fault. */
const REST_MS = 120_000;

/** What a session came to. */
export interface SessionJudgement {
  readonly seed: number;
  readonly orders: number;
  readonly unintendedOrders: number;
  readonly duplicateOrders: number;
  readonly lostOrders: number;
  readonly nakedLegs: number;
  readonly limitBreaches: number;
  readonly positionMismatches: number;
  readonly ratios: Readonly<Record<keyof Completeness, { readonly matched: number; readonly of: number }>>;
  readonly faults: Readonly<Partial<Record<FaultClass, number>>>;
  readonly states: readonly string[];
  readonly findings: readonly string[];
  /** The chain's head: equal for equal seeds. */
  readonly journalHash: string;
}

/** Reads the exchange's book and the journal, never the engine, and says what does not hold. */
export function judgeSession(record: SessionRecord): SessionJudgement {
  const { exchange, rows } = record;
  const orders = exchange.desk.orders({ status: 'all' });
  const truth = { orders, ledger: exchange.desk.ledger(), unquoted: unquotedOf(record.plan) };
  const report = audit(truth, rows, record.settings);
  const activities = exchange.desk.activities(null).map(({ id }) => ({ activityId: id }));
  const parts = completenessOf({ ...truth, activities }, rows);
  const taken = takenLegs(record);
  const exits = dueExits(record);
  const dear = openingsTooDear(record);
  const findings = [
    ...report.findings.map(({ kind, detail }) => `${kind}: ${detail}`),
    ...(['completeness', 'soundness', 'fields', 'causality'] as const).flatMap((name) =>
      parts[name].missing.slice(0, 5).map((missing) => `${name}: ${missing}`),
    ),
    ...invariants(record),
    ...openedInHalt(record),
    ...openedOnOldQuotes(record),
    ...notAtRest(record),
    ...money(truth, record),
    ...dayBookFindings(truth, rows).map((finding) => `books: ${finding}`),
    ...taken.findings,
    ...exits.findings,
    ...dear.findings,
  ];
  const ratio = ({ matched, of }: { matched: number; of: number }) => ({ matched, of });
  return {
    seed: record.plan.seed,
    orders: orders.filter(({ origin }) => origin === 'client').length,
    unintendedOrders: report.unintendedOrders + createdAfterTheLatch(record).length,
    duplicateOrders: report.duplicateOrders,
    lostOrders: report.lostOrders,
    nakedLegs: report.nakedLegs,
    limitBreaches: report.limitBreaches,
    positionMismatches: report.positionMismatches,
    ratios: {
      completeness: ratio(parts.completeness),
      soundness: ratio(parts.soundness),
      fields: ratio(parts.fields),
      causality: ratio(parts.causality),
    },
    faults: faultsOf(record),
    states: [
      ...statesOf(record),
      ...(taken.judged > 0 ? ['judged:legTaken'] : []),
      ...(exits.judged > 0 ? ['judged:exitDue'] : []),
      ...(dear.judgedInShock > 0 ? ['judged:openingInShock'] : []),
    ],
    findings,
    journalHash: createHash('sha256')
      .update(rows.at(-1)?.hash ?? '')
      .digest('hex')
      .slice(0, 16),
  };
}

/** What must hold besides the counts of harm. */
function invariants(record: SessionRecord): string[] {
  const { exchange, rows, verdict, crashes, latchAtEnd } = record;
  const findings: string[] = [];
  if (record.rowsWithSecret > 0) findings.push(`secret: ${record.rowsWithSecret} rows hold the broker’s key`);
  for (const place of secretTold(record)) findings.push(`secret: ${place} holds the broker’s key`);
  if (!verdict.ok) findings.push(`journal: ${verdict.reason}`);
  for (const crash of crashes) findings.push(`engine threw: ${crash.split('\n').slice(0, 3).join(' | ')}`);
  for (const late of createdAfterTheLatch(record)) findings.push(`latch: ${late}`);
  const open = exchange.desk.orders({ status: 'open' }).filter(({ origin }) => origin === 'client');
  for (const order of open) findings.push(`rest: ${order.clientOrderId} still works at the broker`);
  if (record.worksAtEnd > 0) findings.push(`rest: ${record.worksAtEnd} works are not over in the evening`);
  if (latchAtEnd !== 'ACTIVE' && !rows.some(({ fact }) => fact.kind === 'KillStateChanged' && fact.reason !== ''))
    findings.push('latch: thrown without a reason on record');
  if (!rows.some(({ at, fact }) => fact.kind === 'Reconciled' && at > record.plan.faultsEnd))
    findings.push('rest: nothing was reconciled after the faults had ended');
  for (const { fact } of rows)
    if (fact.kind === 'ProposalDecided' && !/^[0-9a-f]{64}$/.test(fact.decision.inputsHash ?? ''))
      findings.push(`causality: ${fact.decision.decisionId} does not name what it was made on`);
  if (record.lives <= 40 && !rows.some(({ fact }) => fact.kind === 'DayReconciled'))
    findings.push('rest: the day’s books were not closed');
  const cash = exchange.desk.account().cash;
  const last = rows.findLast(({ fact }) => fact.kind === 'Reconciled')?.fact;
  if (last?.kind === 'Reconciled' && last.cash !== cash) findings.push(`cash: ${last.cash} reconciled, ${cash} at the broker`);
  return findings;
}

/** Alerts, views and crash texts in which the key stands. */
function secretTold({ watch, crashes }: SessionRecord): string[] {
  const alerts = watch.told.filter(({ title, body }) => `${title} ${body}`.includes(CANARY));
  return [
    ...alerts.slice(0, 3).map(({ title }) => `the alert '${title.replaceAll(CANARY, '…')}'`),
    ...watch.shown.slice(0, 3),
    ...(crashes.some((crash) => crash.includes(CANARY)) ? ['a crash'] : []),
  ];
}

/**
 * Two minutes after the faults every line is up, what was down has been reconciled, a switch that is thrown says why, and every
 * exit that was begun goes on: never stuck.
 */
function notAtRest({ plan, rows }: SessionRecord): string[] {
  const end = plan.faultsEnd;
  const by = end + REST_MS;
  const findings: string[] = [];
  const lines = new Map<string, string>();
  const closing = new Map<string, boolean>();
  let wasDown = false;
  let reconciled = false;
  let thrown: { readonly to: string; readonly reason: string } | null = null;
  for (const { at, fact } of rows) {
    if (fact.kind === 'ConnectionChanged' && at <= by) {
      if (at >= end && lines.get(fact.change.channel) !== 'connected') wasDown = true;
      lines.set(fact.change.channel, fact.change.state);
    }
    if (fact.kind === 'Reconciled' && at >= end && at <= by) reconciled = true;
    if (fact.kind === 'KillStateChanged' && at <= by) thrown = fact.to === 'ACTIVE' ? null : fact;
    if (fact.kind === 'ExitTriggered') closing.set(fact.positionId, false);
    if (fact.kind === 'OrderIntended' && fact.request.purpose === 'close') closing.set(fact.positionId, true);
    if (fact.kind === 'PositionClosed') closing.delete(fact.positionId);
  }
  for (const [channel, state] of lines)
    if (state !== 'connected') findings.push(`rest: ${channel} is ${state} two minutes after the faults`);
  if (wasDown && !reconciled) findings.push('rest: a line came back and nothing was reconciled within two minutes');
  if (thrown?.reason === '') findings.push(`rest: ${thrown.to} without a reason two minutes after the faults`);
  if (thrown === null || thrown.to === 'REDUCING')
    for (const [positionId, sent] of closing) if (!sent) findings.push(`rest: the exit of ${positionId} was never sent`);
  return findings;
}

/** A halted market's quotes stand still: once they are too old to judge by, nothing is opened on them. */
function openedInHalt({ exchange, plan, rows, settings }: SessionRecord): string[] {
  if (!plan.exchangeFaults.some(({ kind }) => kind === 'halt')) return [];
  return rows.flatMap(({ at, fact }) => {
    if (fact.kind !== 'OrderIntended' || fact.request.purpose !== 'open') return [];
    const { underlying, intentId } = fact.request;
    const isHalted = (when: number): boolean =>
      exchange.faults.matching('halt', underlying, Math.floor(when / HALT_MS), instant(when)) !== null;
    const isBlind = isHalted(at) && isHalted(at - settings.scanner.maxQuoteAgeSeconds * 1000 - TICK_MS);
    return isBlind ? [`halt: ${intentId} opens in ${underlying} while it does not trade`] : [];
  });
}

/** This exchange quotes once a minute: whoever opens later in the minute than a quote may be old has looked at an old one. */
function openedOnOldQuotes({ rows, settings }: SessionRecord): string[] {
  const oldest = settings.scanner.maxQuoteAgeSeconds * 1000;
  return rows.flatMap(({ at, fact }) => {
    if (fact.kind !== 'OrderIntended' || fact.request.purpose !== 'open' || at % TICK_MS <= oldest) return [];
    return [`quotes: ${fact.request.intentId} opens on quotes that are ${(at % TICK_MS) / 1000} s old or older`];
  });
}

/** What was earned and paid, to the cent, whatever the stream lost. */
function money(truth: BrokerTruth, { rows }: SessionRecord): string[] {
  const difference = moneyDifference(truth, rows);
  return difference === null ? [] : [`money: ${difference}`];
}

/** Orders that open something and left while the latch forbade it. */
function createdAfterTheLatch({ exchange, rows, latchThrown, leftAt }: SessionRecord): string[] {
  const opening = new Set(
    rows.flatMap(({ fact }) =>
      fact.kind === 'OrderIntended' && fact.request.purpose === 'open'
        ? [`-${fact.request.intentId}-${fact.request.attempt}-`]
        : [],
    ),
  );
  return exchange.desk.orders({ status: 'all' }).flatMap((order) => {
    const key = /-i\d+-\d+-/.exec(order.clientOrderId)?.[0];
    if (order.origin !== 'client' || key === undefined || !opening.has(key)) return [];
    const left = leftAt.get(order.clientOrderId) ?? order.createdAt;
    const inside = latchThrown.some(({ from, until }) => left > from && (until === null || left < until));
    return inside ? [`${order.clientOrderId} opens while the latch is thrown`] : [];
  });
}

function faultsOf({ exchange, linkHits, plan }: SessionRecord): SessionJudgement['faults'] {
  const counts: Partial<Record<FaultClass, number>> = {};
  const known = new Set<string>(FAULT_CLASSES);
  const isKnown = (kind: string): kind is FaultClass => known.has(kind);
  for (const { kind } of exchange.faults.hits()) if (isKnown(kind)) counts[kind] = (counts[kind] ?? 0) + 1;
  for (const [kind, hits] of linkHits) counts[kind] = (counts[kind] ?? 0) + hits;
  // States that last strike once a session: when their window lies within it.
  for (const { kind, from, until } of plan.exchangeFaults)
    if (
      (kind === 'staleQuotes' || kind === 'crossedQuotes' || kind === 'missingQuotes' || kind === 'accountLocked') &&
      (from ?? 0) < (until ?? 0)
    )
      counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
}

function statesOf({ rows, lives }: SessionRecord): string[] {
  const states = new Set<string>();
  if (lives > 1) states.add('restarted');
  for (const { fact } of rows) {
    switch (fact.kind) {
      case 'OrderWorkEnded':
        states.add(`work:${fact.outcome}`);
        break;
      case 'OrderInDoubt':
        states.add('order:inDoubt');
        break;
      case 'OrderProved':
        states.add(`order:proved ${fact.outcome}`);
        break;
      case 'OrderReported':
        states.add(`report:${fact.report.kind}`);
        if (fact.report.kind === 'orderFilled' && !fact.report.complete) states.add('fill:partial');
        break;
      case 'PositionOpened':
        states.add(`position:${fact.position.strategyId === 'external' ? 'adopted' : 'opened'}`);
        break;
      case 'PositionClosed':
        states.add(`exit:${fact.trade.outcome.exitReason}`);
        break;
      case 'KillStateChanged':
        states.add(`kill:${fact.to}`);
        break;
      case 'BreakerTripped':
        states.add('breaker:tripped');
        break;
      case 'BreakerReset':
        states.add('breaker:reset');
        break;
      case 'ProposalAnswered':
        states.add(fact.approved ? 'approval:given' : 'approval:refused');
        break;
      case 'ProposalDecided':
        states.add(`decision:${fact.decision.verdict}`);
        break;
      case 'Reconciled':
        for (const difference of fact.differences) states.add(`difference:${difference.classification}`);
        break;
      case 'DayReconciled':
        states.add(`day:${fact.stage}`);
        break;
      case 'CashBooked':
        states.add(`cash:${fact.classification}`);
        break;
      case 'TradingHaltTold':
        if (fact.halt.halted) states.add('halt:told');
        break;
      case 'ClockJumped':
        states.add('clock:jumped');
        break;
      case 'SymbolPauseChanged':
        states.add('symbol:paused');
        break;
      case 'CommandAnswered':
        states.add(`command:${fact.outcome.kind}`);
        break;
    }
  }
  return [...states].sort();
}
