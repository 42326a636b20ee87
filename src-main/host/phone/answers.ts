import type { DeskStatus } from '#contract/desk';
import type { PositionView } from '#contract/positions';
import type { Decision } from '#domain/decisions/decision';
import { wordsOf } from '#domain/decisions/words';
import { newYorkOffsetMs } from '#domain/market/newYorkClock';
import { type Instant, instant } from '#domain/units';

/** Positions in one message. */
const MOST_POSITIONS = 20;

export const HELP = [
  '/status  how the desk stands',
  '/positions  what is held, and how near each exit is',
  '/proposals  what waits for your answer',
  '/pause  nothing new is opened; exits go on',
  '/freeze or /kill  working orders are cancelled, nothing more is sent, exits neither',
  '/seen a1  an alert is acknowledged',
  '/approve d1, /decline d1  answers a proposal, with a one-time code (only when the settings allow it)',
  'A thrown switch is released at the desk only; no limit can be changed from here.',
].join('\n');

/** How the desk stands. Without `amounts` nothing of what the account is worth or made is in it. */
export function statusText(status: DeskStatus, amounts: boolean): string {
  const { kill, entries, account, counts, clock, data, danger, alerts } = status;
  const lines = [
    `${status.mode === 'live' ? 'REAL MONEY' : 'Paper'}, ${status.venue}. Market ${clock.phase}. New York ${clockText(status.now)}`,
    `Kill switch: ${kill.state}${kill.state === 'ACTIVE' ? '' : ` (${kill.reason}, by ${kill.by})`}${kill.progress === null ? '' : `; ${kill.progress}`}`,
    entries.open ? 'Entries: open' : `Entries: closed, ${entries.blockedBy.join('; ')}`,
    `${plural(counts.positions, 'position')}, ${plural(counts.workingOrders, 'working order')}, ${counts.awaitingApproval} waiting for your answer`,
    `Lines: ${status.connections.map(({ channel, state }) => `${channel} ${state}`).join(', ')}; data ${data.stale ? 'STALE' : 'fresh'}`,
  ];
  if (danger !== null) lines.push(`Next danger: ${danger.what}, ${dayText(danger.at)}`);
  for (const { alertId, title } of alerts) lines.push(`Alert ${alertId} waits: ${title}`);
  for (const { breaker, detail } of status.breakers) lines.push(`Breaker ${breaker}: ${detail}`);
  if (amounts)
    lines.push(`Equity ${cash(account.equity)}, today ${cash(account.dayPnl)}, open positions ${cash(account.openPnl)}`);
  const text = lines.join('\n');
  return amounts ? text : withoutAmounts(text);
}

export function positionsText(positions: readonly PositionView[], amounts: boolean): string {
  if (positions.length === 0) return 'Nothing is held.';
  const lines = positions.slice(0, MOST_POSITIONS).map((view) => {
    const { position, daysToExpiration, unrealised, stale, exitRules, workingOrder } = view;
    const days = daysToExpiration === null ? '' : `, ${plural(daysToExpiration, 'day')} left`;
    const profit = amounts ? `, ${cash(unrealised)}` : '';
    const nearest = exitRules.reduce<(typeof exitRules)[number] | null>(
      (best, rule) => ((rule.progress ?? 0) > (best?.progress ?? 0) ? rule : best),
      null,
    );
    const exit = nearest === null ? '' : `; ${nearest.title} ${((nearest.progress ?? 0) * 100).toFixed(0)} %`;
    return `${position.underlying} ${wordsOf(position.structure)} × ${Math.max(position.units, 1)}${days}${profit}${exit}${stale ? '; NOT VALUED NOW' : ''}${workingOrder === null ? '' : '; being worked'}`;
  });
  if (positions.length > MOST_POSITIONS) lines.push(`and ${positions.length - MOST_POSITIONS} more`);
  return lines.join('\n');
}

/** A proposal with everything that is approved by its code: legs, size, price and what it can lose. */
export function proposalText({ decisionId, underlying, structure, contracts, legs, metrics, strategyId }: Decision): string {
  const risk = metrics.maxLossCents === null ? 'without bound' : cash(metrics.maxLossCents * contracts);
  return [
    `${decisionId}: ${underlying} ${wordsOf(structure)} × ${contracts} (${wordsOf(strategyId)})`,
    ...legs.map(({ symbol, ratio }) => `  ${ratio > 0 ? '+' : ''}${ratio} ${symbol}`),
    `mid ${metrics.midCredit.toFixed(2)} a share, at most ${risk} at risk, probability of profit ${(metrics.probabilityOfProfit * 100).toFixed(0)} %`,
  ].join('\n');
}

/** What a notice says without what things cost or are worth: amounts, prices and long numbers become dots, percentages stay. */
export function withoutAmounts(text: string): string {
  return text.replaceAll(
    /[-+−]?\$\s?\d+(?:,\d{3})*(?:\.\d+)?|[-+−]?\d{1,3}(?:,\d{3})+(?:\.\d+)?|[-+−]?\d+\.\d+(?!\s?%)\b|[-+−]?\b\d{5,}(?:\.\d+)?\b|[-+−]?\b\d+(?=\s?(?:dollars|cents|USD)\b)/g,
    '•••',
  );
}

export function plural(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}

function cash(cents: number | null): string {
  if (cents === null) return 'not known';
  const sign = cents < 0 ? '−' : '';
  return `${sign}$${(Math.abs(cents) / 100).toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 })}`;
}

function dayText(at: Instant): string {
  return new Date(at + newYorkOffsetMs(at)).toISOString().slice(0, 16).replace('T', ' ');
}

function clockText(at: number): string {
  return dayText(instant(at)).slice(11);
}
