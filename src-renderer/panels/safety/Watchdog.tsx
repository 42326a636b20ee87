import { Badge } from '../../components/Badge.tsx';
import { Section } from '../../components/Drawer.tsx';
import { dayAndTime } from '../../components/format/instants.ts';
import { useOpenFeed } from '../../stores/feedStore.ts';
import { watchdogFeed } from '../../stores/feeds.ts';
import { showSetting } from '../../stores/workspace.ts';

/** What the watchdog sees, from its own process. */
export function Watchdog() {
  useOpenFeed(watchdogFeed, {});
  const view = watchdogFeed.use((feed) => feed.item);
  if (!view) return null;
  const tone = view.phase === 'watching' ? 'good' : view.phase === 'off' ? 'plain' : 'warn';
  return (
    <Section title="Watchdog" aside={<Badge tone={tone}>{view.phase}</Badge>}>
      {view.why === '' ? null : <p className="faint">{view.why}</p>}
      {view.phase === 'off' ? null : (
        <p className="faint">
          When it fires, Alpaca’s suspend_trade is{' '}
          {view.suspends
            ? 'set too: the broker then refuses every order, exits as well, until you switch it off there'
            : 'left alone'}{' '}
          <button type="button" className="limit-title" onClick={() => showSetting('watchdog.suspendTrade')}>
            watchdog.suspendTrade
          </button>
          .
        </p>
      )}
      {view.lastBeatAt === null ? null : (
        <p className="faint">
          Last beat {dayAndTime(view.lastBeatAt)}, {view.beatsMissed} of {view.missedBeats} missed, one every {view.beatSeconds}{' '}
          s; {view.positions} positions open.
        </p>
      )}
      {view.firedAt === null ? null : (
        <p className="loss">
          Fired {dayAndTime(view.firedAt)}: {view.cancelled.length} entries taken back
          {view.remaining === null ? '' : `, ${view.remaining} still open`}
          {view.suspended ? ', trading suspended at the broker' : ''}.
        </p>
      )}
      {view.error === '' ? null : <p className="loss">{view.error}</p>}
    </Section>
  );
}
