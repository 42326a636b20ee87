import { existsSync, readFileSync } from 'node:fs';
import { isoDate } from '#domain/units';
import type { EarningsDate } from '#ports/marketData';

/** A row that is not an earnings date; the row's number is its line in the file. */
export interface EarningsProblem {
  readonly line: number;
  readonly field: 'symbol' | 'date' | 'timing' | 'row';
  readonly message: string;
}

export interface EarningsCalendar {
  readonly dates: readonly EarningsDate[];
  readonly problems: readonly EarningsProblem[];
}

/** How people and vendors write the two times of day. */
const TIMINGS: Readonly<Record<string, EarningsDate['timing']>> = {
  beforeopen: 'beforeOpen',
  bmo: 'beforeOpen',
  afterclose: 'afterClose',
  amc: 'afterClose',
};

/**
 * The owner's calendar of earnings: `symbol,date,timing`, one row each; date YYYY-MM-DD, timing beforeOpen (BMO) or afterClose
 * (AMC). A first line of column names, empty lines and lines that begin with # are passed over; a wrong row is told and left
 * out, the others count. null when there is no such file.
 */
export function readEarningsFile(path: string): EarningsCalendar | null {
  return existsSync(path) ? parseEarnings(readFileSync(path, 'utf8')) : null;
}

/** {@link readEarningsFile} on its text. */
export function parseEarnings(text: string): EarningsCalendar {
  const dates: EarningsDate[] = [];
  const problems: EarningsProblem[] = [];
  text.split(/\r?\n/).forEach((row, index) => {
    const line = index + 1;
    const cells = row.split(',').map((cell) => cell.trim());
    if (row.trim() === '' || row.startsWith('#') || cells[0]?.toLowerCase() === 'symbol') return;
    const [symbol = '', date = '', timing = ''] = cells;
    const time = TIMINGS[timing.toLowerCase()];
    if (cells.length !== 3)
      problems.push({ line, field: 'row', message: `has ${cells.length} columns, not 3: symbol,date,timing` });
    else if (!/^[A-Z.]{1,6}$/.test(symbol)) problems.push({ line, field: 'symbol', message: `'${symbol}' is not a symbol` });
    else if (!isDate(date)) problems.push({ line, field: 'date', message: `'${date}' is not a date YYYY-MM-DD` });
    else if (!time) problems.push({ line, field: 'timing', message: `'${timing}' is neither beforeOpen nor afterClose` });
    else dates.push({ underlying: symbol, date: isoDate(date), timing: time });
  });
  return { dates, problems };
}

function isDate(text: string): boolean {
  const at = Date.parse(`${text}T00:00:00Z`);
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(at) && new Date(at).toISOString().startsWith(text);
}
