import { memo } from 'react';
import type { LimitView } from '#contract/risk';
import { pairInUnit, titleOf } from '../../components/format/words.ts';
import { Meter } from '../../components/Meter.tsx';
import { showSetting } from '../../stores/workspace.ts';
import { leftOf, shareUsed } from './limitFigures.ts';

const GROUPS: readonly LimitView['group'][] = [
  'loss',
  'account',
  'trade',
  'concentration',
  'greeks',
  'stress',
  'activity',
  'data',
];

const LimitLine = memo(function LimitLine({ limit }: { limit: LimitView }) {
  const [used, max] = pairInUnit(limit.used, limit.max, limit.unit);
  const [left] = pairInUnit(leftOf(limit), limit.max, limit.unit);
  const share = shareUsed(limit);
  return (
    <li className={limit.breached ? 'limit limit-breached' : 'limit'}>
      <button
        type="button"
        className="limit-title"
        title={`${limit.note} Opens the setting ${limit.setting}.`.trim()}
        onClick={() => showSetting(limit.setting)}
      >
        {limit.title}
        {limit.breached ? <strong className="loss"> ✕ breached</strong> : null}
      </button>
      <Meter fraction={share} label={`${limit.title}: ${used} used of ${max}`} />
      <span className="limit-used">{used}</span>
      <span className="limit-max faint">of {max}</span>
      <span className="limit-left">{limit.used === null ? 'unknown' : `${left} left`}</span>
    </li>
  );
});

/** Every limit with what is used and left; a press on its name opens the setting. */
export function Limits({ limits }: { limits: readonly LimitView[] }) {
  return GROUPS.map((group) => {
    const lines = limits.filter((limit) => limit.group === group);
    if (lines.length === 0) return null;
    return (
      <section key={group} className="limit-group">
        <h3>{titleOf(group)}</h3>
        <ul>
          {lines.map((limit) => (
            <LimitLine key={limit.limit} limit={limit} />
          ))}
        </ul>
      </section>
    );
  });
}
