import { memo } from 'react';
import type { OrderView } from '#contract/orders';
import { Badge } from '../../components/Badge.tsx';
import { Button } from '../../components/Button.tsx';
import { legsLine } from '../../components/format/contracts.ts';
import { dayAndTime } from '../../components/format/instants.ts';
import { netPrice } from '../../components/format/money.ts';
import { titleOf } from '../../components/format/words.ts';
import { act } from '../../stores/act.ts';
import { select } from '../../stores/selection.ts';
import { Ladder } from './Ladder.tsx';
import { canCancel, keyOf, stateWords } from './states.ts';

export const OrderRow = memo(function OrderRow({ order, selected }: { order: OrderView; selected: boolean }) {
  const state = stateWords[order.state];
  const legs = order.legs.map((leg) => ({ symbol: leg.symbol, ratio: leg.side === 'buy' ? leg.ratio : -leg.ratio }));
  return (
    <tr aria-selected={selected} data-selectable="true" onClick={() => select({ order: selected ? null : keyOf(order) })}>
      <td>
        <Badge tone={state.tone} title={state.means}>
          {state.word}
        </Badge>
      </td>
      <td>
        <button
          type="button"
          className="row-opener"
          aria-expanded={selected}
          aria-label={`Story of ${order.underlying} ${order.purpose} order ${order.intentId}`}
        >
          <strong>{order.underlying}</strong> {order.purpose} × {order.contracts}
        </button>
        <div className="faint">
          {legsLine(legs)} · {titleOf(order.strategyId)}
        </div>
      </td>
      <td className="number">
        {order.filled} of {order.contracts}
      </td>
      <td className="number">{netPrice(order.netLimit)}</td>
      <td className="number">{order.fillPrice === null ? '–' : netPrice(order.fillPrice)}</td>
      <td>
        <Ladder order={order} />
      </td>
      <td className="soft when-wide">{titleOf(order.cause)}</td>
      <td className="soft">{dayAndTime(order.updatedAt)}</td>
      <td className="number">
        {canCancel(order) ? (
          <Button
            small
            aria-label={`Cancel ${order.underlying} order ${order.intentId}`}
            onClick={(event) => {
              event.stopPropagation();
              void act('order.cancel', 'Cancel', { intentId: order.intentId });
            }}
          >
            Cancel
          </Button>
        ) : null}
      </td>
    </tr>
  );
});
