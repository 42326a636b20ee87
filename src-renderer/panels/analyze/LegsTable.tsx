import { decimal, percent, signed, signedCash } from '../../components/format/money.ts';
import type { LegRow } from './analysis.ts';

/** Every leg at its own strike and volatility: what it is worth and how it moves, in its whole size. */
export function LegsTable({ rows }: { rows: readonly LegRow[] }) {
  return (
    <table className="gates greeks-table">
      <thead>
        <tr>
          <th scope="col">Leg</th>
          <th scope="col">IV</th>
          <th scope="col">Delta</th>
          <th scope="col">Gamma</th>
          <th scope="col">Theta / d</th>
          <th scope="col">Vega / pt</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.key}>
            <td>
              {row.quantity > 0 ? '+' : '−'}
              {Math.abs(row.quantity)} {row.name}
            </td>
            <td>{percent(row.volatility)}</td>
            <td>{signed(row.delta, 1)}</td>
            <td>{decimal(row.gamma, 2)}</td>
            <td>{signedCash(row.thetaPerDay * 100)}</td>
            <td>{signedCash(row.vegaPerPoint * 100)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
