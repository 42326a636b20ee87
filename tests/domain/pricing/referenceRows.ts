import type { EuropeanInput } from '#domain/pricing/blackScholes';
import { referenceText } from '#support/referenceData';

interface Table {
  readonly test: string | null;
  readonly columns?: readonly string[];
  readonly rows?: readonly (readonly (string | number)[])[];
}

const isTables = (value: unknown): value is { files: Record<string, readonly Table[]> } =>
  typeof value === 'object' && value !== null && 'files' in value;

/** Rows of one of QuantLib's option tables (type, strike, s, q, r, t, v, result); empty when the reference data is absent. */
export function quantlibRows(file: string, test: string): (EuropeanInput & { readonly result: number })[] {
  const text = referenceText('reference/quantlib_test_tables.json');
  if (text === null) return [];
  const parsed: unknown = JSON.parse(text);
  if (!isTables(parsed)) throw new Error('not the QuantLib tables');
  const table = (parsed.files[file] ?? []).find((t) => t.test === test && t.rows && t.columns?.includes('result'));
  const columns = table?.columns ?? [];
  return (table?.rows ?? []).map((row) => {
    const number = (name: string) => Number(row[columns.indexOf(name)]);
    return {
      right: row[columns.indexOf('type')] === 'Option::Call' ? 'call' : 'put',
      strike: number('strike'),
      spot: number('s'),
      dividendYield: number('q'),
      rate: number('r'),
      years: number('t'),
      volatility: number('v'),
      result: number('result'),
    };
  });
}

export interface VollibSide {
  readonly price: number;
  readonly delta: number;
  readonly gamma: number;
  readonly theta: number;
  readonly vega: number;
  readonly rho: number;
}

const isVollib = (value: unknown): value is { columns: readonly string[]; data: readonly (readonly number[])[] } =>
  typeof value === 'object' && value !== null && 'columns' in value && 'data' in value;

/** py_vollib's 101 rows (theta per year, vega and rho per 1.00); empty when the reference data is absent. */
export function vollibRows(): { input: Omit<EuropeanInput, 'right'>; call: VollibSide; put: VollibSide }[] {
  const text = referenceText('reference/py_vollib_bs_prices_greeks.json');
  if (text === null) return [];
  const parsed: unknown = JSON.parse(text);
  if (!isVollib(parsed)) throw new Error("not py_vollib's rows");
  const { columns, data } = parsed;
  return data.map((row) => {
    const number = (name: string) => row[columns.indexOf(name)] ?? Number.NaN;
    const side = (letter: string, price: string): VollibSide => ({
      price: number(price),
      delta: number(`${letter}D`),
      gamma: number(`${letter}G`),
      theta: number(`${letter}T`),
      vega: number(`${letter}V`),
      rho: number(`${letter}R`),
    });
    const input = {
      spot: number('S'),
      strike: number('K'),
      years: number('t'),
      rate: number('R'),
      dividendYield: 0,
      volatility: number('v'),
    };
    return { input, call: side('C', 'bs_call'), put: side('P', 'bs_put') };
  });
}
