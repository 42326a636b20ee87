import { daysToExpiration } from '#domain/market/calendar';
import { type ChainSnapshot, midOf } from '#domain/market/chain';
import { isAdjusted } from '#domain/market/instrument';
import type { Instant, Price } from '#domain/units';
import { ivRank } from '#domain/volatility/ivHistory';
import { constantMaturityVolatility, type TenorVolatility } from '#domain/volatility/termStructure';
import type { UnderlyingHistory } from '#ports/marketData';
import type { ScannerSettings } from '#ports/settings/settings';
import type { UnderlyingView } from '#ports/strategy';
import { isSpot } from '../spot.ts';
import type { RuleCounts } from './contractRules.ts';
import { type DayStatistics, momentumZ } from './dayStatistics.ts';
import { LazyExpiration } from './expirationView.ts';
import { dividendsUntil } from './forward.ts';
import type { ScanInput } from './scanInput.ts';

/** Tenor of the implied volatility that is recorded and ranked. */
const RECORDED_TENOR_YEARS = 30 / 365;

/** A prepared underlying, with the reason when it cannot be looked at. */
export type PreparedUnderlying =
  | { readonly kind: 'prepared'; readonly view: UnderlyingView }
  | { readonly kind: 'left'; readonly reason: 'spotQuote' | 'spotQuoteAge' | 'noExpirations' };

/** Days to expiration outside of which no strategy looks. */
export interface DayRange {
  readonly from: number;
  readonly to: number;
}

/** Prepares one underlying from one coherent snapshot: all its numbers come from these quotes and from yesterday's bars. */
export function underlyingViewOf(
  chain: ChainSnapshot,
  input: ScanInput,
  range: DayRange,
  fallen: RuleCounts,
): PreparedUnderlying {
  const { now, today, settings, memory } = input;
  const { underlying } = chain;
  if (!isSpot(chain.spot, settings.scanner)) return { kind: 'left', reason: 'spotQuote' };
  const oldest = settings.scanner.maxQuoteAgeSeconds * 1000;
  if (Math.abs(now - chain.spot.at) > oldest) return { kind: 'left', reason: 'spotQuoteAge' };
  const history = input.histories.get(underlying);
  const statistics = memory.statisticsOf(underlying, today, history);
  const spot = midOf(chain.spot);
  const expirations = expirationsOf(chain, input, range, fallen);
  if (expirations.length === 0) return { kind: 'left', reason: 'noExpirations' };
  return {
    kind: 'prepared',
    view: new LazyUnderlying({
      chain,
      sector: input.sectorOf(underlying),
      spot,
      statistics,
      expirations,
      history,
      own: input.ivHistories.get(underlying) ?? [],
      settings: settings.scanner,
    }),
  };
}

/** What an underlying's view is made of. */
interface UnderlyingParts {
  readonly chain: ChainSnapshot;
  readonly sector: string;
  readonly spot: Price;
  readonly statistics: DayStatistics;
  readonly expirations: readonly LazyExpiration[];
  readonly history: UnderlyingHistory | undefined;
  /** Our own record of implied volatility. */
  readonly own: readonly number[];
  readonly settings: ScannerSettings;
}

/**
 * One underlying; its volatility is read when somebody looks: most underlyings of a scan are left for other reasons first. A class,
 * since an object with accessors outlives its scan in V8 and is promoted.
 */
class LazyUnderlying implements UnderlyingView {
  readonly underlying: string;
  readonly sector: string;
  readonly snapshotId: number;
  readonly at: Instant;
  readonly spot: Price;
  readonly realisedVolatility: number | null;
  readonly momentumZ: number | null;
  readonly flowZ: number | null;
  readonly expirations: readonly LazyExpiration[];
  readonly dividends: UnderlyingView['dividends'];
  readonly earnings: UnderlyingView['earnings'];
  private readonly parts: UnderlyingParts;
  private reading: VolatilityAndRank | null = null;

