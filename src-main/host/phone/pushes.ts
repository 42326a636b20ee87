import type { NotificationView } from '#contract/desk';
import type { JournalFact } from '#ports/facts';
import type { AppSettings } from '#ports/settings/appSettings';
import { isWanted } from '../alertChoice.ts';
import type { Desk } from '../desk.ts';
import { withoutAmounts } from './answers.ts';

export interface PushParts {
  readonly desk: Desk;
  say(title: string, body: string, first: boolean, buttons: readonly { label: string; data: string }[]): void;
  choice(): AppSettings['telegram'];
  /** The phone itself is throwing the switch: it gets an answer, no notice of its own act. */
  isStopping(): boolean;
}

const PAUSE = { label: 'Pause entries', data: 'pause' };

/**
 * Pushes notices and critical alerts to the phone. Called while the engine works: it only puts texts into a line, and whatever
 * goes wrong in it stays in it.
 */
export function pushAlerts({ desk, say, choice, isStopping }: PushParts): () => void {
  const { parts } = desk;
  /** The alert that was just pushed: its breaker's notice says the same again. */
  let alertTitle = '';

  const guarded = (step: () => void): void => {
    try {
      step();
    } catch (error) {
      parts.onError('phone', error);
    }
  };
  const shown = (text: string): string => (choice().discreet ? withoutAmounts(text) : text);

  function push(notice: NotificationView): void {
    const isSame = notice.title === alertTitle;
    alertTitle = '';
    if (isSame || (notice.kind === 'killSwitch' && isStopping()) || !isChosen(notice)) return;
    say(shown(notice.title), shown(notice.body), false, notice.urgent && notice.kind !== 'killSwitch' ? [PAUSE] : []);
  }

  function isChosen(notice: NotificationView): boolean {
    switch (choice().alerts) {
      case 'none':
        return false;
      case 'urgent':
        return notice.urgent;
      case 'chosen':
        return isWanted(notice, parts.settings.current().alerts);
      case 'everything':
        return true;
    }
  }

  function pushAlert(fact: JournalFact): void {
    if (fact.kind !== 'AlertRaised' || choice().alerts === 'none') return;
    const { alertAcknowledgeSeconds } = parts.settings.current().protection;
    const wait = `Unless it is acknowledged within ${alertAcknowledgeSeconds} s, no new entries (alert ${fact.alertId}).`;
    alertTitle = fact.title;
    say(shown(fact.title), `${shown(fact.body)}\n${wait}`, true, [{ label: 'Seen', data: `seen:${fact.alertId}` }, PAUSE]);
  }

  const stops = [
    desk.onNotice((notice) => guarded(() => push(notice))),
    desk.onFacts((facts) => guarded(() => facts.forEach(pushAlert))),
  ];
  return () => {
    for (const stop of stops) stop();
  };
}
