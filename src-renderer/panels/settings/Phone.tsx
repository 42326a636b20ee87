import { useState } from 'react';
import type { PhoneView } from '#contract/phone';
import { Badge, type Tone } from '../../components/Badge.tsx';
import { Button } from '../../components/Button.tsx';
import { FeedFrame } from '../../components/FeedFrame.tsx';
import { duration } from '../../components/format/instants.ts';
import { useNow } from '../../components/useNow.ts';
import { desk, newCommandId, settled } from '../../connection/current.ts';
import { act } from '../../stores/act.ts';
import { useOpenFeed } from '../../stores/feedStore.ts';
import { phoneFeed } from '../../stores/feeds.ts';
import { showFailure, showOutcome } from '../../stores/toasts.ts';
import { SecretForm } from './SecretForm.tsx';

const LINES: Readonly<Record<PhoneView['line'], readonly [tone: Tone, word: string]>> = {
  off: ['plain', 'off'],
  connecting: ['warn', 'connecting'],
  connected: ['good', '✓ connected'],
  conflict: ['bad', 'another program reads it'],
  refused: ['bad', 'token not accepted'],
  failing: ['warn', 'no answer'],
};

/** The owner's phone: the bot's token goes in, a code pairs one phone, and what it did is shown. */
export function Phone() {
  useOpenFeed(phoneFeed, {});
  const feed = phoneFeed.use();
  return (
    <FeedFrame what="phone" {...feed}>
      {(view) => (
        <div className="keys-page">
          <h2 className="settings-title">Phone</h2>
          <p className="soft">
            Watch and stop from a phone, over a Telegram bot of your own. A phone asks and stops; it never releases the kill
            switch, changes no limit, and answers proposals only where you allow it. Its settings are under Telegram.
          </p>
          <Bot view={view} />
          <Pairing view={view} />
        </div>
      )}
    </FeedFrame>
  );
}

function Bot({ view }: { view: PhoneView }) {
  const now = useNow();
  const [tone, word] = LINES[view.line];
  return (
    <SecretForm
      label="Telegram bot"
      title="1. Bot"
      words="Make one with @BotFather in Telegram and store its token here. It goes into the key store and never comes back to this window."
      badge={<Badge tone={tone}>{word}</Badge>}
      field="Bot token"
      placeholder={view.hasToken ? 'Another token' : 'Token, 123456789:AA…'}
      least={30}
      problem={view.storeProblem}
      onStore={(token) => act('phone.storeToken', 'Bot token', { token })}
      onRemove={view.hasToken ? () => void act('phone.forgetToken', 'Bot token removed', {}) : undefined}
    >
      {view.hasToken ? (
        <p className="soft">
          {view.bot === '' ? 'A token is stored' : `@${view.bot}`}; last contact {since(view.lastContactAt, now)}
          {view.waiting > 0 ? `; ${view.waiting} messages wait` : ''}
          {view.givenUp > 0 ? `; ${view.givenUp} were left out` : ''}
        </p>
      ) : null}
      {view.detail === '' ? null : <p className={view.line === 'off' ? 'faint' : 'loss'}>{view.detail}</p>}
    </SecretForm>
  );
}

function Pairing({ view }: { view: PhoneView }) {
  const [drawn, setDrawn] = useState<{ readonly code: string; readonly link: string; readonly qrSvg: string } | null>(null);
  const now = useNow();
  const open = view.pairing !== null && drawn !== null && view.paired === null;

  async function pair() {
    const result = await settled(desk.command('phone.pair', { commandId: newCommandId() }));
    if (!result.ok) return showFailure('Pairing', result.failure);
    showOutcome('Pairing', result.answer);
    setDrawn(result.answer.code === '' ? null : result.answer);
  }

  return (
    <section className="card key-card" aria-label="Paired phone">
      <header className="card-head">
        <div>
          <h3>2. Paired phone</h3>
          <p className="soft">
            One person, by Telegram’s own number, alone with the bot. Groups, forwards and edits are not heard.
          </p>
        </div>
        {view.paired ? (
          <Badge tone="good">
            ✓ {view.paired.name} …{view.paired.idEnding}
          </Badge>
        ) : (
          <Badge>nobody</Badge>
        )}
      </header>
      {open ? (
        <div className="code-drawn">
          {drawn.qrSvg === '' ? null : (
            <img
              alt="QR code that opens the bot with the code"
              src={`data:image/svg+xml;utf8,${encodeURIComponent(drawn.qrSvg)}`}
            />
          )}
          <p>
            Scan this with the phone and press Start, or send the bot
            <br />
            <strong className="identifier pairing-code">/pair {drawn.code}</strong>
            <br />
            <span className="soft">
              Counts once, for {duration((view.pairing?.until ?? 0) - now)}
              {view.pairing?.wrong ? `; ${view.pairing.wrong} wrong, five void it` : ''}
            </span>
          </p>
        </div>
      ) : null}
      {view.paired ? (
        <p className="soft">
          Paired {since(view.paired.at, now)}; last asked{' '}
          {view.lastHeard ? `${view.lastHeard.what} ${since(view.lastHeard.at, now)}` : 'nothing since the start'}
        </p>
      ) : null}
      {view.refused === 0 ? null : (
        <p className="soft">
          {view.refused} {view.refused === 1 ? 'message was' : 'messages were'} not acted upon since the start; the last:{' '}
          {view.lastRefusal}
        </p>
      )}
      <div className="close-line">
        {view.paired ? (
          <>
            <Button onClick={() => void act('phone.test', 'Test message', {})}>Send a test</Button>
            <Button tone="danger" onClick={() => void act('phone.unpair', 'Phone unpaired', {})}>
              Unpair
            </Button>
          </>
        ) : (
          <Button tone="primary" disabled={view.line === 'off'} onClick={() => void pair()}>
            {open ? 'Another code' : 'Pair a phone'}
          </Button>
        )}
      </div>
    </section>
  );
}

function since(at: number | null, now: number): string {
  return at === null ? 'never' : `${duration(now - at)} ago`;
}
