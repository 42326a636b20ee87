import { useEffect, useState } from 'react';
import type { DecisionView } from '#contract/decisions';
import { Empty, Loading, StaleNote } from '../../components/Notices.tsx';
import { useOpenFeed } from '../../stores/feedStore.ts';
import { decisionsFeed } from '../../stores/feeds.ts';
import { useWorkspace } from '../../stores/workspace.ts';
import { DecisionDrawer } from './DecisionDrawer.tsx';
import { DecisionRow } from './DecisionRow.tsx';
import { Filters } from './Filters.tsx';
import { Funnel } from './Funnel.tsx';
import './decisions.css';
import { anyDecision, type DecisionFilter, isNarrowed, matches } from './filter.ts';
import { useSearch } from './useSearch.ts';

const HEAD = ['When', 'Verdict', 'Proposal', 'Strategy', 'POP', 'EV', 'Credit / risk', 'Why', 'Later'] as const;
const NONE: readonly DecisionView[] = [];

/** The decision ledger: every proposal, its gates and its verdict; the newest live, older ones by search. */
export function DecisionsPanel() {
  useOpenFeed(decisionsFeed, {});
  const feed = decisionsFeed.use();
  const [filter, setFilter] = useState<DecisionFilter>(anyDecision);
  const search = useSearch(filter);
  const selected = useWorkspace((workspace) => workspace.decisionInView);
  const recent = feed.item ?? NONE;
  const live = recent.filter((view) => matches(view, filter));
  const rows = isNarrowed(filter) && search.rows ? search.rows : live;
  const open = [...rows, ...recent].find((view) => view.decision.decisionId === selected);
  const select = (decisionInView: string | null) => useWorkspace.setState({ decisionInView });

  useEffect(() => {
    if (selected) document.getElementById(`decision-${selected}`)?.scrollIntoView({ block: 'nearest' });
  }, [selected]);

  return (
    <div className="with-drawer">
      <section className="panel-main" aria-label="Decision ledger">
        <Funnel />
        <Filters
          filter={filter}
          onChange={setFilter}
          recent={recent}
          found={rows.length}
          total={isNarrowed(filter) ? search.total : null}
        />
        {feed.state === 'failed' ? <StaleNote>{feed.failure}</StaleNote> : null}
        {feed.item === null ? <Loading what="decisions" /> : null}
        {feed.item !== null && rows.length === 0 ? (
          <Empty title={isNarrowed(filter) ? 'No decision fits these filters' : 'No decision yet'}>
            {isNarrowed(filter)
              ? 'Widen a filter.'
              : 'Each scan’s proposals appear here, the refused ones too, with every number compared.'}
          </Empty>
        ) : null}
        {rows.length > 0 ? (
          <div className="scroll">
            <table className="data-table decisions-table">
              <thead>
                <tr>
                  {HEAD.map((title) => (
                    <th
                      key={title}
                      scope="col"
                      className={/^(POP|EV|Credit|Later)/.test(title) ? 'number' : title === 'Strategy' ? 'when-wide' : ''}
                    >
                      {title}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {rows.map((view) => (
                  <DecisionRow
                    key={view.decision.decisionId}
                    view={view}
                    selected={view.decision.decisionId === selected}
                    onSelect={select}
                  />
                ))}
              </tbody>
            </table>
          </div>
        ) : null}
      </section>
      {open ? <DecisionDrawer key={open.decision.decisionId} view={open} onClose={() => select(null)} /> : null}
    </div>
  );
}
