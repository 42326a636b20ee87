import { addDays, isTradingDay, nextTradingDay, previousTradingDay, weekday } from '#domain/market/calendar';
import type { IsoDate } from '#domain/units';
import type { Dividend, EarningsDate } from '#ports/marketData';
import { hashText, mix32, unit } from '../hashing.ts';
import type { UnderlyingSpec } from './universe.ts';

/** What is scheduled for an underlying, computed from the seed for any span of years. */
export interface Happenings {
  readonly dividends: readonly Dividend[];
  readonly earnings: readonly (EarningsDate & {
    /** The session at whose open the price has moved. */
    readonly movesAtOpenOf: IsoDate;
  })[];
}

/** First months of the reporting seasons; the season opens in the second week. */
const SEASON_MONTHS = [1, 4, 7, 10] as const;

/** Dividends and earnings of the years `fromYear` to `toYear`, oldest first. */
export function happeningsOf(spec: UnderlyingSpec, seed: number, fromYear: number, toYear: number): Happenings {
  const dividends: Dividend[] = [];
  const earnings: Happenings['earnings'][number][] = [];
  for (let year = fromYear; year <= toYear; year += 1) {
    for (let quarter = 0; quarter < 4; quarter += 1) {
      const hash = mix32(mix32(seed, hashText(spec.symbol)), year * 4 + quarter);
      if (spec.dividend > 0) dividends.push(dividendOf(spec, year, quarter, hash));
      if (spec.earningsMove > 0) earnings.push(earningsOf(spec, year, quarter, hash));
    }
  }
  return { dividends, earnings };
}

function dividendOf(spec: UnderlyingSpec, year: number, quarter: number, hash: number): Dividend {
  const month = quarter * 3 + spec.dividendMonth;
  const around = addDays(monthStart(year, month), spec.dividendDay - 1 + (Math.floor(unit(hash) * 5) - 2));
  return { underlying: spec.symbol, exDate: onTradingDay(around), amount: spec.dividend };
}

function earningsOf(spec: UnderlyingSpec, year: number, quarter: number, hash: number): Happenings['earnings'][number] {
  const seasonOpens = addDays(monthStart(year, SEASON_MONTHS[quarter] ?? 1), 11 + spec.earningsWeek * 7);
  const towardsMonday = addDays(seasonOpens, -((weekday(seasonOpens) + 6) % 7));
  const date = onTradingDay(addDays(towardsMonday, 1 + Math.floor(unit(mix32(hash, 7)) * 3)));
  const movesAtOpenOf = spec.earningsTiming === 'afterClose' ? nextTradingDay(date) : date;
  return { underlying: spec.symbol, date, timing: spec.earningsTiming, movesAtOpenOf };
}

function monthStart(year: number, month: number): IsoDate {
  return `${year}-${String(month).padStart(2, '0')}-01` as IsoDate;
}

function onTradingDay(date: IsoDate): IsoDate {
  if (isTradingDay(date)) return date;
  const later = nextTradingDay(date);
  return later.slice(0, 7) === date.slice(0, 7) ? later : previousTradingDay(date);
}
