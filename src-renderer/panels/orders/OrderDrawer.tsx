import { useEffect, useState } from 'react';
import type { OutputOf } from '#contract/contract';
import type { OrderView } from '#contract/orders';
import { Button } from '../../components/Button.tsx';
import { Drawer, Section } from '../../components/Drawer.tsx';
import { contractName } from '../../components/format/contracts.ts';
import { clockTime, dayAndTime } from '../../components/format/instants.ts';
import { cash, netPrice, signed } from '../../components/format/money.ts';
import { titleOf } from '../../components/format/words.ts';
import { Empty, Loading } from '../../components/Notices.tsx';
import { desk, settled } from '../../connection/current.ts';
import { act } from '../../stores/act.ts';
import { select } from '../../stores/selection.ts';
import { canCancel, stateWords } from './states.ts';

type Story = OutputOf<'orders.story'>;

function useStory(order: OrderView) {
  const [story, setStory] = useState<Story | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  // The story grows whenever the order is updated.
  // biome-ignore lint/correctness/useExhaustiveDependencies: see above
  useEffect(() => {
    let current = true;
    void settled(desk.query('orders.story', { intentId: order.intentId })).then((result) => {
      if (!current) return;
      if (result.ok) setStory(result.answer);
      setFailure(result.ok ? null : result.failure.message);
    });
    return () => {
      current = false;
    };
  }, [order.intentId, order.updatedAt]);
  return { story, failure };
}

export function OrderDrawer({ order }: { order: OrderView }) {
  const { story, failure } = useStory(order);
  const state = stateWords[order.state];
  const slippage = order.fillPrice !== null && order.midAtDecision !== null ? order.midAtDecision - order.fillPrice : null;
  return (
    <Drawer
      title={`${order.underlying} ${order.purpose}: ${state.word}`}
      subtitle={state.means}
      onClose={() => select({ order: null })}
    >
      {canCancel(order) ? (
        <div className="close-line">
          <Button tone="danger" onClick={() => void act('order.cancel', 'Cancel', { intentId: order.intentId })}>
            Cancel this order
          </Button>
        </div>
      ) : null}
      <Section title="Order">
        <ul className="order-legs">
          {order.legs.map((leg) => (
            <li key={leg.symbol}>
              <strong>{leg.side === 'buy' ? 'Buy' : 'Sell'}</strong> {leg.ratio} × {contractName(leg.symbol)}{' '}
              <span className="faint">{titleOf(leg.intent)}</span>
            </li>
          ))}
        </ul>
        <dl className="facts">
          <dt>Limit now</dt>
          <dd>{netPrice(order.netLimit)}</dd>
          <dt>Bound, frozen at the decision</dt>
          <dd>{netPrice(order.bound)}</dd>
          <dt>Mid at the decision</dt>
          <dd>{netPrice(order.midAtDecision)}</dd>
          <dt>Fill</dt>
          <dd>{netPrice(order.fillPrice)}</dd>
          <dt>Slippage, + is worse</dt>
          <dd>{signed(slippage)}</dd>
          <dt>Fees</dt>
          <dd>{cash(order.fees)}</dd>
          <dt>Cause</dt>
          <dd>{titleOf(order.cause)}</dd>
          <dt>Created</dt>
          <dd>{dayAndTime(order.createdAt)}</dd>
          <dt>Client order id</dt>
          <dd className="identifier">{order.clientOrderId ?? '–'}</dd>
          <dt>Broker’s id</dt>
          <dd className="identifier">{order.brokerOrderId ?? '–'}</dd>
        </dl>
        {order.message ? <p className="soft">{order.message}</p> : null}
      </Section>
      <Section title="Story">
        {failure ? <Empty title="No story">{failure}</Empty> : story === null ? <Loading what="the story" /> : null}
        <ol className="story">
          {story?.map((step) => (
            <li key={step.seq}>
              <time>{clockTime(step.at)}</time>
              <strong>{titleOf(step.what)}</strong>
              <p className="soft">{step.detail}</p>
            </li>
          ))}
        </ol>
      </Section>
    </Drawer>
  );
}
