import { readdirSync } from 'node:fs';
import { dayNumber } from '#domain/market/civil';
import { isoDate } from '#domain/units';
import type { ParityQuotes } from '#domain/volatility/parityForward';
import { referencePath, referenceText } from './referenceData.ts';

/** One expiration of a recorded SPX chain. Strikes ascend; a side that is not listed has zero quotes. */
export interface RecordedSlice {
  readonly day: string;
  readonly root: string;
  readonly expiration: string;
  readonly days: number;
  readonly underlying: number;
  readonly quotes: ParityQuotes & { readonly strikes: Float64Array };
}

/** Files whose quotes are stale: market holidays. */
const HOLIDAYS = new Set(['20190527', '20190704']);
const FOLDER = 'options/spx_cboe_2019';

/** Days for which a full chain was recorded, ascending, as 'YYYYMMDD'; empty when the data is not there. */
export function recordedDays(): string[] {
  const folder = referencePath(FOLDER);
  if (folder === null) return [];
  return readdirSync(folder)
    .map((name) => name.slice(4, 12))
    .filter((day) => !HOLIDAYS.has(day))
    .sort();
}

/** All expirations of one recorded day that are at least one day away. */
export function recordedSlices(day: string): RecordedSlice[] {
  const text = referenceText(`${FOLDER}/SPX_${day}.csv.gz`) ?? '';
  const rows = new Map<string, { root: string; expiration: string; underlying: number; byStrike: Map<number, number[]> }>();
  for (const line of text.trim().split('\n').slice(1)) {
    const [, last = '', , option = '', type, expiration = '', , strike = '', , , bid = '', ask = ''] = line.split(',');
    const root = option.slice(0, -15);
    const [month, date, year] = expiration.split('/');
    const key = `${root} ${year}-${month}-${date}`;
    const slice = rows.get(key) ?? {
      root,
      expiration: `${year}-${month}-${date}`,
      underlying: Number(last),
      byStrike: new Map(),
    };
    rows.set(key, slice);
    const quote = slice.byStrike.get(Number(strike)) ?? [0, 0, 0, 0];
    const at = type === 'call' ? 0 : 2;
    quote[at] = Number(bid);
    quote[at + 1] = Number(ask);
    slice.byStrike.set(Number(strike), quote);
  }
  const iso = `${day.slice(0, 4)}-${day.slice(4, 6)}-${day.slice(6)}`;
  return [...rows.values()]
    .map(({ root, expiration, underlying, byStrike }) => {
      const ordered = [...byStrike].sort(([a], [b]) => a - b);
      const column = (at: number): Float64Array => Float64Array.from(ordered, ([, quote]) => quote[at] ?? 0);
      return {
        day: iso,
        root,
        expiration,
        underlying,
        days: dayNumber(isoDate(expiration)) - dayNumber(isoDate(iso)),
        quotes: {
          strikes: Float64Array.from(ordered, ([strike]) => strike),
          callBid: column(0),
          callAsk: column(1),
          putBid: column(2),
          putAsk: column(3),
        },
      };
    })
    .filter(({ days }) => days >= 1)
    .sort((a, b) => a.days - b.days || a.root.localeCompare(b.root));
}
