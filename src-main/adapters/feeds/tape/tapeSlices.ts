import { atNewYork, previousTradingDay, sessionOn } from '#domain/market/calendar';
import type { ExpirationSlice, SideColumns } from '#domain/market/chain';
import type { Instant, IsoDate } from '#domain/units';
import type { CboeRow } from './cboeRow.ts';

/** What the exchange's rule book says about an index option root; data, so that another root is a row and not a branch. */
interface RootRule {
  readonly settlesAt: 'open' | 'close';
}

const AM_SETTLED: Readonly<Record<string, RootRule>> = {
  SPX: { settlesAt: 'open' },
  NDX: { settlesAt: 'open' },
  RUT: { settlesAt: 'open' },
  VIX: { settlesAt: 'open' },
};

/** Groups one underlying's rows into slices by root and expiration, strikes ascending, both rights aligned. */
export function slicesOf(rows: readonly CboeRow[], at: Instant): readonly ExpirationSlice[] {
  const groups = new Map<string, CboeRow[]>();
  for (const row of rows) {
    const key = `${row.expiration}:${row.root}`;
    const group = groups.get(key);
    if (group) group.push(row);
    else groups.set(key, [row]);
  }
  return [...groups.keys()].sort().map((key) => sliceOf(groups.get(key) ?? [], at));
}

function sliceOf(rows: readonly CboeRow[], at: Instant): ExpirationSlice {
  const first = rows[0];
  if (!first) throw new RangeError('an expiration without rows');
  const strikes = Float64Array.from([...new Set(rows.map((row) => row.strike))].sort((a, b) => a - b));
  const indexOf = new Map([...strikes].map((strike, index) => [strike, index]));
  return {
    underlying: first.underlying,
    root: first.root,
    expiration: first.expiration,
    expiresAt: lastTradingInstant(first.root, first.expiration),
    style: 'european',
    settlement: 'cash',
    multiplier: 100,
    pennyProgram: false,
    strikes,
    calls: columnsOf(
      rows.filter((row) => row.right === 'call'),
      indexOf,
      at,
    ),
    puts: columnsOf(
      rows.filter((row) => row.right === 'put'),
      indexOf,
      at,
    ),
  };
}

/** AM-settled roots stop trading at the close of the day before expiration; the others at the close of the day itself. */
function lastTradingInstant(root: string, expiration: IsoDate): Instant {
  const day = AM_SETTLED[root]?.settlesAt === 'open' ? previousTradingDay(expiration) : expiration;
  return sessionOn(day)?.close ?? atNewYork(day, '16:00');
}

function columnsOf(rows: readonly CboeRow[], indexOf: ReadonlyMap<number, number>, at: Instant): SideColumns {
  const size = indexOf.size;
  const filled = (): Float64Array => new Float64Array(size).fill(Number.NaN);
  const symbols = new Array<string>(size).fill('');
  const columns = {
    bid: filled(),
    ask: filled(),
    bidSize: filled(),
    askSize: filled(),
    quoteAt: filled(),
    volume: filled(),
    openInterest: filled(),
    defect: new Uint8Array(size).fill(1),
    vendorIv: filled(),
    vendorDelta: filled(),
  };
  for (const row of rows) {
    const index = indexOf.get(row.strike) ?? 0;
    symbols[index] = row.symbol;
    columns.bid[index] = row.bid;
    columns.ask[index] = row.ask;
    columns.quoteAt[index] = at;
    columns.volume[index] = row.volume;
    columns.openInterest[index] = row.openInterest;
    columns.defect[index] = row.defect;
    columns.vendorIv[index] = row.vendorIv;
    columns.vendorDelta[index] = row.vendorDelta;
  }
  return { symbols, ...columns };
}
