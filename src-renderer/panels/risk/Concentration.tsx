import type { RiskView } from '#contract/risk';
import { Section } from '../../components/Drawer.tsx';
import { atRisk, signed } from '../../components/format/money.ts';
import { Meter } from '../../components/Meter.tsx';

export function Concentration({ view }: { view: RiskView }) {
  const widest = Math.max(1, ...view.bySector.map((sector) => sector.maxLossCents ?? 0));
  return (
    <>
      <Section title="Sectors, by maximum loss">
        {view.bySector.length === 0 ? <p className="faint">Nothing is held.</p> : null}
        <ul className="sectors">
          {view.bySector.map((sector) => (
            <li key={sector.sector}>
              <span>{sector.sector}</span>
              <Meter
                fraction={sector.maxLossCents === null ? 1 : (sector.maxLossCents / widest) * 0.999}
                warnAt={2}
                label={`${sector.sector}: ${atRisk(sector.maxLossCents)} at risk`}
              />
              <span className={sector.maxLossCents === null ? 'number loss' : 'number'}>{atRisk(sector.maxLossCents)}</span>
              <span className="number faint">{sector.positions}</span>
            </li>
          ))}
        </ul>
      </Section>
      {view.byUnderlying.length > 0 ? (
        <Section title="Underlyings">
          <table className="gates underlyings-table">
            <thead>
              <tr>
                <th scope="col">Underlying</th>
                <th scope="col">Positions</th>
                <th scope="col">At risk</th>
                <th scope="col">Delta</th>
              </tr>
            </thead>
            <tbody>
              {view.byUnderlying.map((row) => (
                <tr key={row.underlying}>
                  <td>{row.underlying}</td>
                  <td>{row.positions}</td>
                  <td className={row.maxLossCents === null ? 'loss' : ''}>{atRisk(row.maxLossCents)}</td>
                  <td>{signed(row.deltaShares, 1)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </Section>
      ) : null}
    </>
  );
}
