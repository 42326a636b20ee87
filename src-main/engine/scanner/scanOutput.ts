import type { Decision } from '#domain/decisions/decision';
import type { Price } from '#domain/units';
import type { MarketView, Proposal } from '#ports/strategy';
import type { RiskRequest } from '../risk/book.ts';

/** A candidate that passed every filter and made the ranking: what execution needs to judge it and to build its ladder. */
export interface RankedCandidate {
  /** Not final: verdict and gates of the risk engine are added by `settleDecision`. */
  readonly decision: Decision;
  readonly proposal: Proposal;
  readonly riskRequest: RiskRequest;
  readonly prices: CandidatePrices;
}

/** Signed per share, + credit. `natural` crosses every leg. */
export interface CandidatePrices {
  readonly mid: Price;
  readonly natural: Price;
  readonly spot: Price;
}

export interface ScanCounts {
  readonly underlyings: number;
  readonly contracts: number;
  /** Structures that a strategy proposed. */
  readonly proposals: number;
  /** Proposals that passed every filter. */
  readonly candidates: number;
}

/** Today's 30-day implied volatility of an underlying, to be recorded at the close. */
export interface VolatilityReading {
  readonly underlying: string;
  readonly spot: Price;
  readonly iv30: number;
}

export interface ScanOutput {
  /** To be journalled now: first-time refusals by filter or ranking. Ranked candidates are journalled after the gate. */
  readonly decisions: readonly Decision[];
  /** Best first; at most `topCandidates`. */
  readonly ranked: readonly RankedCandidate[];
  /** How many fell at each rule. */
  readonly funnel: Readonly<Record<string, number>>;
  readonly counts: ScanCounts;
  /** The market as prepared, for `manage` and 'why not?'. */
  readonly market: MarketView;
}
