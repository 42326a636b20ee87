import type { RiskView } from '#contract/risk';
import { Badge } from '../../components/Badge.tsx';
import { Section } from '../../components/Drawer.tsx';
import { dayAndTime } from '../../components/format/instants.ts';
import { titleOf } from '../../components/format/words.ts';

/** Ours against the broker's, difference by difference. */
export function Reconciliation({ reconciliation }: { reconciliation: RiskView['reconciliation'] }) {
  const { at, differences } = reconciliation;
  const open = differences.filter((difference) => !difference.resolved).length;
  return (
    <Section
      title="Reconciliation"
      aside={<Badge tone={open > 0 ? 'bad' : 'good'}>{open > 0 ? `${open} open` : 'agrees'}</Badge>}
    >
      <p className="faint">{at === null ? 'Not compared yet.' : `Compared with the broker ${dayAndTime(at)}.`}</p>
      {differences.length > 0 ? (
        <table className="gates">
          <thead>
            <tr>
              <th scope="col">Difference</th>
              <th scope="col">Subject</th>
              <th scope="col">Ours</th>
              <th scope="col">Broker’s</th>
              <th scope="col">State</th>
            </tr>
          </thead>
          <tbody>
            {differences.map((difference) => (
              <tr key={`${difference.kind}/${difference.subject}`}>
                <td>
                  {titleOf(difference.kind)}
                  <div className="gate-note">{titleOf(difference.classification)}</div>
                </td>
                <td>{difference.subject}</td>
                <td>{difference.ours}</td>
                <td>{difference.theirs}</td>
                <td className={difference.resolved ? 'gain' : 'loss'}>{difference.resolved ? '✓ resolved' : '✕ open'}</td>
              </tr>
            ))}
          </tbody>
        </table>
      ) : null}
    </Section>
  );
}
