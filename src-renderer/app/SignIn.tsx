import { useState } from 'react';
import { Button } from '../components/Button.tsx';

/** Asked only where the host wants a token and the address did not carry one. */
export function SignIn({ message, onSignIn }: { message: string; onSignIn: (token: string) => void }) {
  const [token, setToken] = useState('');
  return (
    <main className="sign-in">
      <form
        className="card"
        onSubmit={(event) => {
          event.preventDefault();
          if (token.trim() !== '') onSignIn(token.trim());
        }}
      >
        <h1>Strikedesk</h1>
        <p className="soft">{message}</p>
        <label>
          <span className="faint">Access token, as the server printed it</span>
          <input
            className="field"
            type="password"
            autoComplete="current-password"
            aria-label="Access token"
            value={token}
            onChange={(event) => setToken(event.target.value)}
          />
        </label>
        <Button type="submit" tone="primary" disabled={token.trim() === ''}>
          Open the desk
        </Button>
      </form>
    </main>
  );
}
