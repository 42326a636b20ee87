import { useEffect, useState } from 'react';
import type { OutputOf } from '#contract/contract';
import { Loading } from '../../components/Notices.tsx';
import { Segmented } from '../../components/Segmented.tsx';
import { desk, settled } from '../../connection/current.ts';
import { act } from '../../stores/act.ts';
import { statusFeed } from '../../stores/feeds.ts';

type Facts = OutputOf<'desk.about'>;

const SPEEDS = [
  { value: '1', text: '1×' },
  { value: '10', text: '10×' },
  { value: '60', text: '60×' },
  { value: '600', text: '600×' },
  { value: 'max', text: 'As fast as it can' },
] as const;

export function About() {
  const [facts, setFacts] = useState<Facts | null>(null);
  useEffect(() => {
    let current = true;
    void settled(desk.query('desk.about', {})).then((result) => {
      if (current && result.ok) setFacts(result.answer);
    });
    return () => {
      current = false;
    };
  }, []);
  if (!facts) return <Loading what="facts" />;
  const rows: readonly (readonly [string, string])[] = [
    ['Version', `${facts.version} (${facts.build})`],
    ['Platform', facts.platform],
    ['Data folder', facts.dataFolder],
    ['Settings file', facts.settingsFile],
    ['Journal', facts.journalFile],
  ];
  return (
    <div className="about-page">
      <h2 className="settings-title">About</h2>
      <dl className="about-facts">
        {rows.map(([name, value]) => (
          <div key={name}>
            <dt className="soft">{name}</dt>
            <dd className="identifier">{value}</dd>
          </div>
        ))}
      </dl>
      <Speed />
      <p className="faint">
        Charts: TradingView Lightweight Charts™, Copyright (c) 2025 TradingView, Inc.{' '}
        <a href="https://www.tradingview.com/" target="_blank" rel="noreferrer">
          tradingview.com
        </a>
      </p>
    </div>
  );
}

/** The embedded exchange's clock may run faster than the wall's. */
function Speed() {
  const speed = statusFeed.use((feed) => feed.item?.clock.speed);
  const venue = statusFeed.use((feed) => feed.item?.venue);
  if (venue !== 'embedded exchange') return null;
  const now = SPEEDS.find((option) => option.value === String(speed))?.value ?? '1';
  return (
    <div>
      <h3>Speed of the embedded exchange</h3>
      <Segmented
        label="Speed of the embedded exchange"
        options={SPEEDS}
        value={now}
        onChange={(value) => void act('desk.setSpeed', `Speed ${value}`, { speed: value === 'max' ? 'max' : Number(value) })}
      />
    </div>
  );
}
