import { dayAndTime } from '../components/format/instants.ts';
import { statusFeed } from '../stores/feeds.ts';

/** Live money: a striped band with the words across the whole window, and whether new positions may be opened. */
export function LiveBand() {
  const mode = statusFeed.use((feed) => feed.item?.mode);
  const until = statusFeed.use((feed) => feed.item?.armedUntil ?? null);
  const now = statusFeed.use((feed) => feed.item?.now);
  if (mode !== 'live') return null;
  const isArmed = until !== null && now !== undefined && now < until;
  return (
    <div className="live-band" role="note">
      <span>LIVE · REAL MONEY · {isArmed ? `ARMED UNTIL ${dayAndTime(until)}` : 'NOT ARMED: NOTHING NEW IS OPENED'}</span>
    </div>
  );
}
