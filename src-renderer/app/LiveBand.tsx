import { statusFeed } from '../stores/feeds.ts';

/** Live money: a striped band with the word across the whole window. Paper and backtest have none. */
export function LiveBand() {
  const mode = statusFeed.use((feed) => feed.item?.mode);
  if (mode !== 'live') return null;
  return (
    <div className="live-band" role="note">
      <span>LIVE · REAL MONEY</span>
    </div>
  );
}
