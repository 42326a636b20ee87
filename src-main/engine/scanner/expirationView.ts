import { yearsToExpiration } from '#domain/market/calendar';
import type { ExpirationSlice, SideColumns } from '#domain/market/chain';
import { impliedVolatilityChain } from '#domain/pricing/chainImpliedVolatility';
import { type ChainGreeks, chainGreeks, chainGreeksBytes, chainGreeksOn, logStrikes } from '#domain/pricing/chainKernel';
import type { PriceDistribution } from '#domain/structures/probability';
import { skewedDistribution } from '#domain/structures/skewedDistribution';
import type { Instant, Price } from '#domain/units';
import type { ScannerSettings } from '#ports/settings/settings';
import type { ExpirationView, OwnGreeks } from '#ports/strategy';
import { markUsable, type RuleCounts } from './contractRules.ts';
import { FORECAST_MODEL, forecastSkewnessOf, forecastVolatilityOf } from './forecast.ts';
import { forwardOf, indexNear } from './forward.ts';
import type { ScanMemory } from './scanMemory.ts';

/** What an expiration's preparation needs from its underlying and its scan. */
export interface ExpirationTerms {
  readonly now: Instant;
  readonly spot: Price;
  readonly daysToExpiration: number;
  readonly settings: ScannerSettings;
  readonly realisedVolatility: number | null;
  /** Dividends that go ex before expiration, dollars per share. */
  readonly dividends: number;
  readonly memory: ScanMemory;
  readonly fallen: RuleCounts;
}

/**
 * Strikes further from the forward than this many deviations to expiration get no volatility of our own: their delta is below
 * two hundredths, which no strategy sells or buys.
 */
const REACH_DEVIATIONS = 2.6;

/**
 * One expiration, prepared only as far as somebody looks: the forward and the volatility at the money when they are asked for,
 * our own greeks of every strike when a strategy asks for a side.
 */
export class LazyExpiration implements ExpirationView {
  readonly slice: ExpirationSlice;
  readonly daysToExpiration: number;
  readonly years: number;
  readonly discount: number;
  private readonly terms: ExpirationTerms;
  private sides: { readonly calls: OwnGreeks; readonly puts: OwnGreeks } | null = null;
  private parity = 0;
  private centre: number | null | undefined = undefined;
  private law: PriceDistribution | null = null;

  constructor(slice: ExpirationSlice, terms: ExpirationTerms) {
    this.slice = slice;
    this.terms = terms;
    this.daysToExpiration = terms.daysToExpiration;
    this.years = yearsToExpiration(terms.now, slice.expiresAt);
    this.discount = Math.exp(-terms.settings.riskFreeRate * this.years);
  }

  get forward(): Price {
    if (this.parity === 0) this.parity = forwardOf(this.slice, this.terms.spot, this.discount, this.terms.dividends);
    return this.parity;
  }

  /** Implied volatility at the money, from the two options nearest to the forward; null without a sane quote there. */
  get atTheMoney(): number | null {
    if (this.centre === undefined) this.centre = atTheMoneyOf(this, this.terms.memory);
    return this.centre;
  }

  get calls(): OwnGreeks {
    return this.prepared().calls;
  }

  get puts(): OwnGreeks {
    return this.prepared().puts;
  }

  get forecastVolatility(): number {
    const { realisedVolatility, settings } = this.terms;
    const implied = this.atTheMoney ?? realisedVolatility;
    return implied === null ? Number.NaN : forecastVolatilityOf(implied, realisedVolatility, settings);
  }

  /** Skewness of the logarithm of the price under our forecast. */
  get forecastSkewness(): number {
    if (this.terms.settings.forecastSkewShare === 0) return 0;
    const { slice, forward, years, atTheMoney } = this;
    const { impliedVolatility } = this.prepared().calls;
    return forecastSkewnessOf({ strikes: slice.strikes, impliedVolatility, forward, years, atTheMoney }, this.terms.settings);
  }

  get forecast(): PriceDistribution {
    const { spot, dividends, settings } = this.terms;
    const volatility = this.forecastVolatility;
    this.law ??= skewedDistribution({
      forward: (spot - dividends) * Math.exp(settings.driftPerYear * this.years),
      years: this.years,
      volatility: Number.isFinite(volatility) ? volatility : 0,
      skewness: this.forecastSkewness,
      belief: FORECAST_MODEL,
    });
    return this.law;
  }

  private prepared(): { readonly calls: OwnGreeks; readonly puts: OwnGreeks } {
    this.sides ??= sidesOf(this, this.terms);
    return this.sides;
  }
}

/**
 * Mids of the sound quotes, NaN of the others. A quote without a bid implies no volatility: half its ask is nobody's price. Its
 * contract falls at `legQuote`, by its defect's name; its strike has the volatility of the other side.
 */
function mids(side: SideColumns, from: number, to: number, out: Float64Array): void {
  for (let i = from; i < to; i++) out[i] = side.defect[i] === 0 ? (side.bid[i]! + side.ask[i]!) / 2 : Number.NaN;
}

