import { civilDay } from '../../components/format/instants.ts';
import { percent } from '../../components/format/money.ts';
import type { SurfaceSlice } from '../../stores/surfaceSlice.ts';
import { HEAT_TITLES, heatRows, warmth } from './heatRows.ts';

function shade(share: number): string {
  return `color-mix(in srgb, var(--warn) ${Math.round(share * 55)}%, color-mix(in srgb, var(--accent) ${Math.round((1 - share) * 30)}%, transparent))`;
}

/** The fitted surface as a table in colour: delta across, tenor down; a row opens its expiration. */
export function HeatMap({ slices, onPick }: { slices: readonly SurfaceSlice[]; onPick: (expiration: string) => void }) {
  const rows = heatRows(slices);
  return (
    <table className="heat">
      <thead>
        <tr>
          <th scope="col">Expiration</th>
          {HEAT_TITLES.map((title) => (
            <th key={title} scope="col">
              {title}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.expiration}>
            <th scope="row">
              <button type="button" className="row-opener" onClick={() => onPick(row.expiration)}>
                {civilDay(row.expiration)} <span className="faint">{row.daysToExpiration} d</span>
              </button>
            </th>
            {row.volatilities.map((volatility, index) => (
              <td key={HEAT_TITLES[index]} style={{ background: shade(warmth(volatility, rows)) }}>
                {percent(volatility)}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
