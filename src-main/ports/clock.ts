import type { Instant } from '#domain/units';

/** Forgets a wake-up; harmless when it already fired. */
export type Cancel = () => void;

/** Time from outside: the system's, the exchange's or a tape's. Only the runtime reads it; the engine gets time with each event. */
export interface Clock {
  now(): Instant;
  /** Calls back once, at or after `at`. Wake-ups at one instant fire in the order in which they were asked for. */
  wakeAt(at: Instant, wake: () => void): Cancel;
}
