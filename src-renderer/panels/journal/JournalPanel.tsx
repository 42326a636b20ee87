import { useState } from 'react';
import { FeedFrame } from '../../components/FeedFrame.tsx';
import { Segmented } from '../../components/Segmented.tsx';
import { useOpenFeed } from '../../stores/feedStore.ts';
import { summaryFeed, tradesFeed } from '../../stores/feeds.ts';
import { useSelection } from '../../stores/selection.ts';
import { Events } from './Events.tsx';
import './journal.css';
import { JournalActs } from './JournalActs.tsx';
import { Summary } from './Summary.tsx';
import { TradeDrawer } from './TradeDrawer.tsx';
import { TradeTable } from './TradeTable.tsx';

const VIEWS = [
  { value: 'trades', text: 'Trades' },
  { value: 'events', text: 'Raw events' },
] as const;

export function JournalPanel() {
  useOpenFeed(tradesFeed, {});
  useOpenFeed(summaryFeed, {});
  const trades = tradesFeed.use();
  const summary = summaryFeed.use();
  const [view, setView] = useState<'trades' | 'events'>('trades');
  const selected = useSelection((selection) => selection.trade);
  const open = view === 'trades' ? trades.item?.find((trade) => trade.tradeId === selected) : undefined;
  return (
    <div className="with-drawer">
      <section className="panel-main" aria-label="Journal of trades">
        <FeedFrame what="summary" {...summary}>
          {(item) => <Summary summary={item} />}
        </FeedFrame>
        <div className="filters">
          <Segmented label="View" options={VIEWS} value={view} onChange={setView} />
          <JournalActs />
        </div>
        {view === 'events' ? (
          <Events />
        ) : (
          <FeedFrame what="trades" {...trades}>
            {(item) => <TradeTable trades={item} selected={selected} />}
          </FeedFrame>
        )}
      </section>
      {open ? <TradeDrawer key={open.tradeId} trade={open} /> : null}
    </div>
  );
}
