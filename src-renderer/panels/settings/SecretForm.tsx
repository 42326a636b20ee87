import { type ReactNode, useState } from 'react';
import { Button } from '../../components/Button.tsx';

interface SecretFormProps {
  /** What the card is, for those who do not see it. */
  readonly label: string;
  readonly title: string;
  readonly words: ReactNode;
  readonly badge: ReactNode;
  /** What the field asks for. */
  readonly field: string;
  readonly placeholder: string;
  /** Fewest characters that can be one. */
  readonly least: number;
  /** Why nothing can be stored; empty when it can. */
  readonly problem: string;
  readonly onStore: (secret: string) => Promise<unknown>;
  /** Left out when nothing is stored. */
  readonly onRemove: (() => void) | undefined;
  readonly children?: ReactNode;
}

/** A card that takes one secret into the key store: what was typed is gone from the window as soon as it was answered. */
export function SecretForm(props: SecretFormProps) {
  const [secret, setSecret] = useState('');

  async function store() {
    await props.onStore(secret.trim());
    setSecret('');
  }

  return (
    <form
      className="card key-card"
      aria-label={props.label}
      onSubmit={(event) => {
        event.preventDefault();
        void store();
      }}
    >
      <header className="card-head">
        <div>
          <h3>{props.title}</h3>
          <p className="soft">{props.words}</p>
        </div>
        {props.badge}
      </header>
      {props.problem === '' ? null : <p className="loss">{props.problem}</p>}
      {props.children}
      <div className="close-line">
        <input
          className="field"
          aria-label={props.field}
          placeholder={props.placeholder}
          type="password"
          autoComplete="off"
          disabled={props.problem !== ''}
          value={secret}
          onChange={(event) => setSecret(event.target.value)}
        />
        <Button type="submit" tone="primary" disabled={secret.trim().length < props.least}>
          Store
        </Button>
        {props.onRemove === undefined ? null : <Button onClick={props.onRemove}>Remove</Button>}
      </div>
    </form>
  );
}
