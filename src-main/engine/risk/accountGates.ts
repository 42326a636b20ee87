import type { GateResult } from '#domain/decisions/decision';
import { optionLegs } from '#domain/structures/anatomy';
import { uncoveredShorts } from '#domain/structures/coverage';
import type { Leg } from '#domain/structures/leg';
import type { BrokerAccount } from '#ports/broker';
import { atLeast, atMost, below, holds } from './gates.ts';
import type { OpenCase } from './openCase.ts';

/** Kill switch, breakers and the account's own flags. */
export function accountGates(open: OpenCase): GateResult[] {
  const { book, limits, coveredUnit } = open;
  const { account } = book;
  const snapshotAge = book.snapshotAt === null ? null : Math.abs(book.now - book.snapshotAt) / 1000;
  return [
    holds('killSwitch', book.killState === 'ACTIVE', book.killState),
    ...armedGate(open),
    holds('entriesBlocked', book.entriesBlockedBy.length === 0, book.entriesBlockedBy.join(', ')),
    accountFlags(account),
    atMost('marginDeficit', account?.marginDeficit ?? null, 0, 'cents'),
    atLeast('optionsLevel', account?.optionsLevel ?? null, requiredLevel(coveredUnit), 'level'),
    atMost('snapshotAge', snapshotAge, limits.maxSnapshotAgeSeconds, 'seconds'),
  ];
}

/** Every flag must be told and be down: a broker that does not say whether it blocks is not taken for one that does not. */
function accountFlags(account: BrokerAccount | null): GateResult {
  if (account === null) return holds('accountFlags', false, 'the account is not known');
  const flags = [
    ['trading', account.tradingBlocked],
    ['the account', account.accountBlocked],
    ['trading by the user', account.suspendedByUser],
  ] as const;
  const up = flags.flatMap(([what, flag]) => {
    if (flag === false) return [];
    return [flag ? `${what} is blocked` : `the broker does not say whether ${what} is blocked`];
  });
  return up.length === 0 ? holds('accountFlags', true) : holds('accountFlags', false, up.join('; '));
}

/** With real money nothing is opened without the owner's leave for this account, nor after its time. */
function armedGate({ book }: OpenCase): GateResult[] {
  if (book.live === null) return [];
  const { arming } = book.live;
  if (arming === null) return [holds('notArmed', false, 'live trading is not armed')];
  const mine = book.account !== null && book.account.accountNumber === arming.account;
  if (!mine) return [holds('notArmed', false, `armed for account ${arming.account}`)];
  return [holds('notArmed', book.now < arming.until, book.now < arming.until ? 'armed' : 'the arming is over')];
}

/** Option level that a retail broker asks for: 0 shares alone, 1 covered call or cash-secured put, 2 long option, 3 combinations. */
function requiredLevel(legs: readonly Leg[]): number {
  const options = optionLegs(legs);
  const [only] = options;
  if (!only) return 0;
  if (options.length > 1) return 3;
  if (only.ratio > 0) return 2;
  return uncoveredShorts(legs).calls > 0 ? 4 : 1;
}

/** What the account has lost since the day, the week and its peak. A figure that is missing counts as a breach. */
export function lossGates({ book, limits }: OpenCase): GateResult[] {
  const { equity, dayStartEquity, weekStartEquity, peakEquity } = book;
  const lossSince = (start: number | null): number | null => (equity === null || start === null ? null : start - equity);
  const shareOf = (start: number | null): number | null => {
    const loss = lossSince(start);
    return loss === null || start === null || start <= 0 ? null : loss / start;
  };
  const today = lossSince(dayStartEquity);
  return [
    below('dailyLoss', shareOf(dayStartEquity), limits.maxDailyLossFraction, 'fraction'),
    below('dailyLossDollars', today === null ? null : today / 100, limits.maxDailyLossDollars, 'dollars'),
    below('weeklyLoss', shareOf(weekStartEquity), limits.maxWeeklyLossFraction, 'fraction'),
    below('drawdown', shareOf(peakEquity), limits.maxDrawdownFraction, 'fraction'),
  ];
}
