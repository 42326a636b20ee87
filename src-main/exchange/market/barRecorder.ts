import { type Instant, type IsoDate, plusMs } from '#domain/units';
import type { DailyBar } from '#ports/marketData';
import type { IntradayBar } from '../exchangeApi.ts';
import { mix32, unit } from '../hashing.ts';
import { activityShare } from './businessTime.ts';

const MINUTE_MS = 60_000;

interface RecordedDay {
  readonly date: IsoDate;
  readonly open: Instant;
  readonly minutes: number;
  /** Minutes begun so far. */
  begun: number;
  /** Column-major by underlying: index = underlying x minutes + minute. */
  readonly opens: Float64Array;
  readonly highs: Float64Array;
  readonly lows: Float64Array;
  readonly closes: Float64Array;
}

/** Records the minutes of the running session and keeps those of a few sessions before. Prices are rounded when read. */
export class BarRecorder {
  private readonly days: RecordedDay[] = [];
  private readonly count: number;
  private readonly shareVolumes: readonly number[];
  private readonly seed: number;
  private readonly keepDays: number;

  constructor(count: number, shareVolumes: readonly number[], seed: number, keepDays: number) {
    this.count = count;
    this.shareVolumes = shareVolumes;
    this.seed = seed;
    this.keepDays = keepDays;
  }

  beginDay(date: IsoDate, open: Instant, minutes: number): void {
    const column = () => new Float64Array(this.count * minutes);
    this.days.push({ date, open, minutes, begun: 0, opens: column(), highs: column(), lows: column(), closes: column() });
    if (this.days.length > this.keepDays) this.days.shift();
  }

  beginMinute(minute: number, prices: Float64Array): void {
    const day = this.days.at(-1);
    if (!day) return;
    day.begun = minute + 1;
    for (let i = 0; i < this.count; i += 1) {
      const at = i * day.minutes + minute;
      const price = prices[i]!;
      day.opens[at] = price;
      day.highs[at] = price;
      day.lows[at] = price;
      day.closes[at] = price;
    }
  }

  /** Called every tick: the only hot part. */
  record(minute: number, prices: Float64Array): void {
    const day = this.days.at(-1);
    if (!day) return;
    const { highs, lows, closes, minutes } = day;
    for (let i = 0, at = minute; i < prices.length; i += 1, at += minutes) {
      const price = prices[i]!;
      closes[at] = price;
      if (price > highs[at]!) highs[at] = price;
      else if (price < lows[at]!) lows[at] = price;
    }
  }

  /** The running (or last) session as one bar. */
  dailyBar(index: number): DailyBar | null {
    const day = this.days.at(-1);
    if (!day || day.begun === 0) return null;
    const from = index * day.minutes;
    let high = Number.NEGATIVE_INFINITY;
    let low = Number.POSITIVE_INFINITY;
    for (let at = from; at < from + day.begun; at += 1) {
      high = Math.max(high, day.highs[at]!);
      low = Math.min(low, day.lows[at]!);
    }
    const share = activityShare(day.begun / day.minutes);
    return {
      date: day.date,
      open: toCent(day.opens[from]!),
      high: toCent(high),
      low: toCent(low),
      close: toCent(day.closes[from + day.begun - 1]!),
      volume: Math.floor(dailyVolume(this.shareVolumes[index] ?? 0, this.seed, index, day.date) * share),
    };
  }

  minuteBars(index: number, from: Instant, to: Instant): readonly IntradayBar[] {
    const bars: IntradayBar[] = [];
    for (const day of this.days) {
      const total = dailyVolume(this.shareVolumes[index] ?? 0, this.seed, index, day.date);
      for (let minute = 0; minute < day.begun; minute += 1) {
        const start = plusMs(day.open, minute * MINUTE_MS);
        if (start < from || start >= to) continue;
        const at = index * day.minutes + minute;
        const share = activityShare((minute + 1) / day.minutes) - activityShare(minute / day.minutes);
        bars.push({
          at: start,
          open: toCent(day.opens[at]!),
          high: toCent(day.highs[at]!),
          low: toCent(day.lows[at]!),
          close: toCent(day.closes[at]!),
          volume: Math.floor(total * share * (0.6 + 0.8 * unit(mix32(mix32(this.seed, index), minute)))),
        });
      }
    }
    return bars;
  }
}

/** Shares of a whole session: the usual volume times a factor that the seed and the day fix. */
export function dailyVolume(usual: number, seed: number, index: number, date: IsoDate): number {
  const day = Number(date.replaceAll('-', ''));
  return usual * (0.7 + 0.7 * unit(mix32(mix32(seed, index + 101), day)));
}

/** Dollars rounded to the cent, as prices are printed. */
export function toCent(price: number): number {
  return Math.round(price * 100) / 100;
}
