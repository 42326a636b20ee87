import { classifyQuote, QUOTE_DEFECTS } from '#domain/market/chain';
import { parseOccSymbol } from '#domain/market/instrument';
import { type IsoDate, isoDate, type Price } from '#domain/units';
import type { RejectedRow } from '#ports/tape';

/** Columns of the CBOE end-of-day layout, as their header names them. */
export const CBOE_COLUMNS = [
  'underlying',
  'underlying_last',
  'optionroot',
  'type',
  'expiration',
  'quotedate',
  'strike',
  'bid',
  'ask',
  'volume',
  'openinterest',
  'impliedvol',
  'delta',
] as const;
export type CboeColumn = (typeof CBOE_COLUMNS)[number];

/** One usable row. Prices in dollars per share. */
export interface CboeRow {
  readonly underlying: string;
  readonly spot: Price;
  /** OCC symbol. */
  readonly symbol: string;
  readonly root: string;
  readonly right: 'call' | 'put';
  readonly expiration: IsoDate;
  readonly quoteDate: IsoDate;
  readonly strike: Price;
  readonly bid: Price;
  readonly ask: Price;
  /** Index into QUOTE_DEFECTS. */
  readonly defect: number;
  readonly volume: number;
  readonly openInterest: number;
  readonly vendorIv: number;
  readonly vendorDelta: number;
}

/** A row, or what is wrong with it (the field is named; the caller knows file and line). */
export type CboeRowResult = { readonly row: CboeRow } | Pick<RejectedRow, 'field' | 'message'>;

/** Finds each needed column in the header line; a missing one is named. */
export function cboeHeader(line: string): Readonly<Record<CboeColumn, number>> | { readonly missing: string } {
  const names = line.split(',').map((name) => name.trim().toLowerCase());
  const found: Partial<Record<CboeColumn, number>> = {};
  for (const column of CBOE_COLUMNS) {
    const index = names.indexOf(column);
    if (index < 0) return { missing: column };
    found[column] = index;
  }
  return found as Readonly<Record<CboeColumn, number>>;
}

/** Parses one line; every field is checked, the first wrong one is named with what was found. */
export function parseCboeRow(line: string, columns: Readonly<Record<CboeColumn, number>>): CboeRowResult {
  const cells = line.split(',');
  const text = (column: CboeColumn): string => (cells[columns[column]] ?? '').trim();
  const numbers: Partial<Record<CboeColumn, number>> = {};
  for (const column of ['underlying_last', 'strike', 'bid', 'ask', 'volume', 'openinterest'] as const) {
    const raw = text(column);
    const value = raw === '' ? Number.NaN : Number(raw);
    if (!Number.isFinite(value) || value < 0) return { field: column, message: `expected a number of 0 or more, found '${raw}'` };
    numbers[column] = value;
  }
  const symbol = text('optionroot');
  const parts = parseOccSymbol(symbol);
  if (!parts) return { field: 'optionroot', message: `expected an OSI symbol such as SPXW190426C00800000, found '${symbol}'` };
  const right = text('type').toLowerCase();
  if (right !== 'call' && right !== 'put') return { field: 'type', message: `expected call or put, found '${text('type')}'` };
  if (right !== parts.right) return { field: 'type', message: `says ${right} but the symbol ${symbol} is a ${parts.right}` };
  const expiration = usDate(text('expiration'));
  if (!expiration) return { field: 'expiration', message: `expected MM/DD/YYYY, found '${text('expiration')}'` };
  const quoteDate = usDate(text('quotedate'));
  if (!quoteDate) return { field: 'quotedate', message: `expected MM/DD/YYYY, found '${text('quotedate')}'` };
  const strike = numbers.strike ?? 0;
  if (Math.abs(strike - parts.strike) > 1e-6)
    return { field: 'strike', message: `says ${strike} but the symbol ${symbol} says ${parts.strike}` };
  const spot = numbers.underlying_last ?? 0;
  if (spot <= 0) return { field: 'underlying_last', message: 'expected a price above 0, found 0' };
  const bid = numbers.bid ?? 0;
  const ask = numbers.ask ?? 0;
  return {
    row: {
      underlying: text('underlying'),
      spot,
      symbol,
      root: parts.root,
      right,
      expiration,
      quoteDate,
      strike,
      bid,
      ask,
      defect: QUOTE_DEFECTS.indexOf(classifyQuote(bid, ask)),
      volume: numbers.volume ?? 0,
      openInterest: numbers.openinterest ?? 0,
      vendorIv: optional(text('impliedvol')),
      vendorDelta: optional(text('delta')),
    },
  };
}

/** Vendor volatility and delta may be missing: NaN says so. */
function optional(text: string): number {
  const value = Number(text);
  return text === '' || !Number.isFinite(value) ? Number.NaN : value;
}

function usDate(text: string): IsoDate | null {
  const match = /^(\d{2})\/(\d{2})\/(\d{4})$/.exec(text);
  if (!match) return null;
  const [, month = '', day = '', year = ''] = match;
  if (Number(month) < 1 || Number(month) > 12 || Number(day) < 1 || Number(day) > 31) return null;
  return isoDate(`${year}-${month}-${day}`);
}
