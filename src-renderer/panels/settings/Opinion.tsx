import type { OpinionView } from '#contract/opinion';
import { Badge } from '../../components/Badge.tsx';
import { FeedFrame } from '../../components/FeedFrame.tsx';
import { duration } from '../../components/format/instants.ts';
import { wordsOf } from '../../components/format/words.ts';
import { useNow } from '../../components/useNow.ts';
import { act } from '../../stores/act.ts';
import { useOpenFeed } from '../../stores/feedStore.ts';
import { opinionFeed } from '../../stores/feeds.ts';
import { SecretForm } from './SecretForm.tsx';

/** A language model that may be asked about proposals: whether it can be, its key, and what it last came to. */
export function Opinion() {
  useOpenFeed(opinionFeed, {});
  const feed = opinionFeed.use();
  return (
    <FeedFrame what="second opinion" {...feed}>
      {(view) => (
        <div className="keys-page">
          <h2 className="settings-title">Second opinion</h2>
          <p className="soft">
            A language model of your choice may be asked about a proposal that waits for your answer (Decisions). What it says is
            shown as plain text and does nothing: it cannot approve, decline, size, stop, release or set anything. Its settings
            are under Opinion; it is off until you switch it on there.
          </p>
          <Standing view={view} />
          <Key view={view} />
        </div>
      )}
    </FeedFrame>
  );
}

function Standing({ view }: { view: OpinionView }) {
  const now = useNow();
  const last = view.opinions[0];
  return (
    <section className="card key-card" aria-label="Model">
      <header className="card-head">
        <div>
          <h3>Model</h3>
          <p className="soft">
            {view.model === '' ? 'no name yet' : view.model} at <span className="identifier">{view.origin}</span>
          </p>
        </div>
        {view.problem === '' ? <Badge tone="good">✓ can be asked</Badge> : <Badge>{view.enabled ? 'not now' : 'off'}</Badge>}
      </header>
      {view.problem === '' ? null : <p className="soft">{view.problem}</p>}
      <p className="soft">
        {view.askedWithinADay} of {view.mostPerDay} questions asked within a day
        {last === undefined
          ? ''
          : `; the last ${duration(now - last.askedAt)} ago: ${last.why === null ? wordsOf(last.state) : wordsOf(last.why)}`}
        .
      </p>
    </section>
  );
}

function Key({ view }: { view: OpinionView }) {
  return (
    <SecretForm
      label="Model key"
      title="Key"
      words={
        <>
          Only where the model asks for one; a model on this machine needs none. It goes into the key store, is sent to{' '}
          {view.origin} alone, and never comes back to this window.
        </>
      }
      badge={view.keyFor === '' ? <Badge>not stored</Badge> : <Badge tone="good">✓ for {view.keyFor}</Badge>}
      field="Model key"
      placeholder="Key"
      least={8}
      problem={view.storeProblem}
      onStore={(key) => act('opinion.storeKey', 'Model key', { key })}
      onRemove={view.keyFor === '' ? undefined : () => void act('opinion.forgetKey', 'Model key removed', {})}
    >
      {view.keyFor === '' || view.keyFor === view.origin ? null : (
        <p className="loss">The stored key is for another address and is not sent to {view.origin}.</p>
      )}
    </SecretForm>
  );
}
