import type { ReactNode } from 'react';
import { Button } from './Button.tsx';

interface DrawerProps {
  readonly title: string;
  readonly subtitle?: ReactNode;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** Details of one row, beside the table that they belong to. Escape closes it. */
export function Drawer({ title, subtitle, onClose, children }: DrawerProps) {
  return (
    <aside
      className="drawer"
      aria-label={title}
      onKeyDown={(event) => {
        if (event.key === 'Escape') onClose();
      }}
    >
      <header className="drawer-head">
        <div>
          <h2>{title}</h2>
          {subtitle ? <p className="soft">{subtitle}</p> : null}
        </div>
        <Button tone="quiet" aria-label={`Close ${title}`} onClick={onClose}>
          ✕
        </Button>
      </header>
      <div className="drawer-body">{children}</div>
    </aside>
  );
}

export function Section({ title, aside, children }: { title: string; aside?: ReactNode; children: ReactNode }) {
  return (
    <section className="section">
      <header className="section-head">
        <h3>{title}</h3>
        {aside}
      </header>
      {children}
    </section>
  );
}
