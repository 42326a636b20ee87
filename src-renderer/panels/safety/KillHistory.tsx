import { useEffect, useState } from 'react';
import type { OutputOf } from '#contract/contract';
import { Button } from '../../components/Button.tsx';
import { Section } from '../../components/Drawer.tsx';
import { dayAndTime } from '../../components/format/instants.ts';
import { titleOf } from '../../components/format/words.ts';
import { desk, settled } from '../../connection/current.ts';
import { act } from '../../stores/act.ts';
import { statusFeed } from '../../stores/feeds.ts';

type History = OutputOf<'killSwitch.history'>;

/** Breakers that stand, and every change of the kill switch. */
export function KillHistory() {
  const breakers = statusFeed.use((feed) => feed.item?.breakers) ?? [];
  const changedAt = statusFeed.use((feed) => feed.item?.kill.at);
  const [history, setHistory] = useState<History>([]);
  // A change of the switch lengthens the history.
  // biome-ignore lint/correctness/useExhaustiveDependencies: see above
  useEffect(() => {
    let current = true;
    void settled(desk.query('killSwitch.history', {})).then((result) => {
      if (current && result.ok) setHistory(result.answer);
    });
    return () => {
      current = false;
    };
  }, [changedAt]);
  return (
    <Section title="Breakers and kill switch">
      {breakers.length === 0 ? <p className="faint">No breaker is open.</p> : null}
      <ul className="breakers">
        {breakers.map((breaker) => (
          <li key={breaker.breaker}>
            <span>
              <strong>{titleOf(breaker.breaker)}</strong> <span className="warn">{breaker.severity}</span> {breaker.detail}
            </span>
            <Button
              small
              onClick={() =>
                void act('breaker.reset', `Breaker ${breaker.breaker}`, {
                  breaker: breaker.breaker,
                  reason: 'Reset by hand in the window',
                })
              }
            >
              Reset
            </Button>
          </li>
        ))}
      </ul>
      {history.length > 0 ? (
        <ol className="story">
          {history.slice(0, 8).map((entry) => (
            <li key={`${entry.at}/${entry.to}`}>
              <time>{dayAndTime(entry.at)}</time>
              <strong>
                {entry.from} → {entry.to}
              </strong>
              <p className="soft">
                {entry.reason} ({entry.by})
              </p>
            </li>
          ))}
        </ol>
      ) : (
        <p className="faint">The kill switch has never been thrown.</p>
      )}
    </Section>
  );
}
