import { type Instant, instant } from '#domain/units';
import type { BrokerOrder } from '#ports/broker';
import { orderOf } from './decode.ts';
import { DecodeError, listOf } from './fields.ts';
import type { Gateway } from './gateway.ts';

const PAGE = 500;

/**
 * Every order that reached the broker from `from` until before `until`, whatever became of it, oldest first. A look at the account
 * reaches back two days and shows five hundred orders; this one pages through any stretch.
 */
export async function ordersBetween(
  gateway: Pick<Gateway, 'call'>,
  { from, until }: { readonly from: Instant; readonly until: Instant },
  page = PAGE,
): Promise<readonly BrokerOrder[]> {
  const orders = new Map<string, BrokerOrder>();
  for (let after = from; ; ) {
    const body = await gateway.call('account', (api) =>
      api.trading.orders.getAllOrdersRaw({
        status: 'all',
        direction: 'asc',
        nested: true,
        limit: page,
        // Both bounds are exclusive there; the last order of a page is asked for again, with those of the same millisecond.
        after: new Date(after - 1).toISOString(),
        until: new Date(until).toISOString(),
      }),
    );
    const told = listOf(body, 'orders').map(orderOf);
    const known = orders.size;
    for (const order of told) orders.set(order.brokerOrderId, order);
    if (told.length < page) return [...orders.values()].filter(({ submittedAt }) => submittedAt >= from && submittedAt < until);
    if (orders.size === known) throw new DecodeError('orders: the same page again');
    after = instant(Math.max(...told.map(({ submittedAt }) => submittedAt)));
  }
}
