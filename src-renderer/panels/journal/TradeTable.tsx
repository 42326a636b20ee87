import { memo, useState } from 'react';
import type { Trade } from '#domain/portfolio/position';
import { Amount } from '../../components/Amount.tsx';
import { Badge } from '../../components/Badge.tsx';
import { Button } from '../../components/Button.tsx';
import { dayAndTime } from '../../components/format/instants.ts';
import { decimal, netPrice, percent, signed } from '../../components/format/money.ts';
import { titleOf } from '../../components/format/words.ts';
import { Empty } from '../../components/Notices.tsx';
import { select } from '../../stores/selection.ts';

const HEAD = [
  'Closed',
  'Trade',
  'Strategy',
  'Units',
  'Entry',
  'Exit',
  'P&L',
  'Days',
  'Exit reason',
  'Slippage',
  'Risk',
  'Notes',
] as const;
/** Rows drawn at first; more on demand. */
const PAGE = 200;
const NUMBERS = /^(Units|Entry|Exit|P&L|Days|Slippage|Risk)$/;

const TradeRow = memo(function TradeRow({ trade, selected }: { trade: Trade; selected: boolean }) {
  const { execution, outcome } = trade;
  return (
    <tr aria-selected={selected} data-selectable="true" onClick={() => select({ trade: selected ? null : trade.tradeId })}>
      <td className="soft">{dayAndTime(trade.exitedAt)}</td>
      <td>
        <button type="button" className="row-opener" aria-expanded={selected} aria-label={`Story of trade ${trade.tradeId}`}>
          <strong>{trade.underlying}</strong> {titleOf(trade.structure)}
        </button>
      </td>
      <td className="soft">{titleOf(trade.strategyId)}</td>
      <td className="number">{trade.risk.units}</td>
      <td className="number">{netPrice(execution.fillCredit)}</td>
      <td className="number">{netPrice(execution.exitCredit)}</td>
      <td className="number">
        <Amount cents={outcome.pnl} />
      </td>
      <td className="number">{decimal(outcome.daysHeld, 1)}</td>
      <td>
        <Badge>{titleOf(outcome.exitReason)}</Badge>
      </td>
      <td className="number soft">{signed(execution.slippage)}</td>
      <td className="number soft">{percent(trade.risk.riskFraction, 2)}</td>
      <td className="soft trade-notes">{trade.notes}</td>
    </tr>
  );
});

export function TradeTable({ trades, selected }: { trades: readonly Trade[]; selected: string | null }) {
  const [shown, setShown] = useState(PAGE);
  if (trades.length === 0)
    return <Empty title="No closed trades yet">A trade is written here when its last leg is closed, expired or assigned.</Empty>;
  return (
    <div className="scroll">
      <table className="data-table">
        <thead>
          <tr>
            {HEAD.map((title) => (
              <th key={title} scope="col" className={NUMBERS.test(title) ? 'number' : ''}>
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {trades.slice(0, shown).map((trade) => (
            <TradeRow key={trade.tradeId} trade={trade} selected={trade.tradeId === selected} />
          ))}
        </tbody>
      </table>
      {trades.length > shown ? (
        <p className="older">
          <Button onClick={() => setShown(shown + PAGE)}>Older trades ({trades.length - shown})</Button>
        </p>
      ) : null}
    </div>
  );
}
