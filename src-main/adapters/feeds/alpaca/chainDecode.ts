import { classifyQuote, type ExpirationSlice, QUOTE_DEFECTS, type Quote, type SideColumns } from '#domain/market/chain';
import { type Instant, instant } from '#domain/units';
import type { ListedContract, ListedExpiration } from './contracts.ts';

/** The part of a snapshot item that is read; everything is optional at the vendor. */
export interface SnapshotItem {
  readonly latestQuote?: {
    readonly t?: string;
    readonly ap?: number;
    readonly as?: number;
    readonly bp?: number;
    readonly bs?: number;
  };
  readonly greeks?: { readonly delta?: number };
  readonly impliedVolatility?: number;
  readonly dailyBar?: { readonly v?: number };
}

/** An expiration between two strikes, filled from the vendor's snapshots; what the vendor does not have is NaN or 'missing'. */
export function sliceOf(
  underlying: string,
  listed: ListedExpiration,
  lowest: number,
  highest: number,
  snapshots: ReadonlyMap<string, SnapshotItem>,
): ExpirationSlice | null {
  let lo = 0;
  while (lo < listed.strikes.length && (listed.strikes[lo] ?? 0) < lowest) lo += 1;
  let hi = lo;
  while (hi < listed.strikes.length && (listed.strikes[hi] ?? 0) < highest + 1e-9) hi += 1;
  if (hi <= lo) return null;
  const { root, expiration, expiresAt, multiplier, style, pennyProgram } = listed;
  return {
    underlying,
    root,
    expiration,
    expiresAt,
    style,
    settlement: style === 'european' ? 'cash' : 'physical',
    multiplier,
    pennyProgram,
    strikes: listed.strikes.slice(lo, hi),
    calls: columnsOf(listed.calls.slice(lo, hi), snapshots),
    puts: columnsOf(listed.puts.slice(lo, hi), snapshots),
  };
}

const MISSING = QUOTE_DEFECTS.indexOf('missing');

function columnsOf(contracts: readonly (ListedContract | null)[], snapshots: ReadonlyMap<string, SnapshotItem>): SideColumns {
  const n = contracts.length;
  const empty = (): Float64Array => new Float64Array(n).fill(Number.NaN);
  const columns = {
    bid: empty(),
    ask: empty(),
    bidSize: empty(),
    askSize: empty(),
    quoteAt: empty(),
    volume: new Float64Array(n),
    openInterest: new Float64Array(n),
    defect: new Uint8Array(n).fill(MISSING),
    vendorIv: empty(),
    vendorDelta: empty(),
  };
  const symbols = contracts.map((contract) => contract?.symbol ?? '');
  contracts.forEach((contract, i) => {
    if (!contract) return;
    columns.openInterest[i] = contract.openInterest;
    const item = snapshots.get(contract.symbol);
    if (!item) return;
    columns.volume[i] = item.dailyBar?.v ?? 0;
    columns.vendorIv[i] = item.impliedVolatility ?? Number.NaN;
    columns.vendorDelta[i] = item.greeks?.delta ?? Number.NaN;
    const quote = item.latestQuote;
    if (!quote) return;
    columns.bid[i] = quote.bp ?? Number.NaN;
    columns.ask[i] = quote.ap ?? Number.NaN;
    columns.bidSize[i] = quote.bs ?? 0;
    columns.askSize[i] = quote.as ?? 0;
    columns.quoteAt[i] = quote.t === undefined ? 0 : timeOf(quote.t);
    columns.defect[i] = QUOTE_DEFECTS.indexOf(classifyQuote(columns.bid[i] ?? Number.NaN, columns.ask[i] ?? Number.NaN));
  });
  return { symbols, ...columns };
}

const SHAPE = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3,9}Z$/;
const UP_TO_MINUTE = 16;
let lastMinute = '';
let lastMinuteAt = Number.NaN;

/** ISO time with up to nine decimals to milliseconds, the rest cut off; the quotes of an answer share their minute. */
function timeOf(text: string): number {
  if (!SHAPE.test(text)) return Date.parse(text.replace(/(\.\d{3})\d+/, '$1'));
  if (!text.startsWith(lastMinute) || lastMinute === '') {
    lastMinute = text.slice(0, UP_TO_MINUTE);
    lastMinuteAt = Date.parse(`${lastMinute}Z`);
  }
  return lastMinuteAt + digitsOf(text, 17, 19) * 1000 + digitsOf(text, 20, 23);
}

function digitsOf(text: string, from: number, to: number): number {
  let value = 0;
  for (let i = from; i < to; i += 1) value = value * 10 + text.charCodeAt(i) - 48;
  return value;
}

/** A stock or option quote of the 'latest' endpoints. null when the vendor has none. */
export function quoteOf(
  value:
    | { readonly t?: string; readonly ap?: number; readonly as?: number; readonly bp?: number; readonly bs?: number }
    | undefined,
): Quote | null {
  if (value?.bp === undefined || value.ap === undefined) return null;
  const at: Instant = instant(value.t === undefined ? 0 : timeOf(value.t));
  return { bid: value.bp, ask: value.ap, bidSize: value.bs ?? 0, askSize: value.as ?? 0, at };
}
