import { z } from 'zod';
import type { GateResult } from '../domain/decisions/decision.ts';
import type { NoVolatility } from '../domain/pricing/quoteImpliedVolatility.ts';
import type { Cents, Instant, IsoDate, Price } from '../domain/units.ts';
import type { ActOutcome } from './desk.ts';
import {
  commandId,
  contractsField,
  dateField,
  legsField,
  netPriceField,
  noInput,
  proofField,
  symbolField,
  underlyingField,
} from './fields.ts';
import { command, feed, query } from './verbs.ts';

export interface UnderlyingRow {
  readonly underlying: string;
  readonly name: string;
  readonly sector: string;
  readonly bid: Price | null;
  readonly ask: Price | null;
  readonly last: Price | null;
  readonly dayChangeFraction: number | null;
  readonly ivRank: number | null;
  readonly iv30: number | null;
  readonly paused: boolean;
  /** Why trading stands still, by the feed's word or the broker's refusal; null while it is traded as far as we know. */
  readonly halted: string | null;
  readonly positions: number;
  readonly expirations: readonly { readonly date: IsoDate; readonly daysToExpiration: number }[];
}

/** Constant-maturity implied volatilities of one close, annual fractions. null = the chain did not reach or an older record. */
export interface RecordedVolatility {
  readonly iv30: number;
  readonly iv60: number | null;
  readonly iv90: number | null;
}

/** One contract's cell. null = the source did not give it; `defect` says what is wrong with the quote. */
export interface ContractCell {
  readonly symbol: string;
  readonly bid: Price | null;
  readonly ask: Price | null;
  readonly bidSize: number | null;
  readonly askSize: number | null;
  readonly quoteAt: Instant | null;
  readonly defect: 'none' | 'missing' | 'notANumber' | 'crossed' | 'zeroBid' | 'zeroAsk';
  /** Of our own mid; the data source's where our quote implies none. */
  readonly impliedVolatility: number | null;
  /** Why the quote implies no volatility; null where it does, or where the underlying has no price to tell by. */
  readonly noVolatility: NoVolatility | null;
  readonly delta: number | null;
  readonly gamma: number | null;
  readonly thetaPerDay: number | null;
  readonly vegaPerPoint: number | null;
  readonly volume: number | null;
  readonly openInterest: number | null;
  /** Signed contracts held. */
  readonly held: number;
}

export interface ChainView {
  readonly underlying: string;
  readonly at: Instant;
  readonly spot: Price | null;
  readonly expiration: IsoDate;
  readonly daysToExpiration: number;
  /** Years until it expires, hours included: what the volatilities are annualised with. */
  readonly years: number;
  /** Forward that put-call parity implies next to the money; spot carried at the rate where the quotes imply none. */
  readonly forward: Price | null;
  readonly rows: readonly { readonly strike: Price; readonly call: ContractCell | null; readonly put: ContractCell | null }[];
}

/** Everything the owner wants to know before an order is sent. Cash for all units. */
export interface OrderPreview {
  readonly structure: string;
  readonly midCredit: Price | null;
  readonly naturalCredit: Price | null;
  readonly tick: Price;
  readonly maxProfit: Cents | null;
  readonly maxLoss: Cents | null;
  readonly breakevens: readonly Price[];
  readonly probabilityOfProfit: number | null;
  readonly expectedValue: Cents | null;
  readonly forecastModel: string;
  readonly buyingPowerEffect: Cents | null;
  readonly fees: Cents | null;
  readonly greeks: {
    readonly deltaShares: number | null;
    readonly gamma: number | null;
    readonly thetaDollarsPerDay: number | null;
    readonly vegaDollarsPerPoint: number | null;
  };
  /** Profit at expiration (cents, all units) over a range of prices. */
  readonly payoff: readonly { readonly spot: Price; readonly atExpiration: number; readonly now: number | null }[];
  readonly gates: readonly GateResult[];
  /** In full: what the gate would cut down does not pass. */
  readonly wouldPass: boolean;
  /** Units that would go: all, fewer where only the size is too large, 0 where it would be refused. */
  readonly wouldGo: number;
  /** Gates that the whole size fails, by name; empty when it passes. */
  readonly failedBy: readonly string[];
}

/** One strategy's answer to 'why not this contract?'. */
export interface WhyNotView {
  readonly symbol: string;
  readonly at: Instant | null;
  readonly snapshotId: number | null;
  readonly strategies: readonly {
    readonly strategyId: string;
    readonly title: string;
    readonly summary: string;
    readonly gates: readonly GateResult[];
    readonly lastDecisionId: string | null;
  }[];
}

export const chain = {
  'chain.underlyings': feed<readonly UnderlyingRow[]>()(noInput),
  'chain.view': feed<ChainView>()(z.strictObject({ underlying: underlyingField, expiration: dateField })),
  'chain.whyNot': query<WhyNotView>()(z.strictObject({ symbol: symbolField })),
  'chain.bars': query<
    readonly {
      readonly date: IsoDate;
      readonly open: number;
      readonly high: number;
      readonly low: number;
      readonly close: number;
      readonly volume: number;
    }[]
  >()(z.strictObject({ underlying: underlyingField })),
  /** Implied volatilities recorded at the closes, oldest first, one row a trading day. */
  'chain.volatility': query<{ readonly recorded: readonly RecordedVolatility[] }>()(
    z.strictObject({ underlying: underlyingField }),
  ),
  'order.preview': query<OrderPreview>()(
    z.strictObject({ legs: legsField, contracts: contractsField, netLimit: netPriceField.nullable() }),
  ),
  'order.open': command<ActOutcome>()(
    z.strictObject({
      commandId,
      legs: legsField,
      contracts: contractsField,
      netLimit: netPriceField,
      note: z.string().max(500).default(''),
    }),
  ),
  'symbol.pause': command<ActOutcome>('operator')(
    z.strictObject({ commandId, underlying: underlyingField, paused: z.boolean(), proof: proofField }),
  ),
};
