import type { OrderView } from '#contract/orders';
import { decimal, netPrice } from '../../components/format/money.ts';

/** The prices of the order's ladder from mid to bound, the current rung filled. Its words say the same. */
export function Ladder({ order }: { order: OrderView }) {
  if (order.rungs.length === 0) return <span className="faint">single price</span>;
  const at = order.rung ?? -1;
  const words = `Rung ${at + 1} of ${order.rungs.length}: ${order.rungs.map((price) => netPrice(price)).join(', ')}; bound ${netPrice(order.bound)}`;
  return (
    <span className="ladder" role="img" aria-label={words} title={words}>
      {order.rungs.map((price, index) => (
        <span
          // biome-ignore lint/suspicious/noArrayIndexKey: the rungs of one order never change their places
          key={index}
          className={index === at ? 'rung rung-at' : index < at ? 'rung rung-past' : 'rung'}
        >
          {index === at ? decimal(Math.abs(price)) : ''}
        </span>
      ))}
    </span>
  );
}
