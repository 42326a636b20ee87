import type { Trade } from '#domain/portfolio/position';
import { plusMs } from '#domain/units';
import type { Turn } from '../turn.ts';
import { coolDown } from './protect.ts';

/** What a closed trade says about its underlying and its strategy. After a stop its underlying rests; after too many losing trades in a row their strategy does. */
export function coolAfter(turn: Turn, trade: Trade): void {
  const { stopCooldownMinutes, strategyLosingStreak, strategyCooldownHours } = turn.settings.protection;
  if (trade.outcome.exitReason === 'stopLoss')
    coolDown(
      turn,
      `stop:${trade.underlying}`,
      { level: 'position', underlying: trade.underlying },
      plusMs(turn.now, stopCooldownMinutes * 60_000),
      { gate: 'stopLoss', passed: false, value: trade.outcome.pnl, limit: 0, unit: 'cents' },
      `${trade.underlying} was stopped out: no new entry for ${stopCooldownMinutes} minutes`,
    );
  const streak = turn.state.losingStreaks.get(trade.strategyId) ?? 0;
  if (streak < strategyLosingStreak || streak % strategyLosingStreak !== 0) return;
  coolDown(
    turn,
    `strategy:${trade.strategyId}`,
    { level: 'strategy', strategyId: trade.strategyId },
    plusMs(turn.now, strategyCooldownHours * 3_600_000),
    { gate: 'losingStreak', passed: false, value: streak, limit: strategyLosingStreak, unit: 'trades' },
    `${trade.strategyId} lost ${streak} trades in a row: it pauses for ${strategyCooldownHours} hours`,
  );
}
