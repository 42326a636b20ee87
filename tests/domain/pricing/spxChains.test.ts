import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { impliedVolatilityChain } from '#domain/pricing/chainKernel';
import { referencePath, referenceText } from '#support/referenceData';

interface Row {
  readonly right: string;
  readonly strike: number;
  readonly bid: number;
  readonly ask: number;
  readonly iv: number;
}

interface Slice {
  readonly days: number;
  readonly spot: number;
  readonly rows: Row[];
}

const dayNumber = (text: string) => {
  const [month = '', day = '', year = ''] = text.split('/');
  return Date.UTC(Number(year), Number(month) - 1, Number(day)) / 86_400_000;
};

/** Expiries of one day's file, keyed by root and date. */
function slicesOf(text: string): Slice[] {
  const [header = '', ...lines] = text.trim().split('\n');
  const names = header.split(',');
  const column = (name: string) => names.indexOf(name);
  const [at, root, type, expiration, quoted] = ['underlying_last', 'optionroot', 'type', 'expiration', 'quotedate'].map(column);
  const [strike, bid, ask, iv] = ['strike', 'bid', 'ask', 'impliedvol'].map(column);
  const slices = new Map<string, Slice>();
  for (const line of lines) {
    const cells = line.split(',');
    const cell = (index: number | undefined) => cells[index ?? -1] ?? '';
    const key = `${cell(root).replace(/\d.*/, '')}/${cell(expiration)}`;
    const days = dayNumber(cell(expiration)) - dayNumber(cell(quoted));
    const slice = slices.get(key) ?? { days, spot: Number(cell(at)), rows: [] };
    slices.set(key, slice);
    slice.rows.push({
      right: cell(type),
      strike: Number(cell(strike)),
      bid: Number(cell(bid)),
      ask: Number(cell(ask)),
      iv: Number(cell(iv)),
    });
  }
  return [...slices.values()];
}

/** Forward from put-call parity at the strike where call and put are nearest. */
function parityForward(strikes: readonly number[], calls: readonly number[], puts: readonly number[], discount: number): number {
  let best = 0;
  let nearest = Number.POSITIVE_INFINITY;
  strikes.forEach((strike, i) => {
    const gap = Math.abs(calls[i]! - puts[i]!);
    if (gap < nearest) {
      nearest = gap;
      best = strike + (calls[i]! - puts[i]!) / discount;
    }
  });
  return best;
}

/** Files of holidays that repeat the day before's quotes (the data set's notes). */
const STALE = ['SPX_20190527.csv.gz', 'SPX_20190704.csv.gz'];

function dayFiles(): string[] {
  const folder = referencePath('options/spx_cboe_2019');
  return folder === null ? [] : readdirSync(folder).filter((name) => name.endsWith('.csv.gz') && !STALE.includes(name));
}

/** The rate the vendor's own figures imply (the data set's notes). */
const VENDOR_RATE = 0.005;

describe('real SPX chains (CBOE, 2019)', () => {
  it("implies the vendor's volatility within 0.0015 (median) for 7 to 120 days near the money", () => {
    const differences: number[] = [];
    let present = 0;
    for (const file of dayFiles()) {
      const text = referenceText(`options/spx_cboe_2019/${file}`);
      if (text === null) continue;
      present++;
      for (const { days, spot, rows } of slicesOf(text)) {
        if (days < 7 || days > 120) continue;
        const puts = new Map(rows.filter((row) => row.right === 'put').map((row) => [row.strike, row]));
        const pairs = rows
          .filter((row) => row.right === 'call' && Math.abs(row.strike / spot - 1) < 0.05 && row.bid > 0)
          .map((call) => ({ call, put: puts.get(call.strike) }))
          .filter((pair): pair is { call: Row; put: Row } => pair.put !== undefined && pair.put.bid > 0);
        if (pairs.length < 5) continue;
        const mid = ({ bid, ask }: Row) => (bid + ask) / 2;
        const strikes = pairs.map(({ call }) => call.strike);
        const calls = pairs.map(({ call }) => mid(call));
        const putMids = pairs.map(({ put }) => mid(put));
        const years = days / 365;
        const discount = Math.exp(-VENDOR_RATE * years);
        const forward = parityForward(strikes, calls, putMids, discount);
        const got = new Float64Array(strikes.length);
        const status = new Uint8Array(strikes.length);
        impliedVolatilityChain(
          { forward, discount, years },
          Float64Array.from(strikes),
          Float64Array.from(calls),
          Float64Array.from(putMids),
          got,
          status,
        );
        pairs.forEach(({ call, put }, i) => {
          const vendor = call.strike >= forward ? call.iv : put.iv;
          expect(status[i], `${file} ${days} days ${call.strike}`).toBe(0);
          if (vendor > 0) differences.push(Math.abs(got[i]! - vendor));
        });
      }
    }
    expect(differences.length > 20_000 || present === 0).toBe(true);
    if (present === 0) return;
    differences.sort((a, b) => a - b);
    expect(differences[differences.length >> 1]).toBeLessThan(0.0015);
    expect(differences[Math.floor(differences.length * 0.95)]).toBeLessThan(0.02);
  });
});
