import type { ItemOf } from '#contract/contract';
import { Amount, SignedNumber } from '../../components/Amount.tsx';
import { FeedFrame } from '../../components/FeedFrame.tsx';
import { signedCash } from '../../components/format/money.ts';
import { Empty } from '../../components/Notices.tsx';
import { positionsFeed } from '../../stores/feeds.ts';
import { useSelection } from '../../stores/selection.ts';
import { Campaigns } from './Campaigns.tsx';
import { LooseLegs } from './LooseLegs.tsx';
import { PositionDrawer } from './PositionDrawer.tsx';
import { PositionRow } from './PositionRow.tsx';
import './positions.css';

type Book = ItemOf<'positions.list'>;

export function PositionsPanel() {
  const feed = positionsFeed.use();
  return (
    <FeedFrame what="positions" {...feed}>
      {(book) => <Positions book={book} />}
    </FeedFrame>
  );
}

function Totals({ totals, count }: { totals: Book['totals']; count: number }) {
  return (
    <dl className="totals">
      <div>
        <dt>Positions</dt>
        <dd>{count}</dd>
      </div>
      <div>
        <dt>Unrealised</dt>
        <dd>
          <Amount cents={totals.unrealised} />
        </dd>
      </div>
      <div>
        <dt>Delta, shares</dt>
        <dd>
          <SignedNumber value={totals.deltaShares} />
        </dd>
      </div>
      <div>
        <dt>Theta a day</dt>
        <dd>{signedCash(totals.thetaDollarsPerDay === null ? null : totals.thetaDollarsPerDay * 100)}</dd>
      </div>
      <div>
        <dt>Vega a point</dt>
        <dd>{signedCash(totals.vegaDollarsPerPoint === null ? null : totals.vegaDollarsPerPoint * 100)}</dd>
      </div>
    </dl>
  );
}

const HEAD = [
  { title: 'Position', look: '' },
  { title: 'Units', look: 'number' },
  { title: 'Entry', look: 'number' },
  { title: 'Mid now', look: 'number' },
  { title: 'Unrealised', look: 'number' },
  { title: 'Total P&L', look: 'number' },
  { title: 'DTE', look: 'number' },
  { title: 'Delta', look: 'number when-wide' },
  { title: 'Theta', look: 'number when-wide' },
  { title: 'Exit rules', look: 'exit-cell' },
  { title: '', look: 'when-wide' },
] as const;

function Positions({ book }: { book: Book }) {
  const selected = useSelection((selection) => selection.position);
  const open = book.positions.find((view) => view.position.positionId === selected);
  return (
    <div className="with-drawer">
      <section className="panel-main" aria-label="Open positions">
        <Totals totals={book.totals} count={book.positions.length} />
        <div className="scroll">
          <LooseLegs legs={book.loose} />
          {book.positions.length === 0 ? (
            <Empty title="Nothing is held">
              The engine opens a position when a candidate passes every gate; you can open one from the chain.
            </Empty>
          ) : (
            <table className="data-table positions-table">
              <thead>
                <tr>
                  {HEAD.map(({ title, look }) => (
                    <th key={title} scope="col" className={look}>
                      {title || <span className="hidden-label">Acts</span>}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {book.positions.map((view) => (
                  <PositionRow key={view.position.positionId} view={view} selected={view.position.positionId === selected} />
                ))}
              </tbody>
            </table>
          )}
          <Campaigns campaigns={book.campaigns} />
        </div>
      </section>
      {open ? <PositionDrawer key={open.position.positionId} view={open} /> : null}
    </div>
  );
}
