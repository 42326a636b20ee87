import { useEffect, useState } from 'react';
import type { OutputOf } from '#contract/contract';
import { clockTime } from '../../components/format/instants.ts';
import { whole } from '../../components/format/money.ts';
import { gateTitle } from '../../components/format/words.ts';
import { desk, settled } from '../../connection/current.ts';
import { statusFeed } from '../../stores/feeds.ts';
import { funnelSteps } from './funnelSteps.ts';

type Scan = OutputOf<'decisions.funnel'>[number];

const SCANS = 30;

/** How the last scans narrowed down: a bar per step of the newest one, and what fell by which rule. */
export function Funnel() {
  const scanId = statusFeed.use((feed) => feed.item?.scan.scanId ?? 0);
  const [scans, setScans] = useState<readonly Scan[]>([]);
  const [chosen, setChosen] = useState<number | null>(null);
  // Each finished scan brings a new funnel.
  // biome-ignore lint/correctness/useExhaustiveDependencies: see above
  useEffect(() => {
    let current = true;
    void settled(desk.query('decisions.funnel', { limit: SCANS })).then((result) => {
      if (current && result.ok) setScans(result.answer);
    });
    return () => {
      current = false;
    };
  }, [scanId]);
  const newestFirst = [...scans].sort((left, right) => right.scanId - left.scanId);
  const scan = newestFirst.find((entry) => entry.scanId === chosen) ?? newestFirst[0];
  if (!scan) return <p className="funnel-empty faint">No scan has finished yet.</p>;
  const mostProposals = Math.max(1, ...scans.map((entry) => entry.proposals));
  const fallen = Object.entries(scan.funnel)
    .filter(([, count]) => count > 0)
    .sort((left, right) => right[1] - left[1]);
  return (
    <section className="funnel" aria-label="Funnel of the last scans">
      <ol className="funnel-steps">
        {funnelSteps(scan).map((step) => (
          <li key={step.title}>
            <span className="funnel-bar" style={{ width: `${Math.max(1, step.share * 100)}%` }} aria-hidden="true" />
            <strong>{whole(step.count)}</strong> <span className="soft">{step.title}</span>
          </li>
        ))}
      </ol>
      <div className="funnel-fallen">
        <h3 className="faint">
          Fell in scan {scan.scanId} at {clockTime(scan.at)}, by rule
        </h3>
        <ul>
          {fallen.slice(0, 12).map(([rule, count]) => (
            <li key={rule}>
              {gateTitle(rule)} <strong>{whole(count)}</strong>
            </li>
          ))}
          {fallen.length === 0 ? <li>nothing</li> : null}
        </ul>
      </div>
      <fieldset className="funnel-history" aria-label="Scans">
        {[...newestFirst].reverse().map((entry) => (
          <button
            key={entry.scanId}
            type="button"
            aria-pressed={entry.scanId === scan.scanId}
            aria-label={`Scan ${entry.scanId} at ${clockTime(entry.at)}: ${entry.proposals} proposals, ${entry.approved} approved`}
            title={`${clockTime(entry.at)} · ${entry.candidates} candidates, ${entry.proposals} proposals, ${entry.approved} approved`}
            onClick={() => setChosen(entry.scanId === newestFirst[0]?.scanId ? null : entry.scanId)}
          >
            <span style={{ height: `${8 + (entry.proposals / mostProposals) * 80}%` }} />
            {entry.approved > 0 ? <i aria-hidden="true" /> : null}
          </button>
        ))}
      </fieldset>
    </section>
  );
}
