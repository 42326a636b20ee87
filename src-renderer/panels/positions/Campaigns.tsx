import type { CampaignView } from '#contract/positions';
import { Amount } from '../../components/Amount.tsx';

/** Open, rolls, assignment, shares and call-away joined under one P&L. */
export function Campaigns({ campaigns }: { campaigns: readonly CampaignView[] }) {
  const joined = campaigns.filter((campaign) => campaign.positions.length > 1);
  if (joined.length === 0) return null;
  return (
    <section className="campaigns" aria-label="Campaigns">
      <h3>Campaigns</h3>
      <ul>
        {joined.map((campaign) => (
          <li key={campaign.campaignId}>
            <strong>{campaign.underlying}</strong>
            <span className="faint">
              {campaign.campaignId} · {campaign.positions.length} positions
              {campaign.closed > 0 ? `, ${campaign.closed} closed` : ''}
            </span>
            <Amount cents={campaign.pnl} />
          </li>
        ))}
      </ul>
    </section>
  );
}
