import { classifyQuote, type ExpirationSlice, QUOTE_DEFECTS, type Quote, type SideColumns } from '#domain/market/chain';
import { instant } from '#domain/units';
import type { ListedContract, ListedExpiration } from './contracts.ts';

/** The part of a snapshot item that is read; everything is optional at the vendor, and nothing is believed to be a number. */
export interface SnapshotItem {
  readonly latestQuote?: WireQuote | null;
  readonly greeks?: { readonly delta?: unknown } | null;
  readonly impliedVolatility?: unknown;
  readonly dailyBar?: { readonly v?: unknown } | null;
}

interface WireQuote {
  readonly t?: unknown;
  readonly ap?: unknown;
  readonly as?: unknown;
  readonly bp?: unknown;
  readonly bs?: unknown;
}

/** A market's numbers travel as numbers; anything else is none. */
function numberIn(value: unknown): number {
  return typeof value === 'number' ? value : Number.NaN;
}

/** A size or a count; 0 when it is not told. */
function sizeIn(value: unknown): number {
  return typeof value === 'number' && value >= 0 && value < Number.MAX_SAFE_INTEGER ? value : 0;
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
    columns.volume[i] = sizeIn(item.dailyBar?.v);
    columns.vendorIv[i] = numberIn(item.impliedVolatility);
    columns.vendorDelta[i] = numberIn(item.greeks?.delta);
    const quote = item.latestQuote;
    if (!quote) return;
    columns.bid[i] = numberIn(quote.bp);
    columns.ask[i] = numberIn(quote.ap);
    columns.bidSize[i] = sizeIn(quote.bs);
    columns.askSize[i] = sizeIn(quote.as);
    columns.quoteAt[i] = timeOf(quote.t);
    columns.defect[i] = QUOTE_DEFECTS.indexOf(classifyQuote(columns.bid[i] ?? Number.NaN, columns.ask[i] ?? Number.NaN));
  });
  return { symbols, ...columns };
}

const SHAPE = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3,9}Z$/;
const UP_TO_MINUTE = 16;
let lastMinute = '';
let lastMinuteAt = Number.NaN;

/** ISO time with up to nine decimals to milliseconds, the rest cut off; 0 (as old as can be) when it is none. The quotes of an answer share their minute. */
function timeOf(text: unknown): number {
  if (typeof text !== 'string') return 0;
  if (!SHAPE.test(text)) return Date.parse(text.replace(/(\.\d{3})\d+/, '$1')) || 0;
  if (!text.startsWith(lastMinute) || lastMinute === '') {
    lastMinute = text.slice(0, UP_TO_MINUTE);
    lastMinuteAt = Date.parse(`${lastMinute}Z`);
  }
  return lastMinuteAt + digitsOf(text, 17, 19) * 1000 + digitsOf(text, 20, 23) || 0;
}

function digitsOf(text: string, from: number, to: number): number {
  let value = 0;
  for (let i = from; i < to; i += 1) value = value * 10 + text.charCodeAt(i) - 48;
  return value;
}

/** A stock or option quote of the 'latest' endpoints. null when the vendor has none, or none that can be read. */
export function quoteOf(value: WireQuote | undefined): Quote | null {
  const bid = numberIn(value?.bp);
  const ask = numberIn(value?.ap);
  if (Number.isNaN(bid) || Number.isNaN(ask)) return null;
  return { bid, ask, bidSize: sizeIn(value?.bs), askSize: sizeIn(value?.as), at: instant(timeOf(value?.t)) };
}
