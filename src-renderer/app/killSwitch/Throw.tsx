import { useState } from 'react';
import { Button } from '../../components/Button.tsx';
import { newCommandId } from '../../connection/current.ts';
import { act } from '../../stores/act.ts';
import { type KillVerb, verbs } from './verbs.ts';

/** Choose a verb, confirm it. The reason is filled in, so that nothing stands between the owner and the stop. */
export function Throw() {
  const [chosen, setChosen] = useState<KillVerb | null>(null);
  const [reason, setReason] = useState('Thrown by hand in the window');
  const [commandId, setCommandId] = useState(newCommandId);
  const [sending, setSending] = useState(false);

  function choose(verb: KillVerb) {
    setChosen(verb);
    setCommandId(newCommandId());
  }

  async function confirm(verb: KillVerb, title: string) {
    setSending(true);
    const outcome = await act('killSwitch.throw', title, { verb, reason: reason.trim() || 'No reason given' }, commandId);
    setSending(false);
    if (outcome) setChosen(null);
  }

  return (
    <div className="kill-verbs">
      {verbs.map(({ verb, title, does }) => (
        <div key={verb} className="kill-verb">
          <button
            type="button"
            className={`kill-choice kill-choice-${verb}`}
            aria-pressed={chosen === verb}
            onClick={() => choose(verb)}
          >
            <strong>{title}</strong>
            <span>{does}</span>
          </button>
          {chosen === verb ? (
            <div className="kill-confirm">
              <input
                className="field"
                aria-label="Reason for throwing"
                value={reason}
                maxLength={500}
                onChange={(event) => setReason(event.target.value)}
              />
              <Button tone="danger" disabled={sending} onClick={() => void confirm(verb, title)}>
                {sending ? 'Sending …' : `Confirm: ${title.toLowerCase()}`}
              </Button>
            </div>
          ) : null}
        </div>
      ))}
    </div>
  );
}
