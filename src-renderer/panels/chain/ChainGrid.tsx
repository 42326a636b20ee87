import { memo, useEffect, useRef } from 'react';
import type { ChainView } from '#contract/chain';
import { FeedFrame } from '../../components/FeedFrame.tsx';
import { strikeText } from '../../components/format/contracts.ts';
import { decimal } from '../../components/format/money.ts';
import { Empty } from '../../components/Notices.tsx';
import { useOpenFeed } from '../../stores/feedStore.ts';
import { chainFeed } from '../../stores/feeds.ts';
import { CallCells, PutCells } from './ContractCells.tsx';
import { moveAmongQuotes } from './quoteKeys.ts';

type Row = ChainView['rows'][number];

const HEAD_CALLS = ['', 'Held', 'OI', 'Vol', 'IV', 'Delta', 'Bid', 'Ask'] as const;
const HEAD_PUTS = ['Bid', 'Ask', 'Delta', 'IV', 'Vol', 'OI', 'Held', ''] as const;

/** From the outside to the strike; the puts mirror it. */
const COLUMNS = ['why', 'held', 'interest', 'volume', 'volatility', 'delta', 'quote', 'quote'] as const;

const StrikeRow = memo(function StrikeRow({
  row,
  callInMoney,
  putInMoney,
}: {
  row: Row;
  callInMoney: boolean;
  putInMoney: boolean;
}) {
  return (
    <tr className="strike-row">
      <CallCells cell={row.call} inMoney={callInMoney} />
      <th scope="row" className="strike">
        {strikeText(row.strike)}
      </th>
      <PutCells cell={row.put} inMoney={putInMoney} />
    </tr>
  );
});

function SpotLine({ spot }: { spot: number }) {
  return (
    <tr className="spot-row" id="spot-line">
      <td colSpan={HEAD_CALLS.length} />
      <td className="spot-mark">
        <span>{decimal(spot)}</span>
      </td>
      <td colSpan={HEAD_PUTS.length} />
    </tr>
  );
}

export function ChainGrid({ underlying, expiration }: { underlying: string; expiration: string }) {
  useOpenFeed(chainFeed, { underlying, expiration });
  const feed = chainFeed.use();
  const item = feed.item?.underlying === underlying && feed.item.expiration === expiration ? feed.item : null;
  return (
    <FeedFrame what="chain" {...feed} item={item}>
      {(view) =>
        view.rows.length === 0 ? <Empty title="An empty chain">The source lists no strikes here.</Empty> : <Grid view={view} />
      }
    </FeedFrame>
  );
}

function Grid({ view }: { view: ChainView }) {
  const scroller = useRef<HTMLDivElement>(null);
  const { spot, rows } = view;
  const above = spot === null ? -1 : rows.findIndex((row) => row.strike > spot);

  useEffect(() => {
    const box = scroller.current;
    const line = box?.querySelector<HTMLElement>('.spot-row');
    if (!box) return;
    if (line) box.scrollTop = line.offsetTop - box.clientHeight / 2;
    box.scrollLeft = (box.scrollWidth - box.clientWidth) / 2;
  }, []);

  return (
    <div className="chain-scroll" ref={scroller}>
      <table className="chain-table" onKeyDown={moveAmongQuotes}>
        <colgroup>
          {[...COLUMNS, 'strike', ...[...COLUMNS].reverse()].map((name, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: columns never change their places
            <col key={index} className={`column-${name}`} />
          ))}
        </colgroup>
        <thead>
          <tr className="chain-sides">
            <th colSpan={HEAD_CALLS.length}>Calls</th>
            <th>Strike</th>
            <th colSpan={HEAD_PUTS.length}>Puts</th>
          </tr>
          <tr>
            {HEAD_CALLS.map((title) => (
              <th key={title} scope="col">
                {title}
              </th>
            ))}
            <th scope="col">
              <span className="hidden-label">Strike</span>
            </th>
            {HEAD_PUTS.map((title) => (
              <th key={title} scope="col">
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.flatMap((row, index) => [
            ...(index === above && spot !== null ? [<SpotLine key="spot" spot={spot} />] : []),
            <StrikeRow
              key={row.strike}
              row={row}
              callInMoney={spot !== null && row.strike < spot}
              putInMoney={spot !== null && row.strike > spot}
            />,
          ])}
        </tbody>
      </table>
    </div>
  );
}
