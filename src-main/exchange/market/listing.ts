import {
  addDays,
  daysBetween,
  isTradingDay,
  nextTradingDay,
  previousTradingDay,
  sessionOn,
  thirdFriday,
  weekday,
} from '#domain/market/calendar';
import { partsOf } from '#domain/market/civil';
import { occSymbol } from '#domain/market/instrument';
import { logStrikes } from '#domain/pricing/chainKernel';
import { type Instant, type IsoDate, invariant } from '#domain/units';
import { hashText, mix32 } from '../hashing.ts';
import type { UnderlyingSpec } from './universe.ts';

/** How a series came to be listed: decides its interest and how far its strikes reach. */
export type SeriesKind = 'daily' | 'weekly' | 'monthly' | 'quarterly' | 'leaps';

/** All contracts of one underlying and expiration. Arrays are index-aligned and ascend by strike. */
export interface Series {
  readonly expiration: IsoDate;
  readonly kind: SeriesKind;
  readonly expiresAt: Instant;
  readonly strikes: Float64Array;
  readonly lnStrikes: Float64Array;
  readonly calls: readonly string[];
  readonly puts: readonly string[];
  /** Hash per strike: the root of all noise of its two contracts. */
  readonly noise: Int32Array;
}

const DAILY_SESSIONS = 7;
const WEEKLY_FRIDAYS = 7;
const MONTHLY_COUNT = 7;
const LEAPS_YEARS = 2;

/** Expirations listed on a day, soonest first. A Friday without a session moves to the day before. */
export function expirationsListed(spec: UnderlyingSpec, today: IsoDate): readonly { expiration: IsoDate; kind: SeriesKind }[] {
  const found = new Map<IsoDate, SeriesKind>();
  const list = (date: IsoDate, kind: SeriesKind) => {
    const expiration = isTradingDay(date) ? date : previousTradingDay(date);
    if (expiration >= today) found.set(expiration, kind);
  };
  if (spec.expirations === 'daily') {
    let day = isTradingDay(today) ? today : nextTradingDay(today);
    for (let i = 0; i < DAILY_SESSIONS; i += 1, day = nextTradingDay(day)) list(day, 'daily');
  }
  const friday = addDays(today, (5 - weekday(today) + 7) % 7);
  for (let i = 0; i < WEEKLY_FRIDAYS; i += 1) list(addDays(friday, i * 7), 'weekly');
  const { year, month } = partsOf(today);
  const monthAt = (offset: number) => ({
    year: year + Math.floor((month - 1 + offset) / 12),
    month: ((month - 1 + offset) % 12) + 1,
  });
  if (spec.kind === 'etf') {
    for (let offset = 0; offset < 9; offset += 1) {
      const at = monthAt(offset);
      const next = monthAt(offset + 1);
      if (at.month % 3 === 0)
        list(previousTradingDay(`${next.year}-${String(next.month).padStart(2, '0')}-01` as IsoDate), 'quarterly');
    }
  }
  for (let offset = 0; offset < MONTHLY_COUNT; offset += 1) {
    const at = monthAt(offset);
    list(thirdFriday(at.year, at.month), 'monthly');
  }
  for (let ahead = 1; ahead <= LEAPS_YEARS; ahead += 1) list(thirdFriday(year + ahead, 1), 'leaps');
  list(thirdFriday(month > 6 ? year + 1 : year, 6), found.has(thirdFriday(year, 6)) ? 'monthly' : 'leaps');
  return [...found].map(([expiration, kind]) => ({ expiration, kind })).sort((a, b) => (a.expiration < b.expiration ? -1 : 1));
}

/** Bands of moneyness (fraction of spot) and the multiple of the strike step used inside each. */
const BANDS = [
  { within: 0.035, multiple: 1 },
  { within: 0.1, multiple: 2 },
  { within: 0.22, multiple: 4 },
  { within: 0.5, multiple: 10 },
] as const;
const NEAR_DAYS = 10;
const FAR_DAYS = 60;

/** Strikes that a listing of this age would have around `spot`, ascending: fine near the money, coarse far away. */
export function strikesAround(spec: UnderlyingSpec, spot: number, daysAhead: number): number[] {
  const reach = daysAhead <= NEAR_DAYS ? 0.12 : daysAhead <= FAR_DAYS ? 0.25 : 0.5;
  const base = daysAhead > FAR_DAYS ? spec.strikeStep * 2 : spec.strikeStep;
  const strikes = new Set<number>();
  let inner = 0;
  for (const band of BANDS) {
    const step = niceStep(base * band.multiple);
    const outer = Math.min(band.within, reach);
    for (let k = Math.ceil((spot * (1 - outer)) / step); k * step <= spot * (1 + outer); k += 1) {
      const strike = k * step;
      if (strike > 0 && Math.abs(strike / spot - 1) >= inner) strikes.add(Math.round(strike * 1000) / 1000);
    }
    inner = outer;
    if (outer === reach) break;
  }
  return [...strikes].sort((a, b) => a - b);
}

/** The listed increment nearest above a wish: 0.5, 1, 2.5, 5, 10, 25, 50. */
function niceStep(wish: number): number {
  for (const step of [0.5, 1, 2.5, 5, 10, 25, 50]) if (step >= wish - 1e-9) return step;
  return 100;
}

/** Lists a series, keeping every strike that it already had. */
export function listSeries(
  spec: UnderlyingSpec,
  seed: number,
  expiration: IsoDate,
  kind: SeriesKind,
  today: IsoDate,
  spot: number,
  earlier: Series | null,
): Series {
  const wanted = strikesAround(spec, spot, daysBetween(today, expiration));
  const all = [...new Set([...(earlier?.strikes ?? []), ...wanted])].sort((a, b) => a - b);
  if (earlier && all.length === earlier.strikes.length) return earlier;
  const session = sessionOn(expiration);
  invariant(session, `an expiration needs a session: ${expiration}`);
  const strikes = Float64Array.from(all);
  const symbol = (strike: number, right: 'call' | 'put') => occSymbol({ root: spec.symbol, expiration, right, strike });
  const seriesHash = mix32(seed, hashText(`${spec.symbol}${expiration}`));
  return {
    expiration,
    kind: earlier?.kind ?? kind,
    expiresAt: session.close,
    strikes,
    lnStrikes: logStrikes(strikes),
    calls: all.map((strike) => symbol(strike, 'call')),
    puts: all.map((strike) => symbol(strike, 'put')),
    noise: Int32Array.from(all, (strike) => mix32(seriesHash, Math.round(strike * 1000))),
  };
}
