import type { OrderRecord } from '../state/orderRecord.ts';
import type { Turn } from '../turn.ts';
import { trip, untrip } from './protect.ts';

/** A fill against the mid that was decided on: one very bad one, or several bad ones in a day, stop entries. */
export function checkSlippage(turn: Turn, record: OrderRecord, netPrice: number): void {
  const { slippageOutlierDollars, slippageStopDollars, maxSlippageOutliersPerDay } = turn.settings.protection;
  const slippage = Math.round((record.ladder.midAtDecision - netPrice) * 1e4) / 1e4;
  if (slippage <= slippageOutlierDollars) return;
  const { intentId, attempt } = record.request;
  turn.emit({ kind: 'SlippageNoted', intentId, attempt, strategyId: record.strategyId, slippage });
  const outliers = turn.state.day?.outliers ?? 0;
  if (slippage > slippageStopDollars)
    trip(
      turn,
      'slippage',
      { gate: 'slippage', passed: false, value: slippage, limit: slippageStopDollars, unit: 'dollars', note: record.key },
      `${record.key} filled $${slippage.toFixed(2)} a share worse than decided: no new entries`,
    );
  else if (outliers >= maxSlippageOutliersPerDay)
    trip(
      turn,
      'slippage',
      { gate: 'slippageOutliers', passed: false, value: outliers, limit: maxSlippageOutliersPerDay, unit: 'fills' },
      `${outliers} fills far worse than decided today: no new entries`,
    );
}

/** Silence of the market data in a session, while anything is looked at or held. A tape is as silent as it was recorded. */
export function checkFeed(turn: Turn, sessionOpen: number): void {
  const { present, settings, state, now } = turn;
  if (turn.parts.feedCapabilities.quality === 'recorded') return;
  if (present.strategies.length === 0 && state.positions.size === 0) return;
  const heardAt = Math.max(present.dataAt ?? 0, sessionOpen, present.startedAt);
  const silentMs = now - heardAt;
  if (silentMs <= settings.protection.feedDeadSeconds * 1000) return untrip(turn, 'feedDeath');
  trip(
    turn,
    'feedDeath',
    {
      gate: 'feedSilence',
      passed: false,
      value: silentMs / 1000,
      limit: settings.protection.feedDeadSeconds,
      unit: 'seconds',
    },
    `no market data for ${(silentMs / 1000).toFixed(0)} s: no new entries`,
  );
}
