import { strikeText } from '../../components/format/contracts.ts';
import { civilDay } from '../../components/format/instants.ts';
import { decimal, percent } from '../../components/format/money.ts';
import type { SurfaceSlice } from '../../stores/surfaceSlice.ts';

const SHOWN = 12;

/** Quotes that the fitted smile cannot explain, the largest edge first. */
export function Mispriced({ slices }: { slices: readonly SurfaceSlice[] }) {
  const found = slices
    .flatMap((slice) => slice.mispriced.map((odd) => ({ ...odd, expiration: slice.expiration })))
    .sort((left, right) => right.edge - left.edge)
    .slice(0, SHOWN);
  if (found.length === 0) return <p className="faint">Every quote lies within the error band of its fit.</p>;
  return (
    <table className="gates">
      <thead>
        <tr>
          <th scope="col">Contract</th>
          <th scope="col">Verdict</th>
          <th scope="col">Fair IV</th>
          <th scope="col">Bid to ask</th>
          <th scope="col">Edge a share</th>
        </tr>
      </thead>
      <tbody>
        {found.map((odd) => (
          <tr key={`${odd.expiration}/${odd.strike}/${odd.right}`}>
            <td>
              {civilDay(odd.expiration)} {strikeText(odd.strike)} {odd.right}
            </td>
            <td>{odd.verdict}</td>
            <td>{percent(odd.fairVolatility)}</td>
            <td>
              {percent(odd.bidVolatility)} to {percent(odd.askVolatility)}
            </td>
            <td>{decimal(odd.edge)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
