import { create } from 'zustand';

/** An act that the engine does only for somebody who proves anew that he is the owner; `give(null)` drops it. */
interface Asked {
  readonly what: string;
  readonly message: string;
  readonly give: (proof: string | null) => void;
}

export const useProof = create<{ readonly asked: Asked | null }>(() => ({ asked: null }));

/** Opens the dialog; the proof is in no store, and is forgotten when it is sent. A second question drops the first. */
export function askForProof(what: string, message: string): Promise<string | null> {
  useProof.getState().asked?.give(null);
  return new Promise((resolve) => {
    useProof.setState({
      asked: {
        what,
        message,
        give(proof) {
          useProof.setState({ asked: null });
          resolve(proof);
        },
      },
    });
  });
}
