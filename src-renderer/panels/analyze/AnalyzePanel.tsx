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
import { type Bend, breakevensOf, daysToFirstExpiration, greeksRow, payoffPoints, probabilityCone } from './analysis.ts';
import { ConeChart } from './ConeChart.tsx';
import { addDays } from './days.ts';
import { GreeksTable } from './GreeksTable.tsx';
import { AS_IT_IS, Sliders } from './Sliders.tsx';
import { type Subject, subjectsOf, ticketSubject } from './subject.ts';
import { useMarket } from './useMarket.ts';

const SPOT_MOVES = [-0.1, -0.06, -0.03, -0.01, 0, 0.01, 0.03, 0.06, 0.1] as const;
const DAY_STEPS = 6;
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
  const market = useMarket(subject);
  const theme = useWorkspace((workspace) => workspace.theme);
  const [bend, setBend] = useState<Bend>(AS_IT_IS);
  const settled = useDeferredValue(bend);
  const { legs, cash } = subject;
  const figures = useMemo(() => {
    if (!market) return null;
    const days = daysToFirstExpiration(legs, market.today);
    const points = payoffPoints(legs, cash, market, settled);
    return {
      days,
      points,
      breakevens: breakevensOf(points),
      bySpot: SPOT_MOVES.map((move) =>
        greeksRow(legs, cash, market, { ...settled, spotMove: (1 + settled.spotMove) * (1 + move) - 1 }),
      ),
      byDate: Array.from({ length: DAY_STEPS }, (_, index) => Math.round((days * index) / (DAY_STEPS - 1)))
        .filter((day, index, all) => all.indexOf(day) === index)
        .map((day) => greeksRow(legs, cash, market, { ...settled, days: day })),
      cone: probabilityCone(market, market.atTheMoney, days),
    };
  }, [market, legs, cash, settled]);
  if (!market || !figures) return <Loading what="the market of this structure" />;
  return (
    <div className="analyze-grid">
      <section className="analyze-main" aria-label="Payoff">
        <Sliders bend={bend} spot={market.spot} mostDays={figures.days} onChange={setBend} />
        <div className="analyze-payoff">
          <PayoffChart
            points={figures.points}
            breakevens={figures.breakevens}
            spot={market.spot * (1 + settled.spotMove)}
            theme={theme}
          />
        </div>
        <p className="faint">
          Spot {decimal(market.spot)} · at the money {percent(market.atTheMoney)} · rate {percent(market.rate)} · yield{' '}
          {signedPercent(market.dividendYield)} · American exercise, each leg at its own volatility
          {market.unknown > 0 ? ` (${market.unknown} without one, taken at the money)` : ''}. The dashed line is the bent world.
        </p>
        <div className="analyze-cone">
          <ConeChart cone={figures.cone} breakevens={figures.breakevens} />
        </div>
        <p className="faint">Cone: one and two standard deviations, lognormal at the money until the first expiration.</p>
      </section>
      <section className="analyze-side" aria-label="Greeks">
        <Section title="By price">
          <GreeksTable
            head="Price"
            rows={figures.bySpot}
            nameOf={(row) => `${decimal(row.spot)} (${signedPercent(row.spot / market.spot - 1)})`}
          />
        </Section>
        <Section title="By date">
          <GreeksTable
            head="Date"
            rows={figures.byDate}
            nameOf={(row) => `${civilDay(addDays(market.today, row.days))} (${row.days} d)`}
          />
        </Section>
      </section>
    </div>
  );
}
