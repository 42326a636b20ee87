import type { RealisedEstimator } from '#domain/volatility/realised';
import { percent, signedPercent } from '../../components/format/money.ts';
import { Meter } from '../../components/Meter.tsx';
import { type Rankings, type RealisedRow, rankingsOf, realisedRows } from './history.ts';
import type { Past } from './usePast.ts';

const NAMES: Readonly<Record<RealisedEstimator, string>> = {
  closeToClose: 'Close to close',
  parkinson: 'Parkinson',
  garmanKlass: 'Garman-Klass',
  rogersSatchell: 'Rogers-Satchell',
  yangZhang: 'Yang-Zhang',
};

/** How today's implied volatility stands in its past, and what has been realised against it. */
export function History(props: {
  past: Past | null;
  iv30: number | null;
  settings: { readonly leastDays: number; readonly impliedPremium: number };
}) {
  const { past, iv30, settings } = props;
  if (past === null) return <p className="faint">Asking for the past …</p>;
  return (
    <div className="history">
      {iv30 === null ? <p className="faint">No 30-day volatility yet.</p> : <Ranks rankings={rankingsOf(past, iv30, settings)} />}
      <Realised rows={realisedRows(past, iv30)} />
    </div>
  );
}

function Ranks({ rankings }: { rankings: Rankings }) {
  return (
    <table className="gates history-table">
      <caption className="faint">
        {rankings.basis === 'ownHistory'
          ? `in ${rankings.days} recorded days`
          : 'in realised volatility: no history of its own yet'}
      </caption>
      <thead>
        <tr>
          <th scope="col">Look-back</th>
          <th scope="col">IV rank</th>
          <th scope="col">Percentile</th>
        </tr>
      </thead>
      <tbody>
        {rankings.rows.map(({ window, rank, percentile }) => (
          <tr key={window}>
            <td>{window} d</td>
            <td>
              <Meter
                fraction={rank === null ? null : Math.min(rank, 0.999)}
                warnAt={2}
                label={`IV rank over ${window} days: ${percent(rank, 0)}`}
              />
              {percent(rank, 0)}
            </td>
            <td>{percent(percentile, 0)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Realised({ rows }: { rows: readonly RealisedRow[] }) {
  return (
    <table className="gates history-table">
      <caption className="faint">realised, and IV 30 d less it</caption>
      <thead>
        <tr>
          <th scope="col">Estimator</th>
          <th scope="col">21 d</th>
          <th scope="col">63 d</th>
          <th scope="col">Premium</th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ estimator, month, quarter, premium }) => (
          <tr key={estimator}>
            <td>{NAMES[estimator]}</td>
            <td>{percent(month)}</td>
            <td>{percent(quarter)}</td>
            <td>{signedPercent(premium)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
