import { titleOf, wordsOf } from '#domain/decisions/words';
import { addDays, civilDate, isTradingDay, sessionAt, sessionOn } from '#domain/market/calendar';
import { midOf } from '#domain/market/chain';
import type { Position } from '#domain/portfolio/position';
import { type Instant, type IsoDate, instant } from '#domain/units';
import { raiseAlert } from '../breakers/protect.ts';
import { isSane } from '../risk/combinationQuote.ts';
import type { Turn } from '../turn.ts';
import { expiryCutoffAt, isClosedOnLastDay } from './exitRules.ts';

export interface Danger {
  readonly what: string;
  readonly at: Instant;
}

/**
 * What cannot wait, soonest first: the expiration (our own cut-off before it, unless assignment is taken or nothing is short), the
 * broker's cut-off (it may liquidate from then on), and the close before an ex-dividend day for a short call in the money (it may
 * be assigned that night). Everything held is looked at.
 */
export function dangersOf(turn: Turn): readonly Danger[] {
  const dangers: Danger[] = [];
  for (const position of turn.state.positions.values())
    for (const danger of [...expirations(turn, position), ...exDividends(turn, position)])
      if (danger.at >= turn.now) dangers.push(danger);
  return dangers.sort((a, b) => a.at - b.at);
}

function expirations(turn: Turn, position: Position): Danger[] {
  if (position.expiration === null) return [];
  const { positions, protection } = turn.settings;
  const name = `${position.underlying} ${wordsOf(position.structure)}`;
  const ours = isClosedOnLastDay(position)
    ? { what: `${name}: last-day exit`, at: expiryCutoffAt(position.expiration, positions) }
    : { what: `${name} expires`, at: sessionOn(position.expiration)?.close ?? null };
  const brokers = expiryCutoffAt(position.expiration, { ...positions, expiryCutoff: protection.brokerCutoff });
  return [
    ...(ours.at === null ? [] : [{ what: ours.what, at: ours.at }]),
    ...(brokers === null ? [] : [{ what: `${name} may be liquidated by the broker`, at: brokers }]),
  ];
}

function exDividends(turn: Turn, position: Position): Danger[] {
  const spot = turn.present.quotes.get(position.underlying) ?? null;
  const isAtRisk = position.legs.some(
    ({ contract, quantity }) => contract?.right === 'call' && quantity < 0 && (!isSane(spot) || midOf(spot) >= contract.strike),
  );
  if (!isAtRisk) return [];
  const dividends = turn.present.histories.get(position.underlying)?.dividends ?? [];
  return dividends.flatMap(({ exDate }) => {
    if (position.expiration !== null && exDate > position.expiration) return [];
    const session = sessionOn(lastTradingDayBefore(exDate));
    return session
      ? [{ what: `${position.underlying} ${titleOf('short call')}: ex-dividend on ${exDate}`, at: session.close }]
      : [];
  });
}

function lastTradingDayBefore(date: IsoDate): IsoDate {
  let day = addDays(date, -1);
  while (!isTradingDay(day)) day = addDays(day, -1);
  return day;
}

/**
 * For how long open positions have had no market data in the session, milliseconds; 0 when they are watched or nothing is held.
 * A tape is as silent as it was recorded.
 */
export function unattendedMs(turn: Turn): number {
  const session = sessionAt(turn.now);
  if (turn.parts.feedCapabilities.quality === 'recorded') return 0;
  if (!session || turn.state.positions.size === 0) return 0;
  const watchedAt = Math.max(turn.present.dataAt ?? 0, session.open, turn.present.startedAt);
  return Math.max(0, turn.now - watchedAt);
}

/** Session time of today in which positions were held and no engine ran, before this start. */
export function unattendedBefore(turn: Turn, lastAt: Instant): number {
  if (turn.state.positions.size === 0) return 0;
  const session = sessionOn(civilDate(turn.now));
  if (!session) return 0;
  const from = instant(Math.max(lastAt, session.open));
  return Math.max(0, Math.min(turn.now, session.close) - from);
}

/** Positions that nobody can watch beyond the owner's limit are told as a critical alert. */
export function tellUnattended(turn: Turn, ms: number, why: string): void {
  if (ms < turn.settings.protection.unattendedSeconds * 1000) return;
  const held = turn.state.positions.size;
  raiseAlert(turn, 'Positions were unattended', `${held} open positions, ${(ms / 1000).toFixed(0)} s: ${why}`);
}
