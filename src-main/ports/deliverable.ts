/**
 * An adapter whose answers are handed over when the driver asks, so that a simulated session is the same every time.
 * In live use the adapter delivers by itself and a driver never calls these.
 */
export interface Deliverable {
  /** Takes everything queued so far out of the queue, in canonical order; each part hands one answer to its listeners. */
  take(): readonly (() => void)[];
  /** Resolves when nothing is under way: no request unanswered, no stream frame that was sent still unread. */
  idle(): Promise<void>;
  /** True when `idle()` would resolve at once (always, for adapters in the same process). */
  readonly settled: boolean;
}
