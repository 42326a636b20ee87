import { useState } from 'react';
import type { InputOf } from '#contract/contract';
import { Badge } from '../../components/Badge.tsx';
import { Button } from '../../components/Button.tsx';
import { whole } from '../../components/format/money.ts';
import { desk, settled } from '../../connection/current.ts';
import { act } from '../../stores/act.ts';
import { showFailure } from '../../stores/toasts.ts';

type Format = InputOf<'journal.export'>['format'];

const FORMATS: readonly { readonly format: Format; readonly title: string }[] = [
  { format: 'csv', title: 'CSV' },
  { format: 'json', title: 'JSON' },
  { format: 'schema', title: 'Trade schema' },
];

/** Hands a text to the owner as a file. */
function saveAs(fileName: string, mediaType: string, text: string) {
  const url = URL.createObjectURL(new Blob([text], { type: mediaType }));
  const link = document.createElement('a');
  link.href = url;
  link.download = fileName;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

async function exportAs(format: Format) {
  const result = await settled(desk.query('journal.export', { format }));
  if (result.ok) saveAs(result.answer.fileName, result.answer.mediaType, result.answer.text);
  else showFailure('Export', result.failure);
}

export function JournalActs() {
  return (
    <div className="journal-acts">
      <Verify />
      <span className="faint">Export</span>
      {FORMATS.map(({ format, title }) => (
        <Button key={format} small aria-label={`Export ${title}`} onClick={() => void exportAs(format)}>
          {title}
        </Button>
      ))}
      <Button small onClick={() => void act('journal.backup', 'Backup', {})}>
        Back up
      </Button>
    </div>
  );
}

/** Proves the hash chain from the first event to the last and shows the answer. */
function Verify() {
  const [state, setState] = useState<'idle' | 'running'>('idle');
  const [answer, setAnswer] = useState<{ readonly ok: boolean; readonly words: string; readonly head: string } | null>(null);
  async function verify() {
    setState('running');
    const result = await settled(desk.query('journal.verify', {}));
    setState('idle');
    if (!result.ok) return showFailure('Verify', result.failure);
    const { ok, events, firstBad, head } = result.answer;
    setAnswer({ ok, head, words: ok ? `✓ ${whole(events)} events, chain intact` : `✕ broken at event ${firstBad ?? '?'}` });
  }
  return (
    <>
      {answer ? (
        <span role="status">
          <Badge tone={answer.ok ? 'good' : 'bad'} title={`Head ${answer.head}`}>
            {answer.words}
          </Badge>
        </span>
      ) : null}
      <Button small disabled={state === 'running'} onClick={() => void verify()}>
        {state === 'running' ? 'Verifying …' : 'Verify chain'}
      </Button>
    </>
  );
}
