import { useCallback, useEffect, useState } from 'react';
import type { CredentialsView } from '#contract/settings';
import { Badge } from '../../components/Badge.tsx';
import { Button } from '../../components/Button.tsx';
import { Loading, StaleNote } from '../../components/Notices.tsx';
import { desk, settled } from '../../connection/current.ts';
import { act } from '../../stores/act.ts';

type KeyName = CredentialsView['stored'][number]['name'];

const KEYS: readonly { readonly name: KeyName; readonly title: string; readonly about: string }[] = [
  { name: 'alpaca-paper', title: 'Alpaca paper', about: 'Practice money on Alpaca’s own paper venue.' },
  { name: 'alpaca-live', title: 'Alpaca live', about: 'Real money. Storing the key does not arm live trading.' },
];

const BACKEND = {
  keychain: 'in the system’s keychain',
  sealedFile: 'in a sealed file',
  environment: 'from the environment',
  none: 'nowhere: there is no keychain',
} as const;

/** Broker keys go into the keychain and never come back to this window. */
export function Keys() {
  const [view, setView] = useState<CredentialsView | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  const load = useCallback(async () => {
    const result = await settled(desk.query('credentials.view', {}));
    if (result.ok) setView(result.answer);
    setFailure(result.ok ? null : result.failure.message);
  }, []);
  useEffect(() => void load(), [load]);
  if (!view) return failure ? <StaleNote>{failure}</StaleNote> : <Loading what="key names" />;
  return (
    <div className="keys-page">
      <h2 className="settings-title">Broker keys</h2>
      <p className="soft">
        Kept {BACKEND[view.backend]}
        {view.backendDetail ? ` (${view.backendDetail})` : ''}. A secret goes in and never comes back to this window.
      </p>
      {KEYS.map((key) => (
        <KeyCard
          key={key.name}
          {...key}
          ending={view.stored.find((stored) => stored.name === key.name)?.keyIdEnding ?? null}
          onChange={() => void load()}
        />
      ))}
    </div>
  );
}

interface KeyCardProps {
  readonly name: KeyName;
  readonly title: string;
  readonly about: string;
  readonly ending: string | null;
  readonly onChange: () => void;
}

function KeyCard({ name, title, about, ending, onChange }: KeyCardProps) {
  const [keyId, setKeyId] = useState('');
  const [secret, setSecret] = useState('');
  const shortest = 4;

  async function store() {
    const outcome = await act('credentials.store', `${title} key`, { name, keyId: keyId.trim(), secret: secret.trim() });
    setSecret('');
    if (outcome?.kind !== 'done') return;
    setKeyId('');
    onChange();
  }

  async function remove() {
    const outcome = await act('credentials.remove', `${title} key removed`, { name });
    if (outcome) onChange();
  }

  return (
    <form
      className="card key-card"
      aria-label={title}
      onSubmit={(event) => {
        event.preventDefault();
        void store();
      }}
    >
      <header className="card-head">
        <div>
          <h3>{title}</h3>
          <p className="soft">{about}</p>
        </div>
        {ending ? <Badge tone="good">✓ stored, ends in {ending}</Badge> : <Badge>not stored</Badge>}
      </header>
      <div className="close-line">
        <input
          className="field"
          aria-label={`${title} key id`}
          placeholder="Key id"
          autoComplete="off"
          spellCheck={false}
          value={keyId}
          onChange={(event) => setKeyId(event.target.value)}
        />
        <input
          className="field"
          aria-label={`${title} secret`}
          placeholder="Secret"
          type="password"
          autoComplete="off"
          value={secret}
          onChange={(event) => setSecret(event.target.value)}
        />
        <Button type="submit" tone="primary" disabled={keyId.trim().length < shortest || secret.trim().length < shortest}>
          Store
        </Button>
        {ending ? <Button onClick={() => void remove()}>Remove</Button> : null}
      </div>
    </form>
  );
}
