import type { RiskView } from '#contract/risk';
import { Section } from '../../components/Drawer.tsx';
import { signedCash, signedPercent } from '../../components/format/money.ts';
import { heat } from './limitFigures.ts';

function shade(strength: number): string {
  const colour = strength < 0 ? 'var(--loss)' : 'var(--gain)';
  return `color-mix(in srgb, ${colour} ${Math.round(Math.abs(strength) * 45)}%, transparent)`;
}

/** What the portfolio would make or lose: columns move the spot, rows move volatility. */
export function StressGrid({ stress }: { stress: RiskView['stress'] }) {
  return (
    <Section title="Stress: spot across, volatility down">
      <table className="stress">
        <thead>
          <tr>
            <th scope="col">
              <span className="hidden-label">Volatility move</span>
            </th>
            {stress.spotMoves.map((move) => (
              <th key={move} scope="col">
                {signedPercent(move, 0)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {stress.volatilityMoves.map((move, row) => (
            <tr key={move}>
              <th scope="row">{signedPercent(move, 0)}</th>
              {stress.spotMoves.map((spotMove, column) => {
                const cents = stress.pnlCents[row]?.[column] ?? null;
                return (
                  <td key={spotMove} style={{ background: shade(heat(cents, stress.pnlCents)) }}>
                    {signedCash(cents, 0)}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </Section>
  );
}
