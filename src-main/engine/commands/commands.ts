import type { GateResult } from '#domain/decisions/decision';
import { isAdjusted } from '#domain/market/instrument';
import { cents } from '#domain/units';
import { actorName, type CommandOutcome, type IssuedCommand, type OperatorCommand } from '#ports/commands';
import { armLive, disarmLive } from '../arming/arming.ts';
import { enter } from '../entries/enter.ts';
import { configureStrategies, expireApprovals, scanDue } from '../entries/scanTurn.ts';
import { currentRecord, requestCancel, STOPPED } from '../execution/work.ts';
import { releaseKillSwitch, throwKillSwitch, whyNotReleasedBy } from '../kill-switch/killSwitch.ts';
import { closePosition } from '../positions/close.ts';
import { rollTargetOf } from '../positions/roll.ts';
import { positionOf } from '../reconcile/adopt.ts';
import { dollars } from '../reconcile/cash.ts';
import { judge } from '../risk/judge.ts';
import { isOver } from '../state/orderRecord.ts';
import { riskBookOf } from '../state/riskBook.ts';
import { modeOf, moveByHand, rungOf } from '../trust/trust.ts';
import type { Turn } from '../turn.ts';
import { openStructure } from './openStructure.ts';

/** Does what the owner says, once per command id, through the same gate as everything else, and journals what became of it. */
export function takeCommand(turn: Turn, issued: IssuedCommand): void {
  const known = turn.state.answered.get(issued.commandId);
  if (known) return turn.act({ kind: 'answerCommand', commandId: issued.commandId, outcome: repeated(known) });
  const outcome = carryOut(turn, issued, issued.command);
  turn.emit({ kind: 'CommandAnswered', issued, outcome });
  turn.act({ kind: 'answerCommand', commandId: issued.commandId, outcome });
}

/** What was answered before must not read as if it had been done now: what is held may have changed since. */
function repeated(known: CommandOutcome): CommandOutcome {
  return { ...known, message: `This press was answered before: nothing new was sent. ${known.message}`, repeated: true };
}

export function done(message: string, ids: readonly string[] = []): CommandOutcome {
  return { kind: 'done', message, ids };
}

export function refused(message: string, reasons: readonly GateResult[] = []): CommandOutcome {
  return { kind: 'refused', message, reasons };
}

