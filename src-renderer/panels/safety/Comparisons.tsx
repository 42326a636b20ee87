import type { SafetyView } from '#contract/safety';
import { Section } from '../../components/Drawer.tsx';
import { dayAndTime } from '../../components/format/instants.ts';
import { titleOf } from '../../components/format/words.ts';

/** The comparisons with the broker that found something. */
export function Comparisons({ view }: { view: SafetyView }) {
  return (
    <Section title="Reconciliation log">
      <p className="faint">{view.comparedAt === null ? 'Not compared yet.' : `Last compared ${dayAndTime(view.comparedAt)}.`}</p>
      {view.reconciliations.length === 0 ? <p className="faint">No comparison has found a difference.</p> : null}
      <ol className="story">
        {view.reconciliations.map(({ at, trigger, differences }) => (
          <li key={`${at}/${trigger}`}>
            <time>{dayAndTime(at)}</time> <span className="faint">{titleOf(trigger)}</span>
            {differences.map(({ subject, classification, ours, theirs, resolved, ended }) => (
              <p key={subject} className={resolved && ended !== 'escalated' ? 'soft' : 'loss'}>
                {resolved ? '✓' : '✕'} {subject}: {titleOf(classification)} ({ours} by our book, {theirs} at the broker), {ended}
              </p>
            ))}
          </li>
        ))}
      </ol>
    </Section>
  );
}
