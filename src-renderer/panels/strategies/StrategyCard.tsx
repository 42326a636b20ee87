import { memo } from 'react';
import type { StrategyView } from '#contract/strategies';
import { Amount } from '../../components/Amount.tsx';
import { Button } from '../../components/Button.tsx';
import { atRisk, decimal, percent, signedCash } from '../../components/format/money.ts';
import { gateTitle } from '../../components/format/words.ts';
import { Segmented } from '../../components/Segmented.tsx';
import { act } from '../../stores/act.ts';
import { select } from '../../stores/selection.ts';
import { TrustLine } from './Trust.tsx';

const MODES = [
  { value: 'auto', text: 'Auto', hint: 'Trades by itself' },
  { value: 'approve', text: 'Approve', hint: 'Asks before each entry' },
  { value: 'observe', text: 'Observe', hint: 'Journals what it would do, sends nothing' },
  { value: 'off', text: 'Off', hint: 'Does not look' },
] as const;

export const StrategyCard = memo(function StrategyCard({ strategy, selected }: { strategy: StrategyView; selected: boolean }) {
  const { strategyId, title, performance, today } = strategy;
  const winShare = performance.trades === 0 ? null : performance.wins / performance.trades;
  return (
    <article className="card" aria-label={title} data-selected={selected} data-mode={strategy.mode}>
      <header className="card-head">
        <div>
          <h2>{title}</h2>
          <p className="soft">{strategy.summary}</p>
        </div>
        <Segmented
          label={`Mode of ${title}`}
          options={MODES}
          value={strategy.mode}
          onChange={(mode) => void act('strategy.setMode', `${title}: ${mode}`, { strategyId, mode })}
        />
      </header>
      <dl className="card-figures">
        <Figure name="P&L">
          <Amount cents={performance.pnl} digits={0} />
        </Figure>
        <Figure name="Trades">{performance.trades}</Figure>
        <Figure name="Won">{percent(winShare, 0)}</Figure>
        <Figure name="Expectancy">{signedCash(performance.expectancy)}</Figure>
        <Figure name="Profit factor">{decimal(performance.profitFactor)}</Figure>
        <Figure name="Open">
          {performance.openPositions} of {strategy.maxPositions}
        </Figure>
        <Figure name="Open risk">{atRisk(performance.openRisk)}</Figure>
      </dl>
      <TrustLine trust={strategy.trust} />
      <footer className="card-foot">
        <span className="soft">
          Today {today.proposals} proposed · {today.approved} approved · {today.refused} refused
          {today.topRefusals.length > 0 ? ': ' : ''}
          {today.topRefusals
            .slice(0, 3)
            .map((refusal) => `${gateTitle(refusal.reason)} ${refusal.count}`)
            .join(', ')}
        </span>
        <Button small aria-expanded={selected} onClick={() => select({ strategy: selected ? null : strategyId })}>
          {titleOfProfile(strategy.profile)} · parameters
        </Button>
      </footer>
    </article>
  );
});

function titleOfProfile(profile: StrategyView['profile']): string {
  return profile.charAt(0).toUpperCase() + profile.slice(1);
}

function Figure({ name, children }: { name: string; children: React.ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