  constructor(parts: UnderlyingParts) {
    const { chain, sector, spot, statistics, expirations, history } = parts;
    this.underlying = chain.underlying;
    this.sector = sector;
    this.snapshotId = chain.snapshotId;
    this.at = chain.at;
    this.spot = spot;
    this.realisedVolatility = statistics.realisedVolatility;
    this.momentumZ = momentumZ(statistics, spot);
    this.flowZ = statistics.flowZ;
    this.expirations = expirations;
    this.dividends = history?.dividends ?? [];
    this.earnings = history?.earnings ?? [];
    this.parts = parts;
  }

  get ivRank(): number | null {
    return this.volatility().rank.value;
  }

  get ivRankBasis(): 'ownHistory' | 'realisedProxy' | 'none' {
    return this.volatility().rank.basis;
  }

  get iv30(): number | null {
    return this.volatility().iv30;
  }

  private volatility(): VolatilityAndRank {
    if (this.reading === null) {
      const { own, statistics, settings } = this.parts;
      const iv30 = constantMaturityVolatility(tenorsAround(this.expirations, RECORDED_TENOR_YEARS), RECORDED_TENOR_YEARS);
      this.reading = { iv30, rank: rankOf(iv30, own, statistics, settings) };
    }
    return this.reading;
  }
}

interface VolatilityAndRank {
  readonly iv30: number | null;
  readonly rank: ReturnType<typeof rankOf>;
}

/** What preparing expirations takes from a scan. */
export type PreparationInput = Pick<ScanInput, 'now' | 'today' | 'settings' | 'memory' | 'histories'>;

/**
 * The living expirations of a chain within `range`, soonest first as the chain has them, prepared as far as somebody looks. Adjusted
 * series are left out, whichever feed lists them: measured by the underlying's own price they would look far too good.
 */
export function expirationsOf(
  chain: ChainSnapshot,
  { now, today, settings, memory, histories }: PreparationInput,
  range: DayRange,
  fallen: RuleCounts,
): LazyExpiration[] {
  const history = histories.get(chain.underlying);
  const { realisedVolatility } = memory.statisticsOf(chain.underlying, today, history);
  const spot = midOf(chain.spot);
  const dividends = history?.dividends ?? [];
  const expirations: LazyExpiration[] = [];
  for (const slice of chain.slices) {
    if (isAdjusted(slice)) continue;
    const days = daysToExpiration(today, slice.expiration);
    if (days < range.from || days > range.to || slice.expiresAt <= now || slice.strikes.length === 0) continue;
    expirations.push(
      new LazyExpiration(slice, {
        now,
        spot,
        daysToExpiration: days,
        settings: settings.scanner,
        realisedVolatility,
        dividends: dividendsUntil(dividends, today, slice.expiration),
        memory,
        fallen,
      }),
    );
  }
  return expirations;
}

/** Volatility at the money of the last expiration up to a tenor and of the first beyond it, as far as they are quoted there. */
export function tenorsAround(expirations: readonly LazyExpiration[], years: number): TenorVolatility[] {
  let near: LazyExpiration | null = null;
  let far: LazyExpiration | null = null;
  for (const expiration of expirations) {
    if (expiration.years <= years) {
      if (near === null || expiration.years > near.years) near = expiration;
    } else if (far === null || expiration.years < far.years) far = expiration;
  }
  return [near, far].flatMap((expiration) =>
    expiration === null || expiration.atTheMoney === null ? [] : [{ years: expiration.years, volatility: expiration.atTheMoney }],
  );
}

/**
 * IV rank in our own recorded history once there is enough of it. Until then today's 30-day implied volatility, its risk premium
 * left out, is ranked in a year of rolling realised volatility: the nearest thing that a new desk has.
 */
function rankOf(
  iv30: number | null,
  own: readonly number[],
  statistics: DayStatistics,
  settings: ScannerSettings,
): { readonly value: number | null; readonly basis: 'ownHistory' | 'realisedProxy' | 'none' } {
  if (iv30 === null) return { value: null, basis: 'none' };
  if (own.length >= settings.minIvHistoryDays) return { value: within01(ivRank(own, iv30)), basis: 'ownHistory' };
  const proxy = ivRank(statistics.realisedSeries, iv30 * (1 - settings.impliedPremium));
  return proxy === null ? { value: null, basis: 'none' } : { value: within01(proxy), basis: 'realisedProxy' };
}

function within01(rank: number | null): number | null {
  return rank === null ? null : Math.max(0, Math.min(1, rank));
}
