import { useState } from 'react';
import type { UnderlyingRow } from '#contract/chain';
import { DEFAULT_EXPIRY_MODEL } from '#domain/structures/expiryModel';
import { Section } from '../../components/Drawer.tsx';
import { FeedFrame } from '../../components/FeedFrame.tsx';
import { valueAt } from '../../components/form/schema.ts';
import { civilDay } from '../../components/format/instants.ts';
import { decimal, percent, signedPercent } from '../../components/format/money.ts';
import { Empty, Loading, StaleNote } from '../../components/Notices.tsx';
import { Segmented } from '../../components/Segmented.tsx';
import { showUnderlying, useChainChoice } from '../../stores/chainView.ts';
import { useOpenFeed } from '../../stores/feedStore.ts';
import { settingsFeed, underlyingsFeed } from '../../stores/feeds.ts';
import { useSurface, useSurfaceOf } from '../../stores/surface.ts';
import { useWorkspace } from '../../stores/workspace.ts';
import { Cone } from './Cone.tsx';
import { HeatMap } from './HeatMap.tsx';
import { History } from './History.tsx';
import type { HeatAxis } from './heatRows.ts';
import { Mispriced } from './Mispriced.tsx';
import { SliceFacts } from './SliceFacts.tsx';
import { ResidualChart, SmileChart } from './SmileChart.tsx';
import { TermChart } from './TermChart.tsx';
import { arbitrageWords, tenorsOf, termFigures } from './termFigures.ts';
import { usePast } from './usePast.ts';
import './volatility.css';

export function VolatilityPanel() {
  const feed = underlyingsFeed.use();
  return (
    <FeedFrame what="underlyings" {...feed}>
      {(rows) => <Volatility rows={rows} />}
    </FeedFrame>
  );
}

/** A number among the settings, so that window and engine show the same figures. */
function useNumber(path: string, otherwise: number): number {
  useOpenFeed(settingsFeed, {});
  const value = settingsFeed.use((feed) => valueAt(feed.item?.values, path));
  return typeof value === 'number' ? value : otherwise;
}

const AXES = [
  { value: 'delta', text: 'Delta' },
  { value: 'strike', text: 'Strike' },
] as const;

function Volatility({ rows }: { rows: readonly UnderlyingRow[] }) {
  const chosen = useChainChoice((choice) => choice.underlying);
  const row = rows.find((entry) => entry.underlying === chosen) ?? rows[0];
  const rate = useNumber('scanner.riskFreeRate', DEFAULT_EXPIRY_MODEL.rate);
  useSurfaceOf(row?.underlying ?? null, row?.expirations.map((entry) => entry.date) ?? [], rate);
  if (!row) return <Empty title="No underlyings">The universe in Settings is empty, or the market data has not come yet.</Empty>;
  return <SurfaceOf key={row.underlying} row={row} rows={rows} rate={rate} />;
}

function SurfaceOf({ row, rows, rate }: { row: UnderlyingRow; rows: readonly UnderlyingRow[]; rate: number }) {
  const [expiration, setExpiration] = useState<string | null>(null);
  const [axis, setAxis] = useState<HeatAxis>('delta');
  const theme = useWorkspace((workspace) => workspace.theme);
  const { slices, spot, unusable, failure } = useSurface();
  const past = usePast(row.underlying);
  const leastDays = useNumber('scanner.minIvHistoryDays', 252);
  const impliedPremium = useNumber('scanner.impliedPremium', 0);
  const slice =
    slices.find((entry) => entry.expiration === expiration) ?? slices.find((entry) => entry.daysToExpiration >= 21) ?? slices[0];
  const term = termFigures(slices, rate);
  const arbitrage = arbitrageWords(slices);
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
        {term.constant.map(({ days, volatility }) => (
          <span key={days} title="constant maturity: total variance interpolated between the neighbouring expirations">
            IV {days} d <strong>{percent(volatility)}</strong>
          </span>
        ))}
        <span title="90 days less 30: below zero the near fear is the greater">
          Slope <strong>{signedPercent(term.slope)}</strong>
        </span>
        <span title="30-day index from the quotes of two expirations, made as Cboe makes VIX">
          Index <strong>{decimal(term.index)}</strong>
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
              <div className="smile-title">
                <h3>{row.underlying}</h3>
                <select
                  className="field"
                  aria-label="Expiration"
                  value={slice.expiration}
                  onChange={(event) => setExpiration(event.target.value)}
                >
                  {slices.map((entry) => (
                    <option key={entry.expiration} value={entry.expiration}>
                      {civilDay(entry.expiration, true)} · {entry.daysToExpiration} d
                    </option>
                  ))}
                </select>
              </div>
              <SliceFacts slice={slice} rate={rate} />
            </div>
            <div className="smile-plot">
              <SmileChart slice={slice} />
            </div>
            <div className="residual-plot">
              <ResidualChart slice={slice} />
            </div>
          </section>
          <section className="volatility-side" aria-label="Surface">
            <Section
              title="Surface by tenor, IV in %"
              aside={<Segmented label="Across" options={AXES} value={axis} onChange={setAxis} />}
            >
              <HeatMap slices={slices} axis={axis} spot={spot} chosen={slice.expiration} onPick={setExpiration} theme={theme} />
              <p className={arbitrage.length > 0 ? 'warn arbitrage' : 'faint arbitrage'} title={arbitrage.join('\n')}>
                {arbitrage.length === 0
                  ? 'No butterfly or calendar arbitrage between the fits where both are quoted.'
                  : `Arbitrage in the fits: ${arbitrage[0]}${arbitrage.length > 1 ? `, and ${arbitrage.length - 1} more` : ''}.`}
              </p>
            </Section>
            <div className="two-plots">
              <Section title="Term structure, at the money">
                <div className="small-plot">
                  <TermChart slices={slices} />
                </div>
              </Section>
              <Section title="Cone of realised volatility">
                <div className="small-plot">
                  <Cone past={past} tenors={tenorsOf(slices)} />
                </div>
              </Section>
            </div>
            <Section title="Rank and realised volatility">
              <History
                past={past}
                current={{ 30: row.iv30, 60: term.spanned(60), 90: term.spanned(90) }}
                settings={{ leastDays, impliedPremium }}
              />
            </Section>
            <Section title="Outside the fitted band">
              <Mispriced slices={slices} onPick={setExpiration} />
            </Section>
          </section>
        </div>
      ) : (
        <Loading what="the surface" />
      )}
    </div>
  );
}