function carryOut(turn: Turn, issued: IssuedCommand, command: OperatorCommand): CommandOutcome {
  const by = actorName(issued.by);
  switch (command.kind) {
    case 'openStructure':
      return openStructure(turn, issued.commandId, command);
    case 'closePosition': {
      const position = turn.state.positions.get(command.positionId);
      if (!position) return refused(`There is no open position ${command.positionId}.`);
      const units = command.contracts ?? Math.max(position.units, 1);
      if (units > Math.max(position.units, 1))
        return refused(`${command.positionId} holds ${position.units}; ${units} cannot be closed.`);
      const gates = closePosition(turn, position, units, {
        reason: 'owner',
        rule: { gate: 'owner', passed: false, value: units, limit: 0, unit: 'contracts' },
        netLimit: command.netLimit,
        commandId: issued.commandId,
      });
      return gates
        ? refused('The closing order was not sent.', gates)
        : done(`Closing ${units} of ${position.underlying} ${position.structure}.`, [position.positionId]);
    }
    case 'rollPosition': {
      const position = turn.state.positions.get(command.positionId);
      if (!position) return refused(`There is no open position ${command.positionId}.`);
      const plan = position.exitPlan.roll ?? {
        whenShortDeltaAbove: 0,
        atDaysToExpiration: 0,
        minCredit: turn.settings.positions.rollMinCreditDollars,
        maxRolls: turn.settings.positions.maxRolls,
      };
      const rollTo = rollTargetOf(turn, { ...position, exitPlan: { ...position.exitPlan, roll: plan } });
      if (!rollTo) {
        const { timeStopDays } = position.exitPlan;
        const above = timeStopDays === null ? '' : ` and stay above its time stop of ${timeStopDays} days`;
        return refused(`Nothing in the last look at the market pays for the close: a roll must be a credit${above}.`);
      }
      const gates = closePosition(turn, position, position.units, {
        reason: 'roll',
        rule: { gate: 'owner', passed: false, value: position.units, limit: 0, unit: 'contracts' },
        rollTo: { ...rollTo, exitPlan: position.exitPlan },
        commandId: issued.commandId,
      });
      return gates
        ? refused('The roll was not sent.', gates)
        : done(`Rolling ${position.underlying} ${position.structure}.`, [position.positionId]);
    }
    case 'adoptPosition':
      return adoptTogether(turn, command.symbols, command.strategyId);
    case 'setExitPlan': {
      const position = turn.state.positions.get(command.positionId);
      if (!position) return refused(`There is no open position ${command.positionId}.`);
      turn.emit({ kind: 'ExitPlanChanged', positionId: command.positionId, exitPlan: command.exitPlan, by });
      const changed = turn.state.positions.get(command.positionId);
      if (changed && !changed.tags.includes('ownPlan'))
        turn.emit({
          kind: 'PositionChanged',
          position: { ...changed, tags: [...changed.tags, 'ownPlan'] },
          why: 'own exit plan',
        });
      return done('The exit plan is changed.', [command.positionId]);
    }
    case 'cancelOrder': {
      const record = currentRecord(turn, command.intentId);
      if (!record || isOver(record.status)) return refused(`No order ${command.intentId} is working.`);
      requestCancel(turn, record, STOPPED);
      return done('The cancel is sent; a fill may still win.', [command.intentId]);
    }
    case 'approveProposal':
    case 'declineProposal':
      return answerProposal(turn, command.decisionId, command.kind === 'approveProposal', by);
    case 'setStrategyMode':
      if (!turn.parts.catalog.some((entry) => entry.id === command.strategyId))
        return refused(`There is no strategy ${command.strategyId}.`);
      turn.emit({ kind: 'StrategyModeChanged', strategyId: command.strategyId, mode: command.mode, by });
      turn.present.strategies = configureStrategies(turn, turn.parts.catalog);
      return done(`${command.strategyId} is now on '${modeOf(turn, command.strategyId)}'.`, [command.strategyId]);
    case 'setTrust': {
      if (!turn.parts.catalog.some((entry) => entry.id === command.strategyId))
        return refused(`There is no strategy ${command.strategyId}.`);
      if (command.reason.trim() === '') return refused('Give a reason for the journal.');
      const missing = moveByHand(turn, command.strategyId, command.rung, command.reason, by);
      return missing.length > 0
        ? refused(`${command.strategyId} has not earned '${command.rung}' yet.`, missing)
        : done(`${command.strategyId} is trusted with '${rungOf(turn, command.strategyId)}'.`, [command.strategyId]);
    }
    case 'pauseSymbol':
      turn.emit({ kind: 'SymbolPauseChanged', underlying: command.underlying, paused: command.paused, by });
      return done(`${command.underlying} is ${command.paused ? 'paused: no new entries' : 'open for entries again'}.`);
    case 'throwKillSwitch':
      return done(throwKillSwitch(turn, command.verb, command.reason, by));
    case 'releaseKillSwitch': {
      const stranger = whyNotReleasedBy(issued.by);
      if (stranger !== null) return refused(stranger);
      const why = releaseKillSwitch(turn, command.word, command.heldMs, command.reason, by);
      return why ? refused(why) : done('The kill switch is released; entries are open again.');
    }
    case 'resetBreaker':
      if (!turn.state.breakers.has(command.breaker)) return refused(`No breaker ${command.breaker} is tripped.`);
      return resetBreaker(turn, command.breaker, command.reason, by);
    case 'acknowledgeAlert':
      if (!turn.state.alerts.has(command.alertId)) return refused(`No alert ${command.alertId} is open.`);
      turn.emit({ kind: 'AlertAcknowledged', alertId: command.alertId, by });
      return done('Acknowledged.', [command.alertId]);
    case 'editNote':
      turn.emit({ kind: 'NoteEdited', tradeId: command.tradeId, notes: command.notes, by });
      return done('The note is saved.', [command.tradeId]);
    case 'scanNow':
      scanDue(turn);
      return done('Scanning.');
    case 'armLive':
      return armLive(turn, command, by);
    case 'disarmLive':
      return disarmLive(turn, command.reason, by);
  }
}

