import { civilDate } from '#domain/market/calendar';
import { optionLegs } from '#domain/structures/anatomy';
import { cents, type Instant } from '#domain/units';
import type { JournalFact } from '#ports/facts';
import type { EntryStory } from './accountBook.ts';
import type { EngineState } from './engineState.ts';

type PositionFact = Extract<
  JournalFact,
  { kind: 'PositionOpened' | 'PositionChanged' | 'PositionMarked' | 'ExitPlanChanged' | 'ExitTriggered' | 'PositionClosed' }
>;

/** Positions, their stories and their results, fact by fact. */
export function applyPositionFact(state: EngineState, fact: PositionFact, at: Instant): void {
  switch (fact.kind) {
    case 'PositionOpened':
      state.counters.position = Math.max(state.counters.position, Number(fact.position.positionId.slice(1)) || 0);
      state.counters.campaign = Math.max(state.counters.campaign, Number(fact.position.campaignId.slice(1)) || 0);
      state.positions.set(fact.position.positionId, fact.position);
      state.stories.set(fact.position.positionId, storyOf(state, fact.position.positionId, fact.position.decisionId, at));
      return;
    case 'PositionChanged': {
      state.positions.set(fact.position.positionId, fact.position);
      if (fact.why.startsWith('joined into')) state.positions.delete(fact.position.positionId);
      const story = state.stories.get(fact.position.positionId);
      if (story && fact.why === 'entry fill') state.stories.set(fact.position.positionId, { ...story, lastFillAt: at });
      if (story && fact.why === 'exit fill')
        state.stories.set(fact.position.positionId, withExit(state, fact.position.positionId, story));
      return;
    }
    case 'PositionMarked': {
      const position = state.positions.get(fact.positionId);
      const { maxAdverse, maxFavourable, highWaterProfit } = fact;
      if (position) state.positions.set(fact.positionId, { ...position, maxAdverse, maxFavourable, highWaterProfit });
      return;
    }
    case 'ExitPlanChanged': {
      const position = state.positions.get(fact.positionId);
      if (position) state.positions.set(fact.positionId, { ...position, exitPlan: fact.exitPlan });
      return;
    }
    case 'ExitTriggered': {
      const position = state.positions.get(fact.positionId);
      if (position) state.positions.set(fact.positionId, { ...position, exitReason: fact.reason, status: 'closing' });
      return;
    }
    case 'PositionClosed': {
      const { trade } = fact;
      state.positions.delete(fact.positionId);
      state.stories.delete(fact.positionId);
      state.counters.trade = Math.max(state.counters.trade, Number(trade.tradeId.slice(1)) || 0);
      const result = state.results.get(trade.strategyId) ?? { trades: 0, wins: 0, pnl: 0, gains: 0, losses: 0 };
      const { pnl } = trade.outcome;
      state.results.set(trade.strategyId, {
        trades: result.trades + 1,
        wins: result.wins + (pnl > 0 ? 1 : 0),
        pnl: result.pnl + pnl,
        gains: result.gains + Math.max(pnl, 0),
        losses: result.losses + Math.max(-pnl, 0),
      });
      state.losingStreaks.set(trade.strategyId, pnl < 0 ? (state.losingStreaks.get(trade.strategyId) ?? 0) + 1 : 0);
      if (state.day) state.day = { ...state.day, realised: cents(state.day.realised + pnl) };
      if (pnl < 0) state.lastLossAt.set(trade.underlying, at);
      if (civilDate(trade.enteredAt) === civilDate(at)) countRoundTrip(state, trade.underlying);
      return;
    }
  }
}

/** Opened and closed on one day. */
function countRoundTrip(state: EngineState, underlying: string): void {
  state.roundTripsToday.set(underlying, (state.roundTripsToday.get(underlying) ?? 0) + 1);
  const today = state.dayTrades.at(-1);
  if (today) state.dayTrades = [...state.dayTrades.slice(0, -1), { ...today, count: today.count + 1 }];
}

function storyOf(state: EngineState, positionId: string, decisionId: string | null, at: Instant): EntryStory {
  const orders = [...state.orders.values()].filter(
    (order) => order.positionId === positionId && order.request.purpose === 'open',
  );
  const first = orders[0];
  const last = orders.at(-1);
  return {
    decision: decisionId === null ? null : (state.decisions.get(decisionId) ?? null),
    firstOrderAt: first?.createdAt ?? at,
    lastFillAt: at,
    midAtDecision: first?.ladder.midAtDecision ?? 0,
    limitCredit: last?.request.netLimit ?? 0,
    spot: first?.ladder.spotAtDecision ?? null,
    equity: state.lastEquity?.equity ?? null,
    exitCredit: null,
    exitMid: null,
  };
}

/**
 * Average price of what was closed so far, and of the mids that were decided on, per unit of the position: stages of one exit
 * (a call bought back, then its shares) add up, exits of parts average; of shares alone per share.
 */
function withExit(state: EngineState, positionId: string, story: EntryStory): EntryStory {
  const orders = [...state.orders.values()].filter((order) => order.positionId === positionId);
  const multiplier = orders.flatMap(({ legs }) => optionLegs(legs))[0]?.contract.multiplier;
  let units = 0;
  let value = 0;
  let mid = 0;
  for (const { request, filled, filledValue, unitWeight, ladder } of orders) {
    if (request.purpose !== 'close' || filled === 0) continue;
    const perShare = request.assetClass === 'stock' && multiplier !== undefined ? 1 / multiplier : 1;
    units += filled * (multiplier === undefined ? 1 : unitWeight);
    value += filledValue * perShare;
    mid += filled * ladder.midAtDecision * perShare;
  }
  return units === 0 ? story : { ...story, exitCredit: value / units, exitMid: mid / units };
}
