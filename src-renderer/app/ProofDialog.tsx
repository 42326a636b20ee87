import { useState } from 'react';
import { Button } from '../components/Button.tsx';
import { ProofField } from '../components/ProofField.tsx';
import { useProof } from '../stores/proof.ts';
import { Overlay } from './Overlay.tsx';

/** Asks once more who sits here, for the one act that waits for it. */
export function ProofDialog() {
  const asked = useProof((state) => state.asked);
  return asked ? <Question key={asked.message} {...asked} /> : null;
}

function Question({ what, message, give }: { what: string; message: string; give: (proof: string | null) => void }) {
  const [proof, setProof] = useState('');
  return (
    <Overlay title={`${what}: is it you?`} onClose={() => give(null)}>
      <form
        className="proof"
        onSubmit={(event) => {
          event.preventDefault();
          if (proof.trim() !== '') give(proof.trim());
        }}
        onKeyDown={(event) => {
          if (event.key === 'Escape') give(null);
        }}
      >
        <p className="soft">{message}</p>
        <ProofField value={proof} onChange={setProof} autoFocus />
        <div className="save-line">
          <Button type="submit" tone="primary" disabled={proof.trim() === ''}>
            Go on
          </Button>
          <Button tone="quiet" onClick={() => give(null)}>
            Leave it as it is
          </Button>
        </div>
      </form>
    </Overlay>
  );
}
