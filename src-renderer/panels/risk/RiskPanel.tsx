import type { RiskView } from '#contract/risk';
import { FeedFrame } from '../../components/FeedFrame.tsx';
import { dayAndTime } from '../../components/format/instants.ts';
import { useOpenFeed } from '../../stores/feedStore.ts';
import { riskFeed } from '../../stores/feeds.ts';
import { Concentration } from './Concentration.tsx';
import { Limits } from './Limits.tsx';
import { Reconciliation } from './Reconciliation.tsx';
import './risk.css';
import { StressGrid } from './StressGrid.tsx';

export function RiskPanel() {
  useOpenFeed(riskFeed, {});
  const feed = riskFeed.use();
  return (
    <FeedFrame what="limits" {...feed}>
      {(view) => <Risk view={view} />}
    </FeedFrame>
  );
}

function Risk({ view }: { view: RiskView }) {
  return (
    <div className="risk-layout">
      <section className="risk-limits" aria-label="Limits">
        <Limits limits={view.limits} />
      </section>
      <section className="risk-side" aria-label="Exposure">
        <StressGrid stress={view.stress} />
        <Concentration view={view} />
        <Reconciliation reconciliation={view.reconciliation} />
        <p className="faint">As of {dayAndTime(view.at)}</p>
      </section>
    </div>
  );
}
