import { useDeferredValue, useMemo, useState } from 'react';
import type { PositionView } from '#contract/positions';
import { PayoffChart } from '../../charts/PayoffChart.tsx';
import { Section } from '../../components/Drawer.tsx';
import { civilDay } from '../../components/format/instants.ts';
import { decimal, percent, signedPercent } from '../../components/format/money.ts';
import { Empty, Loading } from '../../components/Notices.tsx';
import { positionsFeed } from '../../stores/feeds.ts';
import { limitOf, useTicket } from '../../stores/ticket.ts';
import { useWorkspace } from '../../stores/workspace.ts';
import './analyze.css';
import type { Bend, GreeksRow } from './analysis.ts';
import { ConeChart } from './ConeChart.tsx';
import { addDays } from './days.ts';
import { Facts } from './Facts.tsx';
import { figuresOf } from './figures.ts';
import { GreeksTable } from './GreeksTable.tsx';
import { LegsTable } from './LegsTable.tsx';
import { AS_IT_IS, Sliders } from './Sliders.tsx';
import { type Subject, subjectsOf, ticketSubject } from './subject.ts';
import { type KnownHolding, type KnownMarket, useHoldings } from './useMarket.ts';

const NONE: readonly PositionView[] = [];

/** What a ticket, a position or everything in one underlying makes or loses when spot, volatility and time move. */
export function AnalyzePanel() {
  const views = positionsFeed.use((feed) => feed.item?.positions) ?? NONE;
  const legs = useTicket((ticket) => ticket.legs);
  const contracts = useTicket((ticket) => ticket.contracts);
  const limit = useTicket(limitOf);
  const [chosen, setChosen] = useState<string | null>(null);
  const subjects = useMemo(() => subjectsOf(ticketSubject(legs, contracts, limit), views), [legs, contracts, limit, views]);
  const subject = subjects.find((entry) => entry.id === chosen) ?? subjects[0];
  if (!subject) {
    return (
      <Empty title="Nothing to analyse yet">
        Put legs on the order ticket in Chain, or wait for a position; both can be bent here.
      </Empty>
    );
  }
  return (
    <div className="analyze-layout">
      <header className="filters">
        <select
          className="field"
          aria-label="What to analyse"
          value={subject.id}
          onChange={(event) => setChosen(event.target.value)}
        >
          {subjects.map((entry) => (
            <option key={entry.id} value={entry.id}>
              {entry.title}
            </option>
          ))}
        </select>
      </header>
      <Analysis key={subject.id} subject={subject} />
    </div>
  );
}

function Analysis({ subject }: { subject: Subject }) {
  const { holdings, waiting } = useHoldings(subject);
  const theme = useWorkspace((workspace) => workspace.theme);
  const [bend, setBend] = useState<Bend>(AS_IT_IS);
  const settled = useDeferredValue(bend);
  const { cash } = subject;
  const figures = useMemo(() => (holdings.length === 0 ? null : figuresOf(holdings, cash, settled)), [holdings, cash, settled]);
  const [first] = holdings;
  if (!first || !figures || (waiting > 0 && subject.parts.length === 1)) return <Loading what="the market of this structure" />;
  const isMany = subject.parts.length > 1;
  const { market } = first;
  const nameOf = (row: GreeksRow) =>
    isMany ? signedPercent(row.move) : `${decimal(market.spot * (1 + row.move))} (${signedPercent(row.move)})`;
  return (
    <div className="analyze-grid">
      <section className="analyze-main" aria-label="Payoff">
        <Sliders bend={bend} spot={isMany ? null : market.spot} today={market.today} mostDays={figures.days} onChange={setBend} />
        <Facts figures={figures} />
        <div className="analyze-payoff">
          <PayoffChart
            expiration={figures.expiration.points}
            now={figures.now.points}
            between={figures.between}
            breakevens={figures.breakevens}
            spot={figures.axis.at(settled.spotMove)}
            unit={figures.axis.unit}
            theme={theme}
          />
        </div>
        <p className="faint">{isMany ? manyWords(holdings, waiting) : marketWords(market)}</p>
        {isMany ? null : (
          <>
            <div className="analyze-cone">
              <ConeChart cone={figures.cone} breakevens={figures.breakevens} />
            </div>
            <p className="faint">Cone: one and two standard deviations, lognormal at the money until the first expiration.</p>
          </>
        )}
      </section>
      <section className="analyze-side" aria-label="Greeks">
        <Section title={isMany ? 'By move of every price' : 'By price'}>
          <GreeksTable head={isMany ? 'Move' : 'Price'} rows={figures.bySpot} nameOf={nameOf} isDollars={isMany} />
        </Section>
        <Section title="By date">
          <GreeksTable
            head="Date"
            rows={figures.byDate}
            nameOf={(row) => `${civilDay(addDays(market.today, row.days))} (${row.days} d)`}
            isDollars={isMany}
          />
        </Section>
        <Section title="By strike">
          <LegsTable rows={figures.legs} />
        </Section>
      </section>
    </div>
  );
}

function marketWords(market: KnownMarket): string {
  const { spot, atTheMoney, rate, dividendYield, unknown } = market;
  const odd = unknown > 0 ? ` (${unknown} without one, taken at the money)` : '';
  return `Spot ${decimal(spot)} · at the money ${percent(atTheMoney)} · rate ${percent(rate)} · yield ${signedPercent(dividendYield)} · American exercise, each leg at its own volatility${odd}.`;
}

function manyWords(holdings: readonly KnownHolding[], waiting: number): string {
  const names = holdings.map(({ underlying }) => underlying).join(', ');
  const missing = waiting > 0 ? ` ${waiting} more are not known yet.` : '';
  return `${names}: every price moves by the same share of itself; each comes to its own first expiration.${missing}`;
}