function atTheMoneyOf(view: LazyExpiration, memory: ScanMemory): number | null {
  const { slice } = view;
  const index = indexNear(slice.strikes, view.forward);
  if (index < 0) return null;
  const { callMids, putMids, status } = memory.scratch(slice.strikes.length);
  mids(slice.calls, index, index + 1, callMids);
  mids(slice.puts, index, index + 1, putMids);
  const volatility = new Float64Array(1);
  const found = impliedVolatilityChain(
    view,
    slice.strikes.subarray(index, index + 1),
    callMids.subarray(index, index + 1),
    putMids.subarray(index, index + 1),
    volatility,
    status,
    1,
  );
  return found === 1 ? volatility[0]! : null;
}

/**
 * Our own volatility and greeks by the batch kernels, for the strikes within {@link REACH_DEVIATIONS} of the forward; NaN for the
 * others and where a strike implies no volatility.
 */
function sidesOf(
  view: LazyExpiration,
  { spot, now, settings, memory, fallen }: ExpirationTerms,
): { calls: OwnGreeks; puts: OwnGreeks } {
  const { slice, forward, discount, years } = view;
  const n = slice.strikes.length;
  const { callMids, putMids, status, lnStrikes } = memory.scratch(n);
  const bytes = chainGreeksBytes(n);
  const { buffer, offset } = memory.room(bytes + 8 * n);
  const greeks = chainGreeksOn(buffer, offset, n);
  const volatility = new Float64Array(buffer, offset + bytes, n);
  new Float64Array(buffer, offset, bytes / 8 + n).fill(Number.NaN);
  const { from, to } = reachOf(view);
  const count = to - from;
  if (count > 0) {
    mids(slice.calls, from, to, callMids);
    mids(slice.puts, from, to, putMids);
    const strikes = slice.strikes.subarray(from, to);
    logStrikes(strikes, lnStrikes);
    const own = volatility.subarray(from, to);
    const inner = within(greeks, from, to);
    impliedVolatilityChain(view, strikes, callMids.subarray(from, to), putMids.subarray(from, to), own, status, count);
    chainGreeks({ spot, forward, discount, years }, strikes, lnStrikes, own, inner, count);
    for (let i = 0; i < count; i++) if (status[i] !== 0) silence(inner, own, i);
  }
  const usable = new Uint8Array(2 * n);
  const callsUsable = usable.subarray(0, n);
  const putsUsable = usable.subarray(n);
  markUsable(slice.calls, n, now, settings, callsUsable, fallen);
  markUsable(slice.puts, n, now, settings, putsUsable, fallen);
  const { gamma, vegaPerPoint } = greeks;
  const shared = { impliedVolatility: volatility, gamma, vegaPerPoint };
  return {
    calls: { ...shared, delta: greeks.callDelta, thetaPerDay: greeks.callThetaPerDay, usable: callsUsable },
    puts: { ...shared, delta: greeks.putDelta, thetaPerDay: greeks.putThetaPerDay, usable: putsUsable },
  };
}

/** Indices of the strikes worth a volatility; all of them while the volatility at the money is not known. */
function reachOf({ slice, forward, years, atTheMoney }: LazyExpiration): { readonly from: number; readonly to: number } {
  const { strikes } = slice;
  if (atTheMoney === null) return { from: 0, to: strikes.length };
  const reach = Math.exp(REACH_DEVIATIONS * atTheMoney * Math.sqrt(years));
  let from = 0;
  let to = strikes.length;
  while (from < to && strikes[from]! < forward / reach) from++;
  while (to > from && strikes[to - 1]! > forward * reach) to--;
  return { from, to };
}

function within(columns: ChainGreeks, from: number, to: number): ChainGreeks {
  return {
    size: to - from,
    callPrice: columns.callPrice.subarray(from, to),
    putPrice: columns.putPrice.subarray(from, to),
    callDelta: columns.callDelta.subarray(from, to),
    putDelta: columns.putDelta.subarray(from, to),
    gamma: columns.gamma.subarray(from, to),
    callThetaPerDay: columns.callThetaPerDay.subarray(from, to),
    putThetaPerDay: columns.putThetaPerDay.subarray(from, to),
    vegaPerPoint: columns.vegaPerPoint.subarray(from, to),
    callRhoPerPoint: columns.callRhoPerPoint.subarray(from, to),
    putRhoPerPoint: columns.putRhoPerPoint.subarray(from, to),
  };
}

function silence(greeks: ChainGreeks, volatility: Float64Array, i: number): void {
  volatility[i] = Number.NaN;
  greeks.callDelta[i] = Number.NaN;
  greeks.putDelta[i] = Number.NaN;
  greeks.gamma[i] = Number.NaN;
  greeks.callThetaPerDay[i] = Number.NaN;
  greeks.putThetaPerDay[i] = Number.NaN;
  greeks.vegaPerPoint[i] = Number.NaN;
}
