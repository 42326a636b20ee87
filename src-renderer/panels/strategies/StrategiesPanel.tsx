import type { StrategyView } from '#contract/strategies';
import { FeedFrame } from '../../components/FeedFrame.tsx';
import { Empty } from '../../components/Notices.tsx';
import { useOpenFeed } from '../../stores/feedStore.ts';
import { strategiesFeed } from '../../stores/feeds.ts';
import { useSelection } from '../../stores/selection.ts';
import { StrategyCard } from './StrategyCard.tsx';
import { StrategyDrawer } from './StrategyDrawer.tsx';
import './strategies.css';

export function StrategiesPanel() {
  useOpenFeed(strategiesFeed, {});
  const feed = strategiesFeed.use();
  return (
    <FeedFrame what="strategies" {...feed}>
      {(strategies) => <Strategies strategies={strategies} />}
    </FeedFrame>
  );
}

function Strategies({ strategies }: { strategies: readonly StrategyView[] }) {
  const selected = useSelection((selection) => selection.strategy);
  const open = strategies.find((strategy) => strategy.strategyId === selected);
  if (strategies.length === 0) return <Empty title="No strategies">The catalogue is empty.</Empty>;
  return (
    <div className="with-drawer">
      <section className="panel-main" aria-label="Strategy list">
        <div className="scroll">
          <div className="strategy-cards">
            {strategies.map((strategy) => (
              <StrategyCard key={strategy.strategyId} strategy={strategy} selected={strategy.strategyId === selected} />
            ))}
          </div>
        </div>
      </section>
      {open ? <StrategyDrawer key={open.strategyId} strategy={open} /> : null}
    </div>
  );
}
