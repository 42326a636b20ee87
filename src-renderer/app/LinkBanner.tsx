import { Button } from '../components/Button.tsx';
import { retryNow, useLink } from '../connection/current.ts';
import { useSeconds } from './useSeconds.ts';

/** Says across the window that its figures are old, and why, and what happens next. */
export function LinkBanner() {
  const link = useLink((view) => view.link);
  const left = useSeconds(link.kind === 'waiting' ? link.retryInMs : 0, link);
  if (link.kind === 'waiting') {
    return (
      <div className="link-banner" role="alert">
        <span>
          <strong>No connection to the engine.</strong> {link.reason} The figures below are old, and whether the engine still runs
          is not known from here. This window tries again in {left} s.
        </span>
        <Button small onClick={retryNow}>
          Try now
        </Button>
      </div>
    );
  }
  if (link.kind === 'connecting' && link.attempt > 0) {
    return (
      <div className="link-banner" role="alert">
        Connecting to the engine, attempt {link.attempt + 1} …
      </div>
    );
  }
  return null;
}
