import type { ReactNode } from 'react';

/**
 * A dialog over the panels. It begins below the top bar and is not modal, so that the kill switch stays in sight and
 * within reach. Escape and a press beside it close it.
 */
export function Overlay({ title, onClose, children }: { title: string; onClose: () => void; children: ReactNode }) {
  return (
    <div className="overlay">
      <button type="button" className="overlay-veil" aria-label={`Close ${title}`} tabIndex={-1} onClick={onClose} />
      <section className="overlay-body" role="dialog" aria-label={title}>
        <h2>{title}</h2>
        {children}
      </section>
    </div>
  );
}
