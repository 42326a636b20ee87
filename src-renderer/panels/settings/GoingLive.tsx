import { useCallback, useEffect, useState } from 'react';
import type { LiveView } from '#contract/live';
import { Badge } from '../../components/Badge.tsx';
import { dayAndTime } from '../../components/format/instants.ts';
import { GateTable } from '../../components/GateTable.tsx';
import { Loading, StaleNote } from '../../components/Notices.tsx';
import { desk, settled } from '../../connection/current.ts';
import { Arming } from './Arming.tsx';
import { OneTimeCode } from './OneTimeCode.tsx';

const REFRESH_MS = 10_000;

/** The way to real money: what is shown already, what is missing, and the two steps that only the owner takes. */
export function GoingLive() {
  const [view, setView] = useState<LiveView | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  const load = useCallback(async () => {
    const result = await settled(desk.query('live.view', {}));
    if (result.ok) setView(result.answer);
    setFailure(result.ok ? null : result.failure.message);
  }, []);
  useEffect(() => {
    void load();
    const timer = setInterval(() => void load(), REFRESH_MS);
    return () => clearInterval(timer);
  }, [load]);
  if (!view) return failure ? <StaleNote>{failure}</StaleNote> : <Loading what="the way to live" />;
  const met = view.criteria.filter(({ passed }) => passed).length;
  return (
    <div className="keys-page">
      <h2 className="settings-title">Going live</h2>
      <p className="soft">Real money is locked until every line below is met and you arm it yourself. Exits are never locked.</p>
      <section className="card key-card" aria-label="Evidence">
        <header className="card-head">
          <div>
            <h3>1. Evidence</h3>
            <p className="soft">From this journal’s paper trades and the battery’s proof of this very build.</p>
          </div>
          <Badge tone={met === view.criteria.length ? 'good' : 'warn'}>
            {met} of {view.criteria.length} met
          </Badge>
        </header>
        <GateTable gates={view.criteria} />
      </section>
      <OneTimeCode view={view} onChange={() => void load()} />
      <Arming view={view} onChange={() => void load()} />
      {view.lockedUntil === null ? null : (
        <StaleNote>Too many wrong codes: locked until {dayAndTime(view.lockedUntil)} (New York).</StaleNote>
      )}
    </div>
  );
}
