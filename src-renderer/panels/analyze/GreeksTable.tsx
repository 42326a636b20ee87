import { Amount } from '../../components/Amount.tsx';
import { decimal, signed, signedCash } from '../../components/format/money.ts';
import type { GreeksRow } from './analysis.ts';

/** Profit and greeks of the whole thing, one row a price or a day. */
export function GreeksTable({
  head,
  rows,
  nameOf,
  isDollars = false,
}: {
  head: string;
  rows: readonly GreeksRow[];
  nameOf: (row: GreeksRow) => string;
  /** Several underlyings: delta and gamma are dollars per 1 % of all prices. */
  isDollars?: boolean;
}) {
  return (
    <table className="gates greeks-table">
      <thead>
        <tr>
          <th scope="col">{head}</th>
          <th scope="col">P&L</th>
          <th scope="col">{isDollars ? 'Delta / 1 %' : 'Delta'}</th>
          <th scope="col">{isDollars ? 'Gamma / 1 %' : 'Gamma'}</th>
          <th scope="col">Theta / d</th>
          <th scope="col">Vega / pt</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={nameOf(row)}>
            <td>{nameOf(row)}</td>
            <td>
              <Amount cents={Math.round(row.profit * 100)} digits={0} arrow={false} />
            </td>
            <td>{isDollars ? signedCash(row.delta * 100, 0) : signed(row.delta, 1)}</td>
            <td>{isDollars ? signedCash(row.gamma * 100, 0) : decimal(row.gamma, 2)}</td>
            <td>{signedCash(row.thetaPerDay * 100)}</td>
            <td>{signedCash(row.vegaPerPoint * 100)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
