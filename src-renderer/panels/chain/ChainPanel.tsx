import { useEffect } from 'react';
import type { UnderlyingRow } from '#contract/chain';
import { FeedFrame } from '../../components/FeedFrame.tsx';
import { Empty } from '../../components/Notices.tsx';
import { useChainChoice } from '../../stores/chainView.ts';
import { underlyingsFeed } from '../../stores/feeds.ts';
import './chain.css';
import { ChainGrid } from './ChainGrid.tsx';
import { ChainHead } from './ChainHead.tsx';
import { TicketPane } from './TicketPane.tsx';
import { UnderlyingList } from './UnderlyingList.tsx';
import { WhyNotPane } from './WhyNotPane.tsx';

/** Underlyings on the left, the chain in the middle, the order ticket or the answer to 'why not?' on the right. */
export function ChainPanel() {
  const feed = underlyingsFeed.use();
  return (
    <FeedFrame what="underlyings" {...feed}>
      {(rows) => <Chain rows={rows} />}
    </FeedFrame>
  );
}

function Chain({ rows }: { rows: readonly UnderlyingRow[] }) {
  const choice = useChainChoice();
  const row = rows.find((candidate) => candidate.underlying === choice.underlying) ?? rows[0];
  const expiration = row?.expirations.find((entry) => entry.date === choice.expiration) ?? defaultExpiration(row);
  useEffect(() => {
    if (row && choice.underlying === null) useChainChoice.setState({ underlying: row.underlying });
  }, [row, choice.underlying]);
  if (!row) return <Empty title="No underlyings">The universe in Settings is empty, or the market data has not come yet.</Empty>;
  return (
    <div className="chain-layout">
      <UnderlyingList rows={rows} selected={row.underlying} />
      <section className="chain-centre" aria-label={`Chain of ${row.underlying}`}>
        <ChainHead row={row} expiration={expiration?.date ?? null} />
        {expiration ? (
          <ChainGrid key={`${row.underlying}/${expiration.date}`} underlying={row.underlying} expiration={expiration.date} />
        ) : (
          <Empty title={`No expirations for ${row.underlying}`}>The source lists no contracts yet.</Empty>
        )}
      </section>
      {choice.whyNot ? <WhyNotPane symbol={choice.whyNot} /> : <TicketPane />}
    </div>
  );
}

/** The expiration nearest to a month out, where most of the engine's trades live. */
function defaultExpiration(row: UnderlyingRow | undefined) {
  const monthOut = 30;
  const distance = (entry: { readonly daysToExpiration: number }) => Math.abs(entry.daysToExpiration - monthOut);
  return [...(row?.expirations ?? [])].sort((left, right) => distance(left) - distance(right))[0];
}