/** A fall that the owner has looked at would trip again at the next look if it counted from the same mark. */
const COUNTED_ANEW: ReadonlySet<string> = new Set(['drawdown', 'weeklyLoss']);

function resetBreaker(turn: Turn, breaker: string, reason: string, by: string): CommandOutcome {
  const equity = COUNTED_ANEW.has(breaker) ? turn.state.lastEquity?.equity : undefined;
  turn.emit({ kind: 'BreakerReset', breaker, by, reason, ...(equity === undefined ? {} : { countsFrom: equity }) });
  return done(equity === undefined ? `${breaker} is reset.` : `${breaker} is reset; it counts from ${dollars(equity)} now.`);
}

function answerProposal(turn: Turn, decisionId: string, approve: boolean, by: string): CommandOutcome {
  expireApprovals(turn);
  const waiting = turn.state.awaiting.get(decisionId);
  const candidate = turn.present.ranked.get(decisionId);
  if (!waiting) return refused(`${decisionId} is not waiting for an answer.`);
  turn.emit({ kind: 'ProposalAnswered', decisionId, approved: approve, by });
  turn.present.ranked.delete(decisionId);
  if (!approve) return done('Declined.', [decisionId]);
  if (!candidate) return refused('The market has moved on since the restart; the strategy will propose again.');
  const verdict = judge(
    { ...candidate.riskRequest, contracts: waiting.decision.contracts, consent: 'owners' },
    riskBookOf(turn),
    turn.settings.risk,
    turn.settings.scanner,
  );
  if (verdict.kind === 'refused')
    return refused(
      'The risk gate refused it now.',
      verdict.gates.filter((gate) => !gate.passed),
    );
  const gates = enter(turn, candidate, waiting.decision, verdict.approved, 'owners');
  return gates ? refused('It was not sent.', gates) : done('Approved and sent.', [decisionId]);
}

/** Joins adopted legs (each a position of its own) into one structure that a strategy manages. */
function adoptTogether(turn: Turn, symbols: readonly string[], strategyId: string): CommandOutcome {
  const positions = symbols.map((symbol) =>
    [...turn.state.positions.values()].find(
      (position) => position.strategyId === 'external' && position.legs.some((leg) => leg.symbol === symbol),
    ),
  );
  const own = positions.filter((position) => position !== undefined);
  const [first] = own;
  if (!first || own.length !== symbols.length)
    return refused('Only legs that came from elsewhere can be adopted; name each of them.');
  if (own.some((position) => position.underlying !== first.underlying)) return refused('All legs must be of one underlying.');
  const legs = own.flatMap((position) => position.legs);
  const series = new Set(legs.map(({ contract }) => contract?.root ?? first.underlying));
  if (series.size > 1 && legs.some(({ contract }) => contract !== null && isAdjusted(contract)))
    return refused(
      'Adjusted contracts deliver something else: they are no structure with shares or contracts of another series.',
    );
  const joined = positionOf(turn, legs, {
    positionId: first.positionId,
    campaignId: first.campaignId,
    underlying: first.underlying,
    strategyId,
    tags: ['adopted'],
    price: 0,
  });
  // What each cost stays what it was: legs join, money does not move.
  const position = {
    ...joined,
    cashFlow: cents(own.reduce((sum, { cashFlow }) => sum + cashFlow, 0)),
    fees: cents(own.reduce((sum, { fees }) => sum + fees, 0)),
  };
  for (const other of own)
    if (other !== first)
      turn.emit({
        kind: 'PositionChanged',
        position: { ...other, legs: [], units: 0, cashFlow: cents(0), fees: cents(0), status: 'closed' },
        why: `joined into ${first.positionId}`,
      });
  turn.emit({ kind: 'PositionChanged', position, why: 'adopted' });
  return done(`${first.underlying} ${position.structure} is now managed by ${strategyId}.`, [first.positionId]);
}
