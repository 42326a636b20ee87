import { useState } from 'react';
import type { SafetyView } from '#contract/safety';
import { Button } from '../../components/Button.tsx';
import { Section } from '../../components/Drawer.tsx';
import { dayAndTime } from '../../components/format/instants.ts';
import { titleOf } from '../../components/format/words.ts';
import { noneFound } from './soFar.ts';

/** Shown until the owner asks for all of them. */
const SHOWN = 20;

/** The comparisons with the broker that found something. */
export function Comparisons({ view }: { view: SafetyView }) {
  const [all, setAll] = useState(false);
  const { comparedAt, lookedBackTo, reconciliations } = view;
  const shown = all ? reconciliations : reconciliations.slice(0, SHOWN);
  return (
    <Section title="Reconciliation log">
      <p className="faint">{comparedAt === null ? 'Not compared yet.' : `Last compared ${dayAndTime(comparedAt)}.`}</p>
      {reconciliations.length === 0 ? <p className="faint">{noneFound(lookedBackTo)}</p> : null}
      <ol className="story">
        {shown.map(({ at, trigger, differences }) => (
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
      {reconciliations.length > shown.length ? (
        <Button small onClick={() => setAll(true)}>
          Show {reconciliations.length - shown.length} earlier
        </Button>
      ) : null}
    </Section>
  );
}
