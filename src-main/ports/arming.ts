import type { Instant } from '#domain/units';

/** The owner's leave to open positions with real money, for one account and one build, until an instant. */
export interface Arming {
  readonly account: string;
  readonly build: string;
  /** Most that may be at risk at once, dollars, everything held and worked counted. */
  readonly ceilingDollars: number;
  readonly at: Instant;
  readonly until: Instant;
  readonly by: string;
}

/** A step on the way to live that is not itself a leave to trade. */
export type LiveStep = 'codeSetUp' | 'codeConfirmed' | 'armingRefused';
