import type { ReactNode } from 'react';

/** Nothing to show, and why, and what would change it. */
export function Empty({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <div className="empty">
      <strong>{title}</strong>
      {children ? <p>{children}</p> : null}
    </div>
  );
}

const WIDTHS = ['86%', '72%', '94%', '64%', '80%'] as const;

/** First figures on their way. */
export function Loading({ what }: { what: string }) {
  return (
    <div className="loading-bars" role="status">
      <span className="hidden-label">Loading {what}</span>
      {WIDTHS.map((width) => (
        <span key={width} style={{ width }} aria-hidden="true" />
      ))}
    </div>
  );
}

/** A feed that has failed: what is shown below is old, or nothing is. */
export function StaleNote({ children }: { children: ReactNode }) {
  return (
    <div className="stale-note" role="status">
      <span aria-hidden="true">◷</span>
      <span>{children}</span>
    </div>
  );
}
