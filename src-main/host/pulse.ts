import type { Unsubscribe } from '#wire/pipe';

/** Shortest time between two looks at a feed's source, milliseconds: ten frames a second at most. */
export const SHORTEST_PERIOD_MS = 100;

/**
 * Feeds a window from a snapshot function: at once, then at most once per `everyMs`, and only when `version` changed. However
 * fast the market moves, a window gets frames at its own pace.
 */
export function pulse<Item>(
  source: { readonly everyMs: number; version(): unknown; read(): Item | null; onError(error: unknown): void },
  push: (item: Item) => void,
): Unsubscribe {
  let last: unknown;
  let first = true;
  const look = (): void => {
    try {
      const version = source.version();
      if (!first && version === last) return;
      const item = source.read();
      if (item === null) return;
      first = false;
      last = version;
      push(item);
    } catch (error) {
      source.onError(error);
    }
  };
  look();
  const timer = setInterval(look, Math.max(SHORTEST_PERIOD_MS, source.everyMs));
  return () => clearInterval(timer);
}
