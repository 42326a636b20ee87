import { dayAndTime } from '../../components/format/instants.ts';
import { useLink } from '../../connection/current.ts';
import { statusFeed } from '../../stores/feeds.ts';
import { showOverlay, useWorkspace } from '../../stores/workspace.ts';
import { Release } from './Release.tsx';
import { Throw } from './Throw.tsx';
import { stateWords } from './verbs.ts';

/** Always in sight. One press opens the three verbs, one more confirms; a thrown switch shows its progress and its release. */
export function KillSwitch() {
  const kill = statusFeed.use((feed) => feed.item?.kill);
  const isOpen = useWorkspace((workspace) => workspace.overlay === 'killSwitch');
  const isConnected = useLink((view) => view.link.kind === 'connected');
  const state = kill?.state ?? null;
  const word = state ? stateWords[state].word : 'state unknown';
  return (
    <div className="popover-anchor">
      <button
        type="button"
        className={`kill-button kill-${state ?? 'unknown'}`}
        aria-label={`Kill switch: ${word}`}
        aria-expanded={isOpen}
        aria-haspopup="dialog"
        title="Kill switch (Ctrl+Shift+X)"
        onClick={() => showOverlay(isOpen ? 'none' : 'killSwitch')}
      >
        <svg viewBox="0 0 16 16" width="15" height="15" aria-hidden="true">
          <path d="M8 1.5v6" stroke="currentColor" strokeWidth="2" strokeLinecap="round" />
          <path d="M4.6 3.6a5.6 5.6 0 1 0 6.8 0" fill="none" stroke="currentColor" strokeWidth="2" strokeLinecap="round" />
        </svg>
        <span className="kill-title">Kill switch</span>
        <span className="kill-word">{word}</span>
      </button>
      {isOpen ? (
        <section className="popover kill-popover" role="dialog" aria-label="Kill switch">
          <header className={`kill-state kill-state-${state ?? 'unknown'}`}>
            <strong>{word}</strong>
            <span>{state ? stateWords[state].means : 'The engine has not said. Throwing still works once connected.'}</span>
            {kill?.progress ? (
              <p className="kill-progress" role="status">
                {kill.progress}
              </p>
            ) : null}
            {kill && kill.state !== 'ACTIVE' ? (
              <p className="soft">
                Thrown by {kill.by} at {dayAndTime(kill.at)}: {kill.reason}
              </p>
            ) : null}
          </header>
          {isConnected ? null : (
            <p className="kill-unreachable" role="alert">
              This window has no connection, so a press here reaches nobody. Use the tray menu, or <code>npm run -s kill</code> on
              the machine that runs the engine.
            </p>
          )}
          <Throw />
          {kill && kill.state !== 'ACTIVE' ? <Release word={kill.releaseWord} holdMs={kill.releaseHoldMs} /> : null}
        </section>
      ) : null}
    </div>
  );
}
