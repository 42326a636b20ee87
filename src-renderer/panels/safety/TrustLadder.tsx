import { Section } from '../../components/Drawer.tsx';
import { titleOf } from '../../components/format/words.ts';
import { useOpenFeed } from '../../stores/feedStore.ts';
import { strategiesFeed } from '../../stores/feeds.ts';

/** How far each strategy is trusted, and what the next rung still asks of it. */
export function TrustLadder() {
  useOpenFeed(strategiesFeed, {});
  const strategies = strategiesFeed.use((feed) => feed.item) ?? [];
  return (
    <Section title="Trust, with this account">
      <table className="gates">
        <thead>
          <tr>
            <th scope="col">Strategy</th>
            <th scope="col">Rung</th>
            <th scope="col">For the next</th>
          </tr>
        </thead>
        <tbody>
          {strategies.map(({ strategyId, title, trust }) => (
            <tr key={strategyId}>
              <th scope="row">{title}</th>
              <td title={trust.reason}>{titleOf(trust.rung)}</td>
              <td className="faint">
                {trust.next === null
                  ? 'at the top'
                  : `${trust.next.gates.filter(({ passed }) => passed).length} of ${trust.next.gates.length} conditions met`}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Section>
  );
}
