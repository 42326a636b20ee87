import { memo } from 'react';
import type { PositionView } from '#contract/positions';
import { Amount, SignedNumber } from '../../components/Amount.tsx';
import { Badge } from '../../components/Badge.tsx';
import { Button } from '../../components/Button.tsx';
import { legsLine } from '../../components/format/contracts.ts';
import { civilDay } from '../../components/format/instants.ts';
import { netPrice, signedCash } from '../../components/format/money.ts';
import { titleOf } from '../../components/format/words.ts';
import { select } from '../../stores/selection.ts';
import { ExitBars } from './ExitBars.tsx';

interface PositionRowProps {
  readonly view: PositionView;
  readonly selected: boolean;
}

/** One structure: what it is, what it makes, and how far each exit rule is. */
export const PositionRow = memo(function PositionRow({ view, selected }: PositionRowProps) {
  const { position } = view;
  const toggle = () => select({ position: selected ? null : position.positionId });
  return (
    <tr aria-selected={selected} data-selectable="true" onClick={toggle}>
      <td data-label="Position">
        <button
          type="button"
          className="row-opener"
          aria-expanded={selected}
          aria-label={`Details of ${position.underlying} ${position.structure}`}
        >
          <strong>{position.underlying}</strong> {titleOf(position.structure)}
        </button>
        <div className="faint">
          {legsLine(position.legs)} · {position.expiration ? civilDay(position.expiration) : 'shares'} ·{' '}
          {titleOf(position.strategyId)}
        </div>
      </td>
      <td className="number" data-label="Units">
        {position.units}
        {position.status === 'open' ? null : <div className="warn">{position.status}</div>}
      </td>
      <td className="number" data-label="Entry">
        {netPrice(position.entryCredit)}
      </td>
      <td className="number" data-label="Mid now">
        <span className={view.stale ? 'warn' : ''} title={view.stale ? 'The mark is stale' : undefined}>
          {netPrice(view.mid)}
          {view.stale ? ' ◷' : ''}
        </span>
      </td>
      <td className="number" data-label="Unrealised">
        <Amount cents={view.unrealised} />
      </td>
      <td className="number" data-label="Total P&L">
        <Amount cents={view.totalPnl} />
      </td>
      <td className="number" data-label="DTE">
        {view.daysToExpiration ?? '–'}
      </td>
      <td className="number soft when-wide" data-label="Delta">
        <SignedNumber value={view.deltaShares} />
      </td>
      <td className="number soft when-wide" data-label="Theta">
        {signedCash(view.thetaDollarsPerDay === null ? null : view.thetaDollarsPerDay * 100)}
      </td>
      <td className="exit-cell" data-label="Exit rules">
        <ExitBars rules={view.exitRules} brief />
        {view.warnings.map((warning) => (
          <Badge key={warning} tone="warn">
            {warning}
          </Badge>
        ))}
      </td>
      <td className="number when-wide">
        <Button
          small
          aria-label={`Manage ${position.underlying} ${position.structure}`}
          onClick={(event) => {
            event.stopPropagation();
            select({ position: position.positionId });
          }}
        >
          Manage
        </Button>
      </td>
    </tr>
  );
});
