import { strikeText } from '../../components/format/contracts.ts';
import { civilDay } from '../../components/format/instants.ts';
import { decimal, percent } from '../../components/format/money.ts';
import type { SurfaceSlice } from '../../stores/surfaceSlice.ts';

const SHOWN = 12;

/** Quotes that the fitted smile cannot explain, the largest edge first. */
export function Mispriced({ slices, onPick }: { slices: readonly SurfaceSlice[]; onPick: (expiration: string) => void }) {
  const all = slices
    .flatMap((slice) => slice.mispriced.map((odd) => ({ ...odd, expiration: slice.expiration })))
    .sort((left, right) => right.edge - left.edge);
  const found = all.slice(0, SHOWN);
  if (found.length === 0) return <p className="faint">Every quote lies within the error band of its fit.</p>;
  return (
    <>
      <table className="gates mispriced">
        <thead>
          <tr>
            <th scope="col">Contract</th>
            <th scope="col">Verdict</th>
            <th scope="col">Fair IV ± band</th>
            <th scope="col">Bid to ask</th>
            <th scope="col">Edge a share</th>
          </tr>
        </thead>
        <tbody>
          {found.map((odd) => (
            <tr key={`${odd.expiration}/${odd.strike}/${odd.right}`}>
              <td>
                <button type="button" className="row-opener" onClick={() => onPick(odd.expiration)}>
                  {civilDay(odd.expiration)} {strikeText(odd.strike)} {odd.right}
                </button>
              </td>
              <td>{odd.verdict === 'dear' ? '▲ dear' : '▼ cheap'}</td>
              <td>
                {percent(odd.fairVolatility)} ± {decimal(odd.errorBand * 100)}
              </td>
              <td>
                {percent(odd.bidVolatility)} to {percent(odd.askVolatility)}
              </td>
              <td>{decimal(odd.edge)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {all.length > SHOWN ? <p className="faint">and {all.length - SHOWN} smaller ones</p> : null}
    </>
  );
}
