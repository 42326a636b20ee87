import { useState } from 'react';
import type { LooseLegView } from '#contract/positions';
import { Button } from '../../components/Button.tsx';
import { contractName } from '../../components/format/contracts.ts';
import { decimal } from '../../components/format/money.ts';
import { act } from '../../stores/act.ts';
import { useOpenFeed } from '../../stores/feedStore.ts';
import { strategiesFeed } from '../../stores/feeds.ts';

/** Legs at the broker that no structure explains: the owner says which strategy takes care of them. */
export function LooseLegs({ legs }: { legs: readonly LooseLegView[] }) {
  if (legs.length === 0) return null;
  return <Adopt legs={legs} />;
}

function Adopt({ legs }: { legs: readonly LooseLegView[] }) {
  useOpenFeed(strategiesFeed, {});
  const strategies = strategiesFeed.use((feed) => feed.item) ?? [];
  const [marked, setMarked] = useState<readonly string[]>(() => legs.map((leg) => leg.symbol));
  const [strategyId, setStrategyId] = useState('');
  const chosen = strategyId || strategies[0]?.strategyId || '';
  const symbols = legs.map((leg) => leg.symbol).filter((symbol) => marked.includes(symbol));
  return (
    <section className="loose" aria-label="Loose legs">
      <strong>⚠ {legs.length === 1 ? 'One leg' : `${legs.length} legs`} at the broker that no structure explains</strong>
      <ul>
        {legs.map((leg) => (
          <li key={leg.symbol}>
            <label>
              <input
                type="checkbox"
                checked={marked.includes(leg.symbol)}
                onChange={() =>
                  setMarked(
                    marked.includes(leg.symbol) ? marked.filter((symbol) => symbol !== leg.symbol) : [...marked, leg.symbol],
                  )
                }
              />{' '}
              {leg.quantity > 0 ? `+${leg.quantity}` : `−${-leg.quantity}`} {contractName(leg.symbol)}{' '}
              <span className="faint">at {decimal(leg.averagePrice)}</span>
            </label>
          </li>
        ))}
      </ul>
      <div className="close-line">
        <select
          className="field"
          aria-label="Strategy that adopts"
          value={chosen}
          onChange={(event) => setStrategyId(event.target.value)}
        >
          {strategies.map((strategy) => (
            <option key={strategy.strategyId} value={strategy.strategyId}>
              {strategy.title}
            </option>
          ))}
        </select>
        <Button
          disabled={symbols.length === 0 || chosen === ''}
          onClick={() => void act('position.adopt', 'Adopt', { symbols, strategyId: chosen })}
        >
          Adopt as one position
        </Button>
      </div>
    </section>
  );
}
