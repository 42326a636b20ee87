import type { Instant } from '#domain/units';
import type { AccountSnapshot, SnapshotRequest } from '#ports/broker';
import type { Clock } from '#ports/clock';
import { accountOf, activityOf, orderOf, positionOf } from './decode.ts';
import { DecodeError, listOf } from './fields.ts';
import type { Gateway } from './gateway.ts';
import type { Lane } from './scheduler.ts';

/** One request to the broker in its lane; the answer's body, or a rejection. */
export type Ask = (lane: Lane, request: Parameters<Gateway['call']>[1]) => Promise<unknown>;

const PAGE = 500;
const ACTIVITY_PAGE = 100;

/** The account as five answers tell it. One that cannot be read fails the whole: half an account would look like a loss. */
export async function takeSnapshot(
  parts: { readonly ask: Ask; readonly clock: Pick<Clock, 'now'>; readonly isPaper: boolean },
  { activitiesSince, closedSince }: SnapshotRequest,
): Promise<AccountSnapshot> {
  const { ask, clock, isPaper } = parts;
  const [account, positions, open, closed, activities] = await Promise.all([
    ask('account', (api) => api.trading.account.getAccountRaw()),
    ask('account', (api) => api.trading.positions.getAllOpenPositionsRaw()),
    ask('account', (api) => api.trading.orders.getAllOrdersRaw({ status: 'open', limit: PAGE, nested: true })),
    ask('account', (api) =>
      api.trading.orders.getAllOrdersRaw({
        status: 'closed',
        limit: PAGE,
        nested: true,
        after: new Date(closedSince).toISOString(),
      }),
    ),
    activitiesAfter(ask, activitiesSince),
  ]);
  return {
    at: clock.now(),
    account: accountOf(account, isPaper),
    positions: neededList(positions, 'positions').map(positionOf),
    openOrders: neededList(open, 'open orders').map(orderOf),
    closedOrders: neededList(closed, 'closed orders').map(orderOf),
    activities,
  };
}

/**
 * By time and not by the id last seen: an id is the moment and a chance number, and a row published later with a smaller one would
 * never be shown.
 */
async function activitiesAfter(ask: Ask, since: Instant | null): Promise<AccountSnapshot['activities']> {
  const all: AccountSnapshot['activities'][number][] = [];
  const seen = new Set<string>();
  let pageToken: string | null = null;
  for (;;) {
    const token: string | null = pageToken;
    const page: AccountSnapshot['activities'] = neededList(
      await ask('account', (api) =>
        api.trading.accountActivities.getAccountActivitiesRaw({
          direction: 'asc',
          pageSize: ACTIVITY_PAGE,
          ...(since === null ? {} : { after: new Date(since) }),
          ...(token === null ? {} : { pageToken: token }),
        }),
      ),
      'activities',
    ).map(activityOf);
    all.push(...page);
    if (page.length < ACTIVITY_PAGE) return all;
    const last: string = page.at(-1)?.activityId ?? '';
    if (last === token || seen.has(last)) throw new DecodeError('activities: the same page again');
    seen.add(last);
    pageToken = last;
  }
}

/** An empty body where a list was asked for says nothing: taken for 'none', it would close every position in the book. */
function neededList(value: unknown, what: string): readonly unknown[] {
  if (value === null || value === undefined) throw new DecodeError(`${what}: expected a list`);
  return listOf(value, what);
}
