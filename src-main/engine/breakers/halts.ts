import type { TradingHalt } from '#ports/marketData';
import { toldHalts } from '../state/riskBook.ts';
import { notify, type Turn } from '../turn.ts';

/**
 * The feed's word on trading halts, kept for the underlyings that are scanned or held. A halted underlying takes no new risk;
 * exits go on as ever: the broker holds or refuses them, and they are tried again.
 */
export function takeHalts(turn: Turn, halts: readonly TradingHalt[]): void {
  for (const halt of halts) {
    if (!concerns(turn, halt.underlying) || !isNews(turn, halt)) continue;
    turn.emit({ kind: 'TradingHaltTold', halt });
    const held = [...turn.state.positions.values()].filter(({ underlying }) => underlying === halt.underlying).length;
    if (held === 0) continue;
    notify(
      turn,
      'breach',
      halt.halted ? `Trading in ${halt.underlying} is halted` : `Trading in ${halt.underlying} goes on`,
      `${held} ${held === 1 ? 'position' : 'positions'} there. ${halt.reason}${halt.halted ? ': nothing new is opened, exits are tried on' : ''}.`,
      halt.halted,
    );
  }
}

function concerns({ state, settings }: Turn, underlying: string): boolean {
  return settings.universe.includes(underlying) || [...state.positions.values()].some((held) => held.underlying === underlying);
}

/** A halt that is known (same code, still counting) and an end of none are no news. */
function isNews(turn: Turn, halt: TradingHalt): boolean {
  if (!halt.halted) return turn.state.toldHalts.has(halt.underlying) || turn.state.haltedAt.has(halt.underlying);
  return toldHalts(turn).get(halt.underlying)?.code !== halt.code;
}
