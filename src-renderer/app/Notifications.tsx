import { useEffect, useRef, useState } from 'react';
import type { NotificationView } from '#contract/desk';
import { dayAndTime } from '../components/format/instants.ts';
import { titleOf } from '../components/format/words.ts';
import { Empty } from '../components/Notices.tsx';
import { notificationsFeed } from '../stores/feeds.ts';
import { showToast } from '../stores/toasts.ts';
import { showOverlay, useWorkspace } from '../stores/workspace.ts';

const NONE: readonly NotificationView[] = [];

/** Toasts what is new since the window opened: urgent news always, the rest quietly. */
function useNewsToasts(list: readonly NotificationView[], loaded: boolean) {
  const newest = useRef<number | null>(null);
  useEffect(() => {
    if (!loaded) return;
    const top = list.reduce((most, item) => Math.max(most, item.id), newest.current ?? -1);
    if (newest.current !== null) {
      const since = newest.current;
      const fresh = list.filter((item) => item.id > since).slice(0, 3);
      for (const item of fresh.reverse())
        showToast({ tone: item.urgent ? 'failed' : 'news', title: item.title, body: item.body });
    }
    newest.current = top;
  }, [list, loaded]);
}

export function Notifications() {
  const list = notificationsFeed.use((feed) => feed.item) ?? NONE;
  const loaded = notificationsFeed.use((feed) => feed.item !== null);
  const isOpen = useWorkspace((workspace) => workspace.overlay === 'notifications');
  const [seenUpTo, setSeenUpTo] = useState(-1);
  const newest = list[0]?.id ?? -1;
  const unseen = list.filter((item) => item.id > seenUpTo).length;
  useNewsToasts(list, loaded);
  useEffect(() => {
    if (isOpen) setSeenUpTo(newest);
  }, [isOpen, newest]);
  return (
    <div className="popover-anchor">
      <button
        type="button"
        className="icon-button"
        aria-label={`Notifications${unseen > 0 ? `, ${unseen} new` : ''}`}
        aria-expanded={isOpen}
        title="Notifications (Ctrl+B)"
        onClick={() => showOverlay(isOpen ? 'none' : 'notifications')}
      >
        <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
          <path
            d="M3.5 11.5h9L11.3 9.6V6.7a3.3 3.3 0 0 0-6.6 0v2.9z"
            fill="none"
            stroke="currentColor"
            strokeWidth="1.4"
            strokeLinejoin="round"
          />
          <path d="M6.7 13.4h2.6" stroke="currentColor" strokeWidth="1.4" strokeLinecap="round" />
        </svg>
        {unseen > 0 ? <span className="icon-count">{unseen > 99 ? '99+' : unseen}</span> : null}
      </button>
      {isOpen ? (
        <section className="popover notifications" aria-label="Notifications">
          {list.length === 0 ? (
            <Empty title="Nothing to report">Fills, exits, breaches and disconnects appear here.</Empty>
          ) : null}
          <ul>
            {list.map((item) => (
              <li key={item.id} className={item.urgent ? 'notification urgent' : 'notification'}>
                <div className="notification-head">
                  <strong>{item.title}</strong>
                  <span className="faint">
                    {titleOf(item.kind)} · {dayAndTime(item.at)}
                  </span>
                </div>
                <p className="soft">{item.body}</p>
              </li>
            ))}
          </ul>
        </section>
      ) : null}
    </div>
  );
}
