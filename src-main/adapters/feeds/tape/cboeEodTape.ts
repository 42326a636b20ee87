import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { atNewYork, isTradingDay, nextTradingDay } from '#domain/market/calendar';
import { type IsoDate, isoDate } from '#domain/units';
import type { RejectedRow, Tape, TapeDay } from '#ports/tape';
import { type CboeRow, cboeHeader, parseCboeRow } from './cboeRow.ts';
import { slicesOf } from './tapeSlices.ts';

/** A folder that cannot be replayed at all, with what to do about it. */
export class TapeError extends Error {
  override readonly name = 'TapeError';
}

export interface TapeOptions {
  /** New York time that the day's one look is taken to have been made at. */
  readonly lookAt: string;
  /** A day with a smaller share of usable rows than this is skipped (0..1). */
  readonly minUsableShare: number;
}

const FILE = /(\d{4})(\d{2})(\d{2})\.csv(\.gz)?$/;

/**
 * Opens a folder of recorded chains in the CBOE end-of-day layout: one (gzipped) CSV a day, the date at the end of its name.
 * Reads every file once to learn which days can be used: holidays, repeated quotes, wrong dates and missing days are named.
 * Throws {@link TapeError} when there is nothing to replay.
 */
export function openCboeEodTape(folder: string, options: TapeOptions): Tape {
  const files = filesOf(folder);
  const skipped: { day: IsoDate; reason: string }[] = [];
  const rejected: RejectedRow[] = [];
  const usable = new Map<IsoDate, TapeDay>();
  const fingerprints = new Map<string, IsoDate>();
  let rowsRead = 0;
  for (const { date, path } of files) {
    const day = readDay(path, date, options);
    rowsRead += day.rowsRead;
    rejected.push(...day.rejected);
    const twin = fingerprints.get(day.fingerprint);
    const reason = whyUnusable(day, twin, options);
    if (reason) skipped.push({ day: date, reason });
    else usable.set(date, day);
    if (!twin) fingerprints.set(day.fingerprint, date);
  }
  for (const day of missingDays(files.map((file) => file.date))) skipped.push({ day, reason: 'no file for this trading day' });
  skipped.sort((a, b) => (a.day < b.day ? -1 : 1));
  const days = [...usable.keys()];
  if (days.length === 0)
    throw new TapeError(
      `No day in ${folder} can be replayed: ${skipped.map(({ day, reason }) => `${day}: ${reason}`).join('; ')}`,
    );
  return {
    layout: 'cboe-eod',
    days,
    skipped,
    rowsRead,
    rejected,
    load(date) {
      const day = usable.get(date);
      if (!day) throw new TapeError(`${date} is not among the usable days of ${folder}`);
      return day;
    },
  };
}

function filesOf(folder: string): { date: IsoDate; path: string }[] {
  if (!existsSync(folder) || !statSync(folder).isDirectory())
    throw new TapeError(`There is no folder ${folder}. Name a folder with one CSV (or .csv.gz) a day.`);
  const files = readdirSync(folder).flatMap((name) => {
    const match = FILE.exec(name);
    return match ? [{ date: isoDate(`${match[1]}-${match[2]}-${match[3]}`), path: join(folder, name) }] : [];
  });
  if (files.length === 0) throw new TapeError(`${folder} holds no file named like SPX_20190425.csv.gz.`);
  return files.sort((a, b) => (a.date < b.date ? -1 : 1));
}

function readDay(path: string, date: IsoDate, options: TapeOptions): TapeDay {
  const file = path.split(/[\\/]/).at(-1) ?? path;
  const at = atNewYork(date, options.lookAt);
  const raw = readFileSync(path);
  const lines = (path.endsWith('.gz') ? gunzipSync(raw) : raw).toString('utf8').split(/\r?\n/);
  const columns = cboeHeader(lines[0] ?? '');
  if ('missing' in columns) throw new TapeError(`${file}, line 1: the column '${columns.missing}' is missing.`);
  const rejected: RejectedRow[] = [];
  const byUnderlying = new Map<string, CboeRow[]>();
  const seen = new Set<string>();
  const hash = createHash('sha256');
  let rowsRead = 0;
  for (let index = 1; index < lines.length; index += 1) {
    const line = lines[index] ?? '';
    if (line.trim() === '') continue;
    rowsRead += 1;
    const result = parseCboeRow(line, columns);
    const problem = 'row' in result ? rowProblem(result.row, date, seen) : result;
    if (problem) {
      rejected.push({ file, line: index + 1, ...problem });
      continue;
    }
    if (!('row' in result)) continue;
    const { row } = result;
    seen.add(row.symbol);
    hash.update(`${row.symbol} ${row.bid} ${row.ask}\n`);
    const rows = byUnderlying.get(row.underlying);
    if (rows) rows.push(row);
    else byUnderlying.set(row.underlying, [row]);
  }
  const underlyings = [...byUnderlying].map(([underlying, rows]) => ({
    underlying,
    spot: rows[0]?.spot ?? Number.NaN,
    slices: slicesOf(rows, at),
  }));
  return { date, at, file, underlyings, rowsRead, rejected, fingerprint: hash.digest('hex') };
}

function rowProblem(row: CboeRow, date: IsoDate, seen: ReadonlySet<string>): Pick<RejectedRow, 'field' | 'message'> | null {
  if (row.quoteDate !== date)
    return { field: 'quotedate', message: `expected ${date} as in the file's name, found ${row.quoteDate}` };
  if (seen.has(row.symbol)) return { field: 'optionroot', message: `${row.symbol} stands twice in the file` };
  return null;
}

function whyUnusable(day: TapeDay, twin: IsoDate | undefined, options: TapeOptions): string | null {
  if (!isTradingDay(day.date)) return 'the exchange was closed (holiday or weekend): the quotes are stale';
  if (twin) return `repeats the quotes of ${twin}: stale`;
  const usable = day.rowsRead === 0 ? 0 : 1 - day.rejected.length / day.rowsRead;
  if (usable < options.minUsableShare) return `only ${(usable * 100).toFixed(0)} % of its rows could be used`;
  return null;
}

/** Trading days between the first and the last file that have none. */
function missingDays(dates: readonly IsoDate[]): IsoDate[] {
  const have = new Set(dates);
  const last = dates.at(-1);
  const missing: IsoDate[] = [];
  const first = dates[0];
  if (!first || !last) return missing;
  for (let day = nextTradingDay(first); day < last; day = nextTradingDay(day)) if (!have.has(day)) missing.push(day);
  return missing;
}
