import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { startSession, useLink } from '../connection/current.ts';
import type { OpenLink } from '../connection/session.ts';
import './tokens.css';
import './base.css';
import '../components/components.css';
import './frame.css';
import './killSwitch/killSwitch.css';
import './layout.css';
import { SignIn } from './SignIn.tsx';
import { Window } from './Window.tsx';

/** Draws the desk into `container` and opens its line to the engine. `signIn` keeps a token that the owner typed. */
export function startWindow(container: HTMLElement, open: OpenLink, signIn: (token: string) => void): void {
  startSession(open);
  createRoot(container).render(
    <StrictMode>
      <Desk
        onSignIn={(token) => {
          signIn(token);
          startSession(open);
        }}
      />
    </StrictMode>,
  );
}

function Desk({ onSignIn }: { onSignIn: (token: string) => void }) {
  const link = useLink((view) => view.link);
  return link.kind === 'signIn' ? <SignIn message={link.message} onSignIn={onSignIn} /> : <Window />;
}
