import { civilDate } from '#domain/market/calendar';
import type { ChainAnswer, ChainWindow } from '#ports/marketData';
import { furtherVolatilityOf } from '../scanner/furtherVolatility.ts';
import { nextRequestId, type Turn } from '../turn.ts';

/**
 * Chain that 60 and 90 days need. Near: the last monthly before 60 days is never nearer than 25. Far: underlyings with a quarterly
 * cycle list nothing between two near months and the next month of their cycle, so the first expiration beyond 90 days may be a
 * quarter away. Only the strikes around the money are wanted, even where they stand far apart.
 */
const WINDOW: ChainWindow = { minDaysToExpiration: 25, maxDaysToExpiration: 190, strikesWithin: 0.1 };

/** Asks once, with the last scan of a session, for the expirations that no scan looks at: 60 and 90 days are recorded from them. */
export function askClosingVolatility(turn: Turn): void {
  const requestId = nextRequestId(turn, 'closing');
  turn.present.closingLook = { requestId, date: civilDate(turn.now), volatilities: new Map() };
  turn.act({ kind: 'requestChains', request: { requestId, underlyings: turn.settings.universe, window: WINDOW } });
}

/** True when the answer was asked for by the closing look: it is read for its volatilities alone, and no decision rests on it. */
export function takeClosingVolatility(turn: Turn, answer: ChainAnswer): boolean {
  const { closingLook, memory, histories } = turn.present;
  if (closingLook?.requestId !== answer.requestId) return false;
  const terms = { now: turn.now, today: closingLook.date, settings: turn.settings, memory, histories };
  for (const chain of answer.chains) closingLook.volatilities.set(chain.underlying, furtherVolatilityOf(chain, terms, WINDOW));
  return true;
}
