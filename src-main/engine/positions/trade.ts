import { titleOf, wordsOf } from '#domain/decisions/words';
import { civilDate, daysBetween } from '#domain/market/calendar';
import type { ExitReason, Position, Trade } from '#domain/portfolio/position';
import { cents } from '#domain/units';
import { coolAfter } from '../breakers/cooling.ts';
import { pauseAfterRoundTrips } from '../breakers/runaway.ts';
import { demoteIfDue } from '../trust/trust.ts';
import { notify, type Turn } from '../turn.ts';

/** Writes the trade of a position that has no legs left. `held` is the position before its last legs went. */
export function closeTrade(turn: Turn, position: Position, held: Position, reason: ExitReason): void {
  const { state } = turn;
  const story = state.stories.get(position.positionId);
  const decision = story?.decision ?? null;
  state.counters.trade += 1;
  const pnl = cents(position.cashFlow - position.fees);
  const maxLoss = position.maxLossPerUnit === null ? null : cents(Math.round(position.maxLossPerUnit * position.openedUnits));
  const short = decision?.legs.filter((leg) => leg.ratio < 0 && leg.right !== 'stock') ?? [];
  const options = decision?.legs.filter((leg) => leg.right !== 'stock') ?? [];
  const trade: Trade = {
    tradeId: `t${state.counters.trade}`,
    positionId: position.positionId,
    campaignId: position.campaignId,
    account: turn.parts.account,
    mode: turn.parts.mode,
    underlying: position.underlying,
    strategyId: position.strategyId,
    structure: position.structure,
    enteredAt: position.openedAt,
    exitedAt: turn.now,
    parameters: decision?.parameters ?? {},
    entry: {
      spot: decision?.metrics.spot ?? story?.spot ?? null,
      ivRank: decision?.metrics.ivRank ?? null,
      openInterestShort: short[0]?.openInterest ?? null,
      spread: options.length === 0 ? null : round4(Math.max(...options.map((leg) => leg.ask - leg.bid))),
      probabilityOfProfit: decision?.metrics.probabilityOfProfit ?? null,
      expectedValueCents: decision?.metrics.expectedValueCents ?? null,
      legs: options.map(({ symbol, ratio, bid, ask, impliedVolatility, delta, gamma, thetaPerDay, vegaPerPoint }) => ({
        symbol,
        ratio,
        bid,
        ask,
        impliedVolatility,
        delta,
        gamma,
        thetaPerDay,
        vegaPerPoint,
      })),
    },
    execution: {
      limitCredit: story?.limitCredit ?? 0,
      fillCredit: position.entryCredit,
      slippage: round4((story?.midAtDecision ?? position.entryCredit) - position.entryCredit),
      fees: position.fees,
      workingMs: story ? story.lastFillAt - story.firstOrderAt : 0,
      exitCredit: story?.exitCredit === null || story?.exitCredit === undefined ? null : round4(story.exitCredit),
      exitSlippage:
        story?.exitCredit === null || story?.exitCredit === undefined || story.exitMid === null
          ? null
          : round4(story.exitMid - story.exitCredit),
    },
    risk: {
      units: position.openedUnits,
      maxLoss,
      riskFraction: maxLoss === null || !story?.equity ? null : Math.round((maxLoss / story.equity) * 1e6) / 1e6,
    },
    outcome: {
      pnl,
      daysHeld: daysBetween(civilDate(position.openedAt), civilDate(turn.now)),
      exitReason: reason,
      maxAdverse: cents(Math.min(held.maxAdverse, pnl)),
      maxFavourable: cents(Math.max(held.maxFavourable, pnl)),
    },
    reasonTags: [...position.tags, reason],
    notes: '',
  };
  turn.emit({ kind: 'PositionClosed', positionId: position.positionId, trade });
  coolAfter(turn, trade);
  pauseAfterRoundTrips(turn, trade);
  demoteIfDue(turn, trade.strategyId);
  turn.present.marks.delete(position.positionId);
  turn.present.exitHits.delete(position.positionId);
  notify(
    turn,
    'exit',
    `${position.underlying} ${wordsOf(position.structure)} closed`,
    `${titleOf(reason)}: ${pnl >= 0 ? '+' : '-'}$${(Math.abs(pnl) / 100).toFixed(2)}`,
  );
}

function round4(value: number): number {
  return Math.round(value * 1e4) / 1e4 || 0;
}
