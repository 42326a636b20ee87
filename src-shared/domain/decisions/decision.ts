import type { Contracts, Instant, IsoDate, Price } from '../units.ts';

/** One comparison that a proposal had to pass: the number found, the limit, and whether it held. */
export interface GateResult {
  /** Reason code, e.g. 'quoteAge', 'creditToRisk', 'sectorPositions'. Stable: the ledger, the funnel and 'why not?' use it. */
  readonly gate: string;
  readonly passed: boolean;
  readonly value: number | null;
  readonly limit: number | null;
  /** Unit of both numbers: 'seconds', 'fraction', 'dollars', 'cents', 'contracts', 'days', 'delta', ... */
  readonly unit: string;
  /** What the numbers cannot say, e.g. which leg or which symbol. */
  readonly note?: string;
}

/** A leg as it was priced at the decision. Greeks per share; delta signed for one long contract. */
export interface DecisionLeg {
  readonly symbol: string;
  readonly ratio: number;
  readonly right: 'call' | 'put' | 'stock';
  readonly strike: Price | null;
  readonly expiration: IsoDate | null;
  readonly bid: Price;
  readonly ask: Price;
  readonly quoteAt: Instant;
  readonly impliedVolatility: number | null;
  readonly delta: number | null;
  readonly gamma: number | null;
  readonly thetaPerDay: number | null;
  readonly vegaPerPoint: number | null;
  readonly openInterest: number | null;
  readonly volume: number | null;
  /** Shares per contract, as listed; left out for shares. */
  readonly multiplier?: number;
}

/** The numbers that a proposal was judged by. Cash in cents per one unit of the structure; fractions as 0..1. */
export interface ProposalMetrics {
  readonly spot: Price;
  readonly daysToExpiration: number;
  /** Signed per share: + credit. `mid` crosses nothing, `natural` crosses every leg. */
  readonly midCredit: Price;
  readonly naturalCredit: Price;
  /** Non-negative magnitude; null = unbounded. */
  readonly maxLossCents: number | null;
  readonly maxProfitCents: number | null;
  readonly breakevens: readonly Price[];
  readonly probabilityOfProfit: number;
  /** Under the engine's own forecast, after expected slippage and fees. */
  readonly expectedValueCents: number;
  readonly creditToRisk: number | null;
  readonly shortDelta: number | null;
  readonly width: Price | null;
  readonly ivRank: number | null;
  /** Name of the distribution behind POP and expected value. */
  readonly forecastModel: string;
  readonly forecastVolatility: number;
  readonly momentumZ: number | null;
  readonly flowZ: number | null;
  /** - uses, + frees. */
  readonly buyingPowerEffectCents: number;
  /** Position greeks of one unit, times the multiplier. */
  readonly deltaShares: number;
  readonly vegaDollarsPerPoint: number;
  readonly thetaDollarsPerDay: number;
}

export type VerdictKind = 'approved' | 'resized' | 'refused' | 'awaitingApproval';

/** A strategy's suggestion, every gate it met, and what became of it. Kept whether it traded or not. */
export interface Decision {
  readonly decisionId: string;
  readonly at: Instant;
  readonly scanId: number;
  readonly strategyId: string;
  readonly underlying: string;
  readonly structure: string;
  readonly legs: readonly DecisionLeg[];
  readonly metrics: ProposalMetrics;
  readonly snapshotId: number;
  /**
   * SHA-256 of what it was made on: quotes of its expirations, spot, histories, settings, what was committed. Two decisions with
   * the same hash saw the same; absent in older journals.
   */
  readonly inputsHash?: string;
  readonly score: number | null;
  readonly rank: number | null;
  readonly gates: readonly GateResult[];
  readonly verdict: VerdictKind;
  /** Gates that refused or resized, in order. */
  readonly reasons: readonly string[];
  /** Where it ended: the scanner's filters, the ranking, or the risk gate. */
  readonly stage: 'filter' | 'ranking' | 'risk';
  /** Units approved (0 when refused). */
  readonly contracts: Contracts;
  readonly parameters: Readonly<Record<string, number | string | boolean | null>>;
}
