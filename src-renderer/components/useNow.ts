import { useEffect, useState } from 'react';

/** This window's own clock (`Date.now()`), drawn again every `everyMs`: for ages and countdowns, never for market time. */
export function useNow(everyMs = 1_000): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return now;
}
