import { useState } from 'react';
import { ProofField } from '../../components/ProofField.tsx';
import { isBrowserLine } from '../../connection/openLink.ts';
import { act } from '../../stores/act.ts';
import { beginRelease } from '../../stores/releaseHold.ts';
import { HoldButton } from './HoldButton.tsx';

/** The way back: a typed word, a reason, in a browser the owner's token once more, and a press that is held. Nothing resumes by itself. */
export function Release({ word, holdMs }: { word: string; holdMs: number }) {
  const [typed, setTyped] = useState('');
  const [reason, setReason] = useState('');
  const [proof, setProof] = useState('');
  const asksForProof = isBrowserLine();
  const missing =
    typed.trim() !== word
      ? `Type ${word} first.`
      : reason.trim() === ''
        ? 'Say why it is safe to resume.'
        : asksForProof && proof.trim() === ''
          ? 'Show that it is you: the token stands where the desk was started.'
          : '';
  return (
    <div className="kill-release">
      <h3>Release</h3>
      <label>
        <span>Type {word}</span>
        <input
          className="field"
          aria-label="Release word"
          autoComplete="off"
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
        />
      </label>
      <label>
        <span>Reason</span>
        <input
          className="field"
          aria-label="Reason for release"
          maxLength={500}
          value={reason}
          onChange={(event) => setReason(event.target.value)}
        />
      </label>
      {asksForProof ? <ProofField value={proof} onChange={setProof} /> : null}
      <HoldButton
        holdMs={holdMs}
        disabled={missing !== ''}
        title={`Hold ${(holdMs / 1000).toFixed(0)} s to release`}
        onBegin={beginRelease}
        onHeld={(nonce) =>
          void act('killSwitch.release', 'Kill switch released', {
            word: typed.trim(),
            nonce,
            reason: reason.trim(),
            ...(asksForProof ? { proof: proof.trim() } : {}),
          })
        }
      />
      <p className="faint">{missing}</p>
    </div>
  );
}
