import { civilDate } from '#domain/market/calendar';
import type { Position } from '#domain/portfolio/position';
import { isSane } from '../risk/combinationQuote.ts';
import type { Turn } from '../turn.ts';
import type { ExitView } from './exitRules.ts';

/** What the rules see of one position now. */
export function exitViewOf(turn: Turn, position: Position): ExitView {
  return {
    position,
    mark: turn.present.marks.get(position.positionId) ?? null,
    now: turn.now,
    today: civilDate(turn.now),
    settings: turn.settings.positions,
    dividends: turn.present.histories.get(position.underlying)?.dividends ?? [],
    rate: turn.settings.scanner.riskFreeRate,
    askOf: (symbol) => {
      const quote = turn.present.quotes.get(symbol) ?? null;
      return isSane(quote) ? quote.ask : null;
    },
  };
}
