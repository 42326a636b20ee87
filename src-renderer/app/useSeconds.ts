import { useEffect, useState } from 'react';

/** Whole seconds left of `fromMs`, counted down anew whenever `since` changes. */
export function useSeconds(fromMs: number, since: unknown): number {
  const [left, setLeft] = useState(Math.ceil(fromMs / 1000));
  // A new `since` restarts the countdown even when the length is the same.
  // biome-ignore lint/correctness/useExhaustiveDependencies: see above
  useEffect(() => {
    const endsAt = Date.now() + fromMs;
    const tick = () => setLeft(Math.max(0, Math.ceil((endsAt - Date.now()) / 1000)));
    tick();
    const timer = setInterval(tick, 250);
    return () => clearInterval(timer);
  }, [fromMs, since]);
  return left;
}
