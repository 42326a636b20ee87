type Apply = () => void;

/** Longest wait when no animation frame comes (a hidden window), in milliseconds. */
const HIDDEN_WAIT_MS = 250;

const waiting = new Map<object, Apply>();
let scheduled = false;

function flush() {
  scheduled = false;
  const due = [...waiting.values()];
  waiting.clear();
  for (const apply of due) apply();
}

/** Runs `apply` at the next animation frame; a newer one under the same `key` replaces it, so that a burst draws once. */
export function onNextFrame(key: object, apply: Apply): void {
  waiting.set(key, apply);
  if (scheduled) return;
  scheduled = true;
  if (document.visibilityState === 'hidden') setTimeout(flush, HIDDEN_WAIT_MS);
  else requestAnimationFrame(flush);
}
