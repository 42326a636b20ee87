import type { StreamState } from './keptSocket.ts';

const GRAVITY: readonly StreamState[] = ['connected', 'stale', 'disconnected'];

/**
 * One word for several connections: as bad as the worst of them, and 'connected' only when every one has said so. Thus the
 * recovery of one never hides that another is down. Told only when the word changes.
 */
export function createHealth<Part extends string>(
  parts: readonly Part[],
  onChange: (state: StreamState, detail: string) => void,
) {
  const states = new Map<Part, { readonly state: StreamState; readonly detail: string }>();
  let told: StreamState | null = null;
  return {
    set(part: Part, state: StreamState, detail: string): void {
      states.set(part, { state, detail });
      const worst = [...states.values()].reduce((a, b) => (GRAVITY.indexOf(b.state) > GRAVITY.indexOf(a.state) ? b : a));
      if (worst.state === told || (worst.state === 'connected' && states.size < parts.length)) return;
      told = worst.state;
      onChange(worst.state, worst.state === 'connected' ? detail : worst.detail);
    },
  };
}
