import { FeedFrame } from '../../components/FeedFrame.tsx';
import { useOpenFeed } from '../../stores/feedStore.ts';
import { safetyFeed } from '../../stores/feeds.ts';
import { Absence } from './Absence.tsx';
import { Comparisons } from './Comparisons.tsx';
import { Controls } from './Controls.tsx';
import { DayBooks } from './DayBooks.tsx';
import { Evidence } from './Evidence.tsx';
import { KillHistory } from './KillHistory.tsx';
import { Severities } from './Severities.tsx';
import './safety.css';
import { TrustLadder } from './TrustLadder.tsx';
import { Watchdog } from './Watchdog.tsx';

/** Everything that stands between a decision and the owner's money, and what proves it. */
export function SafetyPanel() {
  useOpenFeed(safetyFeed, {});
  const feed = safetyFeed.use();
  return (
    <FeedFrame what="controls" {...feed}>
      {(view) => (
        <div className="safety">
          <div className="safety-layout">
            <section className="safety-controls" aria-label="Controls">
              <Evidence view={view} />
              <Controls view={view} />
            </section>
            <section className="safety-side" aria-label="Protection">
              <Absence />
              <Watchdog />
              <KillHistory />
              <DayBooks days={view.days} notAudited={view.notAudited} />
              <Comparisons view={view} />
              <Severities />
              <TrustLadder />
            </section>
          </div>
        </div>
      )}
    </FeedFrame>
  );
}
