import type { RealisedEstimator } from '#domain/volatility/realised';
import { percent, signedPercent } from '../../components/format/money.ts';
import { Meter } from '../../components/Meter.tsx';
import { LOOK_BACKS, type RealisedRow, type RecordedTenor, rankingsOf, realisedRows, type TenorRankings } from './history.ts';
import type { Past } from './usePast.ts';

const NAMES: Readonly<Record<RealisedEstimator, string>> = {
  closeToClose: 'Close to close',
  parkinson: 'Parkinson',
  garmanKlass: 'Garman-Klass',
  rogersSatchell: 'Rogers-Satchell',
  yangZhang: 'Yang-Zhang',
};

/** How today's implied volatilities stand in their past, and what has been realised against the 30 days. */
export function History(props: {
  past: Past | null;
  current: Readonly<Record<RecordedTenor, number | null>>;
  settings: { readonly leastDays: number; readonly impliedPremium: number };
}) {
  const { past, current, settings } = props;
  if (past === null) return <p className="faint">Asking for the past …</p>;
  return (
    <div className="history">
      <Ranks rankings={rankingsOf(past, current, settings)} leastDays={settings.leastDays} />
      <Realised rows={realisedRows(past, current[30])} />
    </div>
  );
}

/** A new high or low of the window is its end: rank says where in the range, not how far outside. */
function within(rank: number | null): number | null {
  return rank === null ? null : Math.max(0, Math.min(1, rank));
}

function Ranks({ rankings, leastDays }: { rankings: readonly TenorRankings[]; leastDays: number }) {
  if (rankings.length === 0) return <p className="faint">No implied volatility yet.</p>;
  return (
    <table className="gates history-table">
      <caption className="faint">IV rank / percentile by tenor, over so many trading days</caption>
      <thead>
        <tr>
          <th scope="col">IV</th>
          {LOOK_BACKS.map((window) => (
            <th key={window} scope="col">
              {window} d
            </th>
          ))}
          <th scope="col">Ranked in</th>
        </tr>
      </thead>
      <tbody>
        {rankings.map(({ tenor, basis, recordedDays, rows }) => (
          <tr key={tenor}>
            <td>{tenor} d</td>
            {rows.map(({ window, rank, percentile }) => (
              <td key={window}>
                <Meter
                  fraction={rank === null ? null : Math.min(rank, 0.999)}
                  warnAt={2}
                  label={`IV rank of ${tenor} days over ${window} days: ${percent(within(rank), 0)}`}
                />
                {percent(within(rank), 0)} / {percent(percentile, 0)}
              </td>
            ))}
            <td className="ranked-in">
              {basis === 'ownHistory'
                ? `${recordedDays} recorded days`
                : `realised volatility: ${recordedDays} of ${leastDays} days recorded`}
            </td>
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
