import { useState } from 'react';
import type { LiveView } from '#contract/live';
import { Badge } from '../../components/Badge.tsx';
import { Button } from '../../components/Button.tsx';
import { act } from '../../stores/act.ts';

const STATES = { none: 'not set up', unconfirmed: 'not confirmed yet', confirmed: '✓ confirmed' } as const;
const isCode = (text: string): boolean => /^\d{6}$/.test(text);

/** Sets up the authenticator: a picture to scan, shown once, and a code that proves it was scanned. */
export function OneTimeCode({ view, onChange }: { view: LiveView; onChange: () => void }) {
  const [drawn, setDrawn] = useState<{ readonly uri: string; readonly qrSvg: string } | null>(null);
  const [code, setCode] = useState('');

  async function setUp() {
    const present = view.code === 'confirmed' ? code : null;
    const outcome = await act('live.setUpCode', 'One-time codes', { code: present });
    setCode('');
    if (!outcome) return;
    setDrawn(outcome.uri === '' ? null : outcome);
    onChange();
  }

  async function confirm() {
    const outcome = await act('live.confirmCode', 'One-time code', { code });
    setCode('');
    if (outcome?.kind === 'done') setDrawn(null);
    onChange();
  }

  const mayDraw = view.codeProblem === '' && (view.code !== 'confirmed' || isCode(code));
  return (
    <section className="card key-card" aria-label="One-time codes">
      <header className="card-head">
        <div>
          <h3>2. One-time codes</h3>
          <p className="soft">An authenticator on your phone. Its secret stays in your key store; the picture is shown once.</p>
        </div>
        <Badge tone={view.code === 'confirmed' ? 'good' : 'plain'}>{STATES[view.code]}</Badge>
      </header>
      {view.codeProblem === '' ? null : <p className="loss">{view.codeProblem}</p>}
      {drawn === null ? null : (
        <div className="code-drawn">
          <img alt="QR code for the authenticator" src={`data:image/svg+xml;utf8,${encodeURIComponent(drawn.qrSvg)}`} />
          <p className="soft">
            Or type this in:
            <br />
            <span className="identifier">{secretIn(drawn.uri)}</span>
          </p>
        </div>
      )}
      <div className="close-line">
        <input
          className="field"
          aria-label="One-time code"
          placeholder={view.code === 'confirmed' ? 'A present code, to replace the secret' : 'Six digits'}
          inputMode="numeric"
          autoComplete="off"
          maxLength={6}
          value={code}
          onChange={(event) => setCode(event.target.value.trim())}
        />
        {view.code === 'unconfirmed' ? (
          <Button tone="primary" disabled={!isCode(code)} onClick={() => void confirm()}>
            Confirm
          </Button>
        ) : null}
        <Button disabled={!mayDraw} onClick={() => void setUp()}>
          {view.code === 'none' ? 'Set up' : 'Draw anew'}
        </Button>
      </div>
    </section>
  );
}

function secretIn(uri: string): string {
  return new URL(uri).searchParams.get('secret') ?? '';
}
