import type { DecisionView } from '#contract/decisions';
import type { OpinionRow, OpinionView } from '#contract/opinion';
import { Badge, type Tone } from '../../components/Badge.tsx';
import { Button } from '../../components/Button.tsx';
import { Section } from '../../components/Drawer.tsx';
import { duration } from '../../components/format/instants.ts';
import { cash, percent, signedCash } from '../../components/format/money.ts';
import { titleOf, wordsOf } from '../../components/format/words.ts';
import { act } from '../../stores/act.ts';
import { useOpenFeed } from '../../stores/feedStore.ts';
import { opinionFeed } from '../../stores/feeds.ts';

const STANCES: Readonly<Record<'agree' | 'disagree' | 'unsure', readonly [tone: Tone, word: string]>> = {
  agree: ['good', '✓ agrees'],
  disagree: ['warn', '✗ disagrees'],
  unsure: ['plain', '? unsure'],
};

/** What a language model says about this proposal. It is shown and does nothing: the buttons above alone answer. */
export function SecondOpinion({ view, waits }: { view: DecisionView; waits: boolean }) {
  useOpenFeed(opinionFeed, {});
  const opinions = opinionFeed.use((feed) => feed.item);
  const { decisionId } = view.decision;
  const row = opinions?.opinions.find((one) => one.decisionId === decisionId) ?? null;
  // Where it is switched off nothing of it is in the way.
  if (opinions === null || (row === null && (!waits || !opinions.enabled))) return null;
  return (
    <Section title="Second opinion">
      {row === null ? null : <Said row={row} view={view} waits={waits} />}
      {waits && opinions.enabled ? <Ask opinions={opinions} decisionId={decisionId} row={row} /> : null}
    </Section>
  );
}

function Ask({ opinions, decisionId, row }: { opinions: OpinionView; decisionId: string; row: OpinionRow | null }) {
  const isAsking = row?.state === 'asking';
  return (
    <div className="close-line">
      <Button
        disabled={isAsking || opinions.problem !== ''}
        onClick={() => void act('opinion.ask', 'Second opinion', { decisionId })}
      >
        {row === null ? 'Second opinion' : 'Ask again'}
      </Button>
      <span className="faint">
        {opinions.problem ||
          `A language model (${opinions.model} at ${opinions.origin}) is asked. It can say something and do nothing. ${opinions.askedWithinADay} of ${opinions.mostPerDay} asked within a day.`}
      </span>
    </div>
  );
}

function Said({ row, view, waits }: { row: OpinionRow; view: DecisionView; waits: boolean }) {
  if (row.state === 'asking') return <p className="soft">{row.model} is asked …</p>;
  if (row.state === 'overtaken')
    return <p className="soft">The answer came after this proposal was decided; it is in the journal ({row.opinionId}).</p>;
  if (row.opinion === null)
    return (
      <p className="soft">
        No opinion: {row.why === null ? 'unknown' : wordsOf(row.why)}
        {row.detail === '' ? '' : ` (${row.detail})`}.
      </p>
    );
  const { stance, concerns, confidence, reason } = row.opinion;
  const [tone, word] = STANCES[stance];
  const { metrics } = view.decision;
  const real = concerns.filter((concern) => concern !== 'none');
  return (
    <>
      <p>
        <Badge tone={tone}>{word}</Badge> <span className="soft">{sureness(confidence)}</span>{' '}
        {real.map((concern) => (
          <Badge key={concern}>{titleOf(concern)}</Badge>
        ))}
      </p>
      <blockquote className="opinion-words">{reason}</blockquote>
      <p className="faint">
        Written by {row.model}, asked by {row.by}
        {row.ms === null ? '' : `, after ${duration(row.ms)}`}
        {waits ? '' : ', before the answer'}. Numbers in it are struck out. The desk’s own: chance of profit{' '}
        {percent(metrics.probabilityOfProfit)}, expected value {signedCash(metrics.expectedValueCents)}, at most{' '}
        {metrics.maxLossCents === null ? 'an unbounded loss' : `${cash(metrics.maxLossCents)} lost`} a unit.
      </p>
    </>
  );
}

/** Words, so that no figure of the model's stands beside the desk's. */
function sureness(confidence: number): string {
  if (confidence >= 0.75) return 'says that it is sure';
  return confidence >= 0.4 ? 'says that it is fairly sure' : 'says that it is not sure';
}
