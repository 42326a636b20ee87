import type { Instant } from '#domain/units';

/**
 * The stepping lever of an exchange whose clock waits for its client (simulation, replay).
 * `advanceTo(target)` runs the market forward until `target`, or until the first instant at which it told the client
 * something (a fill, a cancel, an expiry...), and says where it stopped.
 */
export interface ExchangeControl {
  now(): Instant;
  advanceTo(target: Instant): Instant;
}
