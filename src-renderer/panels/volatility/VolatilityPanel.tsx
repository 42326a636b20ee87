import { useState } from 'react';
import type { UnderlyingRow } from '#contract/chain';
import { DEFAULT_EXPIRY_MODEL } from '#domain/structures/expiryModel';
import { Section } from '../../components/Drawer.tsx';
import { FeedFrame } from '../../components/FeedFrame.tsx';
import { valueAt } from '../../components/form/schema.ts';
import { civilDay } from '../../components/format/instants.ts';
import { percent } from '../../components/format/money.ts';
import { Empty, Loading, StaleNote } from '../../components/Notices.tsx';
import { showUnderlying, useChainChoice } from '../../stores/chainView.ts';
import { useOpenFeed } from '../../stores/feedStore.ts';
import { settingsFeed, underlyingsFeed } from '../../stores/feeds.ts';
import { useSurface, useSurfaceOf } from '../../stores/surface.ts';
import { Cone } from './Cone.tsx';
import { HeatMap } from './HeatMap.tsx';
import { Mispriced } from './Mispriced.tsx';
import { SliceFacts } from './SliceFacts.tsx';
import { ResidualChart, SmileChart } from './SmileChart.tsx';
import { TermChart } from './TermChart.tsx';
import './volatility.css';

export function VolatilityPanel() {
  const feed = underlyingsFeed.use();
  return (
    <FeedFrame what="underlyings" {...feed}>
      {(rows) => <Volatility rows={rows} />}
    </FeedFrame>
  );
}

/** The rate that the engine discounts with, so that window and engine show the same figures. */
function useRate(): number {
  useOpenFeed(settingsFeed, {});
  const rate = settingsFeed.use((feed) => valueAt(feed.item?.values, 'scanner.riskFreeRate'));
  return typeof rate === 'number' ? rate : DEFAULT_EXPIRY_MODEL.rate;
}

function Volatility({ rows }: { rows: readonly UnderlyingRow[] }) {
  const chosen = useChainChoice((choice) => choice.underlying);
  const row = rows.find((entry) => entry.underlying === chosen) ?? rows[0];
  const [expiration, setExpiration] = useState<string | null>(null);
  useSurfaceOf(row?.underlying ?? null, row?.expirations.map((entry) => entry.date) ?? [], useRate());
  const { slices, spot, unusable, failure } = useSurface();
  if (!row) return <Empty title="No underlyings">The universe in Settings is empty, or the market data has not come yet.</Empty>;
  const slice =
    slices.find((entry) => entry.expiration === expiration) ?? slices.find((entry) => entry.daysToExpiration >= 21) ?? slices[0];
  return (
    <div className="volatility-layout">
      <header className="filters">
        <select
          className="field"
          aria-label="Underlying"
          value={row.underlying}
          onChange={(event) => showUnderlying(event.target.value)}
        >
          {rows.map((entry) => (
            <option key={entry.underlying} value={entry.underlying}>
              {entry.underlying} · {entry.name}
            </option>
          ))}
        </select>
        <span>
          IV 30 d <strong>{percent(row.iv30)}</strong>
        </span>
        <span>
          IV rank <strong>{percent(row.ivRank, 0)}</strong>
        </span>
        <span className="faint">
          {slices.length} of {row.expirations.length} expirations fitted
          {unusable.length > 0 ? `, without a forward: ${unusable.map((date) => civilDay(date)).join(', ')}` : ''}
        </span>
      </header>
      {failure ? <StaleNote>{failure}</StaleNote> : null}
      {slice ? (
        <div className="volatility-grid">
          <section className="volatility-smile" aria-label="Smile">
            <div className="smile-head">
              <h3>
                {row.underlying} {civilDay(slice.expiration, true)}
              </h3>
              <SliceFacts slice={slice} />
            </div>
            <div className="smile-plot">
              <SmileChart slice={slice} spot={spot} />
            </div>
            <div className="residual-plot">
              <ResidualChart slice={slice} />
            </div>
          </section>
          <section className="volatility-side" aria-label="Surface">
            <Section title="Surface, by delta and tenor">
              <HeatMap slices={slices} onPick={setExpiration} />
            </Section>
            <Section title="Term structure">
              <div className="small-plot">
                <TermChart slices={slices} />
              </div>
            </Section>
            <Section title="Cone of realised volatility">
              <div className="small-plot">
                <Cone underlying={row.underlying} implied={row.iv30} />
              </div>
            </Section>
            <Section title="Outside the fitted band">
              <Mispriced slices={slices} />
            </Section>
          </section>
        </div>
      ) : (
        <Loading what="the surface" />
      )}
    </div>
  );
}
