/**
 * An adapter whose answers are handed over when the driver asks, so that a simulated session is the same every time.
 * In live use the adapter delivers by itself and a driver never calls these.
 */
export interface Deliverable {
  /** Hands everything queued to the listeners, in canonical order. True when there was anything. */
  deliver(): boolean;
  /** Resolves when nothing is under way: no request unanswered, no stream frame that was sent still unread. */
  idle(): Promise<void>;
  /** True when `idle()` would resolve at once (always, for adapters in the same process). */
  readonly settled: boolean;
}
