import { yearsToExpiration } from '#domain/market/calendar';
import type { ExpirationSlice, SideColumns } from '#domain/market/chain';
import { impliedVolatilityChain } from '#domain/pricing/chainImpliedVolatility';
import { type ChainGreeks, chainGreeks, chainGreeksBytes, chainGreeksOn, logStrikes } from '#domain/pricing/chainKernel';
import { lognormalDistribution, type PriceDistribution } from '#domain/structures/probability';
import type { Instant, Price } from '#domain/units';
import type { ScannerSettings } from '#ports/settings/settings';
import type { ExpirationView, OwnGreeks } from '#ports/strategy';
import { markUsable, type RuleCounts } from './contractRules.ts';
import { FORECAST_MODEL, forecastVolatilityOf } from './forecast.ts';
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

const ZERO_BID = 4;

/**
 * One expiration, prepared only as far as somebody looks: forward and at-the-money volatility at once, our own greeks of every
 * strike when a strategy asks for a side.
 */
export class LazyExpiration implements ExpirationView {
  readonly slice: ExpirationSlice;
  readonly daysToExpiration: number;
  readonly years: number;
  readonly forward: Price;
  readonly discount: number;
  /** Implied volatility at the money, from the two options nearest to the forward; null without a sane quote there. */
  readonly atTheMoney: number | null;
  private readonly terms: ExpirationTerms;
  private sides: { readonly calls: OwnGreeks; readonly puts: OwnGreeks } | null = null;
  private law: PriceDistribution | null = null;

  constructor(slice: ExpirationSlice, terms: ExpirationTerms) {
    this.slice = slice;
    this.terms = terms;
    this.daysToExpiration = terms.daysToExpiration;
    this.years = yearsToExpiration(terms.now, slice.expiresAt);
    this.discount = Math.exp(-terms.settings.riskFreeRate * this.years);
    this.forward = forwardOf(slice, terms.spot, this.discount, terms.dividends);
    this.atTheMoney = atTheMoneyOf(this, terms.memory);
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

  get forecast(): PriceDistribution {
    const { spot, dividends, settings } = this.terms;
    const volatility = this.forecastVolatility;
    this.law ??= lognormalDistribution({
      forward: (spot - dividends) * Math.exp(settings.driftPerYear * this.years),
      years: this.years,
      volatility: Number.isFinite(volatility) ? volatility : 0,
      belief: FORECAST_MODEL,
    });
    return this.law;
  }

  private prepared(): { readonly calls: OwnGreeks; readonly puts: OwnGreeks } {
    this.sides ??= sidesOf(this, this.terms);
    return this.sides;
  }
}

function mids(side: SideColumns, from: number, to: number, out: Float64Array): void {
  for (let i = from; i < to; i++) {
    const defect = side.defect[i]!;
    out[i] = defect === 0 || defect === ZERO_BID ? (side.bid[i]! + side.ask[i]!) / 2 : Number.NaN;
  }
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

/** Our own volatility and greeks of every strike, by the batch kernels; NaN where a strike implies no volatility. */
function sidesOf(
  view: LazyExpiration,
  { spot, now, settings, memory, fallen }: ExpirationTerms,
): { calls: OwnGreeks; puts: OwnGreeks } {
  const { slice, forward, discount, years } = view;
  const n = slice.strikes.length;
  const { callMids, putMids, status, lnStrikes } = memory.scratch(n);
  mids(slice.calls, 0, n, callMids);
  mids(slice.puts, 0, n, putMids);
  logStrikes(slice.strikes, lnStrikes);
  const buffer = new ArrayBuffer(chainGreeksBytes(n) + 8 * n);
  const greeks = chainGreeksOn(buffer, 0, n);
  const volatility = new Float64Array(buffer, chainGreeksBytes(n), n);
  impliedVolatilityChain(view, slice.strikes, callMids, putMids, volatility, status, n);
  chainGreeks({ spot, forward, discount, years }, slice.strikes, lnStrikes, volatility, greeks, n);
  for (let i = 0; i < n; i++) if (status[i] !== 0) silence(greeks, volatility, i);
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

function silence(greeks: ChainGreeks, volatility: Float64Array, i: number): void {
  volatility[i] = Number.NaN;
  for (const column of [
    greeks.callDelta,
    greeks.putDelta,
    greeks.gamma,
    greeks.callThetaPerDay,
    greeks.putThetaPerDay,
    greeks.vegaPerPoint,
  ]) {
    column[i] = Number.NaN;
  }
}
