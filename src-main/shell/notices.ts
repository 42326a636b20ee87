import { Notification } from 'electron';
import type { NotificationView } from '#contract/desk';

/** Shows a notice in the system's own way; a click opens the desk. */
export function tell(notice: NotificationView, open: () => void): void {
  if (!Notification.isSupported()) return;
  const shown = new Notification({ title: notice.title, body: notice.body, urgency: notice.urgent ? 'critical' : 'normal' });
  shown.on('click', open);
  shown.show();
}
