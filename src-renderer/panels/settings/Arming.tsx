import { useState } from 'react';
import type { LiveView } from '#contract/live';
import { Badge } from '../../components/Badge.tsx';
import { Button } from '../../components/Button.tsx';
import { dayAndTime } from '../../components/format/instants.ts';
import { cash } from '../../components/format/money.ts';
import { act } from '../../stores/act.ts';

/** The owner's own hand: account number, ceiling and code, for some hours; and the way back at any time. */
export function Arming({ view, onChange }: { view: LiveView; onChange: () => void }) {
  const [account, setAccount] = useState('');
  const [ceiling, setCeiling] = useState('');
  const [code, setCode] = useState('');
  const ceilingDollars = Number(ceiling);
  const complete = account !== '' && /^\d{6}$/.test(code) && Number.isFinite(ceilingDollars) && ceilingDollars >= 1;

  async function arm() {
    await act('live.arm', 'Arming', { account: account.trim(), code, ceilingDollars });
    setCode('');
    onChange();
  }

  async function disarm() {
    await act('live.disarm', 'Disarming', { reason: 'by hand in Settings' });
    onChange();
  }

  return (
    <form
      className="card key-card"
      aria-label="Arming"
      onSubmit={(event) => {
        event.preventDefault();
        void arm();
      }}
    >
      <header className="card-head">
        <div>
          <h3>3. Arming</h3>
          <p className="soft">
            {view.isLive
              ? `Account ${view.account}. It lasts ${view.armedHours} hours, or until this program changes.`
              : 'This desk trades on paper: there is nothing to arm. Choose the live venue under Broker first.'}
          </p>
        </div>
        {view.arming ? <Badge tone="bad">ARMED · REAL MONEY</Badge> : <Badge>not armed</Badge>}
      </header>
      {view.arming ? (
        <p>
          Armed by {view.arming.by} until {dayAndTime(view.arming.until)} (New York), with at most{' '}
          {cash(view.arming.ceilingDollars * 100, 0)} at risk.
        </p>
      ) : null}
      <div className="close-line">
        <input
          className="field"
          aria-label="Account number, typed"
          placeholder="Account number"
          autoComplete="off"
          spellCheck={false}
          disabled={!view.isLive}
          value={account}
          onChange={(event) => setAccount(event.target.value)}
        />
        <input
          className="field"
          aria-label="Capital ceiling in dollars"
          placeholder="Ceiling, dollars"
          inputMode="decimal"
          disabled={!view.isLive}
          value={ceiling}
          onChange={(event) => setCeiling(event.target.value)}
        />
        <input
          className="field"
          aria-label="One-time code for arming"
          placeholder="Six digits"
          inputMode="numeric"
          autoComplete="off"
          maxLength={6}
          disabled={!view.isLive}
          value={code}
          onChange={(event) => setCode(event.target.value.trim())}
        />
        <Button type="submit" tone="danger" disabled={!view.isLive || !complete}>
          Arm
        </Button>
        {view.arming ? <Button onClick={() => void disarm()}>Disarm</Button> : null}
      </div>
    </form>
  );
}
