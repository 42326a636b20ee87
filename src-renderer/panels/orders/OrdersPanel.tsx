import type { OrderView } from '#contract/orders';
import { FeedFrame } from '../../components/FeedFrame.tsx';
import { Empty } from '../../components/Notices.tsx';
import { ordersFeed } from '../../stores/feeds.ts';
import { useSelection } from '../../stores/selection.ts';
import { OrderDrawer } from './OrderDrawer.tsx';
import { OrderRow } from './OrderRow.tsx';
import './orders.css';
import { isWorking, keyOf } from './states.ts';

export function OrdersPanel() {
  const feed = ordersFeed.use();
  return (
    <FeedFrame what="orders" {...feed}>
      {(orders) => <Orders orders={orders} />}
    </FeedFrame>
  );
}

const HEAD = [
  { title: 'State', look: '' },
  { title: 'Order', look: '' },
  { title: 'Filled', look: 'number' },
  { title: 'Limit', look: 'number' },
  { title: 'Fill', look: 'number' },
  { title: 'Ladder', look: '' },
  { title: 'Cause', look: 'when-wide' },
  { title: 'Updated', look: '' },
  { title: '', look: '' },
] as const;

function Orders({ orders }: { orders: readonly OrderView[] }) {
  const selected = useSelection((selection) => selection.order);
  const open = orders.find((order) => keyOf(order) === selected);
  const working = orders.filter(isWorking);
  const finished = orders.filter((order) => !isWorking(order));
  return (
    <div className="with-drawer">
      <section className="panel-main" aria-label="Order list">
        {orders.length === 0 ? (
          <Empty title="No orders yet">
            Every order that the engine or you send appears here, with each rung of its price ladder.
          </Empty>
        ) : (
          <div className="scroll">
            <table className="data-table orders-table">
              <thead>
                <tr>
                  {HEAD.map(({ title, look }) => (
                    <th key={title} scope="col" className={look}>
                      {title || <span className="hidden-label">Acts</span>}
                    </th>
                  ))}
                </tr>
              </thead>
              <Group title={`Working: ${working.length}`} orders={working} selected={selected} />
              <Group title={`Finished: ${finished.length}`} orders={finished} selected={selected} />
            </table>
          </div>
        )}
      </section>
      {open ? <OrderDrawer key={keyOf(open)} order={open} /> : null}
    </div>
  );
}

function Group({ title, orders, selected }: { title: string; orders: readonly OrderView[]; selected: string | null }) {
  return (
    <tbody>
      <tr className="group-row">
        <th colSpan={HEAD.length} scope="rowgroup">
          {title}
        </th>
      </tr>
      {orders.map((order) => (
        <OrderRow key={keyOf(order)} order={order} selected={keyOf(order) === selected} />
      ))}
    </tbody>
  );
}
