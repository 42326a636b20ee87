import type { JournalSummary } from '#contract/journal';
import { EquityChart } from '../../charts/EquityChart.tsx';
import { Amount } from '../../components/Amount.tsx';
import { cash, decimal, percent } from '../../components/format/money.ts';
import { titleOf } from '../../components/format/words.ts';
import { useWorkspace } from '../../stores/workspace.ts';

export function Summary({ summary }: { summary: JournalSummary }) {
  const theme = useWorkspace((workspace) => workspace.theme);
  const reasons = Object.entries(summary.exitReasons).sort((left, right) => right[1] - left[1]);
  const most = Math.max(1, ...reasons.map(([, count]) => count));
  return (
    <div className="journal-top">
      <EquityChart equity={summary.equity} theme={theme} />
      <div className="journal-figures">
        <dl className="facts">
          <dt>Realised, after fees</dt>
          <dd>
            <Amount cents={summary.pnl} />
          </dd>
          <dt>Trades</dt>
          <dd>{summary.trades}</dd>
          <dt>Won</dt>
          <dd>
            {summary.wins} ({percent(summary.trades === 0 ? null : summary.wins / summary.trades, 0)})
          </dd>
          <dt>Profit factor</dt>
          <dd>{decimal(summary.profitFactor)}</dd>
          <dt>Expectancy a trade</dt>
          <dd>
            <Amount cents={summary.expectancy} arrow={false} />
          </dd>
          <dt>Deepest drawdown</dt>
          <dd>{cash(summary.maxDrawdown === null ? null : -Math.abs(summary.maxDrawdown))}</dd>
          <dt>Fees</dt>
          <dd>{cash(summary.fees)}</dd>
        </dl>
        <ul className="exit-reasons" aria-label="Exit reasons">
          {reasons.map(([reason, count]) => (
            <li key={reason}>
              <span>{titleOf(reason)}</span>
              <span className="exit-reason-bar" aria-hidden="true">
                <span style={{ width: `${(count / most) * 100}%` }} />
              </span>
              <span className="number">{count}</span>
            </li>
          ))}
        </ul>
      </div>
    </div>
  );
}
