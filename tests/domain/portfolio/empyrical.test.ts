import { describe, expect, it } from 'vitest';
import { dayNumber, isoDateOf, partsOf } from '#domain/market/civil';
import {
  aggregateReturns,
  alpha,
  alphaBeta,
  alphaBetaWhen,
  annualReturn,
  annualVolatility,
  beta,
  betaFragility,
  calmarRatio,
  captureRatio,
  captureWhen,
  conditionalValueAtRisk,
  cumulativeReturns,
  downsideRisk,
  excessSharpe,
  maxDrawdown,
  omegaRatio,
  type Period,
  sharpeRatio,
  simpleReturns,
  sortinoRatio,
  stability,
  tailRatio,
  totalReturn,
  upDownCapture,
  valueAtRisk,
} from '#domain/portfolio/metrics';
import { generalisedParetoRisk } from '#domain/portfolio/tailRisk';
import { type IsoDate, isoDate } from '#domain/units';
import { referenceText } from '#support/referenceData';

type Numbers = (number | null | 'inf')[];
interface Series {
  readonly values?: Numbers;
  readonly columns?: Record<string, Numbers>;
  readonly freq?: string | null;
  readonly start?: string | null;
}
type Argument =
  | number
  | string
  | null
  | Numbers
  | Numbers[]
  | { series?: string; values?: Numbers; columns?: Record<string, Numbers>; frame?: string };
interface Case {
  readonly test: string;
  readonly args: Record<string, Argument>;
}
interface Reference {
  readonly series: Record<string, Series>;
  readonly cases: Case[];
  readonly value_at_risk: { returns: number[]; cutoff: number; expected: number }[];
}

const text = referenceText('reference/empyrical_expected.json');
const reference: Reference = text === null ? { series: {}, cases: [], value_at_risk: [] } : JSON.parse(text);

const numberOf = (value: number | null | 'inf'): number =>
  value === null ? Number.NaN : value === 'inf' ? Number.POSITIVE_INFINITY : value;

/** The columns that an argument stands for: one for a series, several for a frame. */
function columnsOf(argument: Argument | undefined): Float64Array[] {
  if (typeof argument === 'number') return [Float64Array.of(argument)];
  if (Array.isArray(argument)) return [Float64Array.from(argument.flat(), numberOf)];
  if (argument === null || argument === undefined || typeof argument === 'string') return [];
  const source: Series = argument.series !== undefined ? (reference.series[argument.series] ?? {}) : argument;
  if (source.columns) return Object.values(source.columns).map((column) => Float64Array.from(column, numberOf));
  return [Float64Array.from(source.values ?? [], numberOf)];
}

const seriesOf = (argument: Argument | undefined): Float64Array => columnsOf(argument)[0] ?? new Float64Array();
/** A rate may be one number or a series. */
const rateOf = (argument: Argument | undefined): number | Float64Array =>
  typeof argument === 'number' ? argument : seriesOf(argument);
const periodOf = (argument: Argument | undefined): Period =>
  argument === 'weekly' ? 'weekly' : argument === 'monthly' ? 'monthly' : 'daily';

/** Dates of a series by its frequency: days, Sundays, month ends. */
function datesOf(argument: Argument | undefined, length: number): IsoDate[] {
  const name = typeof argument === 'object' && argument !== null && !Array.isArray(argument) ? argument.series : undefined;
  const { start, freq } = reference.series[name ?? ''] ?? {};
  const first = dayNumber(isoDate(start ?? '2000-01-30'));
  return Array.from({ length }, (_, i) => {
    if (freq?.startsWith('W')) return isoDateOf(first + 7 * i);
    if (!freq?.startsWith('M')) return isoDateOf(first + i);
    const month = i + 1;
    const next = dayNumber(isoDate(`${2000 + Math.floor(month / 12)}-${String((month % 12) + 1).padStart(2, '0')}-01`));
    return isoDateOf(next - 1);
  });
}

/** ISO week of a date, as pandas groups by. */
function isoWeek(date: IsoDate): string {
  const number = dayNumber(date);
  const thursday = number - ((((number + 3) % 7) + 7) % 7) + 3;
  const { year } = partsOf(isoDateOf(thursday));
  return `${partsOf(date).year} ${Math.floor((thursday - dayNumber(isoDate(`${year}-01-01`))) / 7) + 1}`;
}

const GROUPS: Record<string, (date: IsoDate) => string> = {
  weekly: isoWeek,
  monthly: (date) => date.slice(0, 7),
  quarterly: (date) => `${date.slice(0, 4)} ${Math.ceil(partsOf(date).month / 3)}`,
  yearly: (date) => date.slice(0, 4),
};

/** pandas joins on dates: a shorter series in these cases begins later. */
function aligned(args: Record<string, Argument>, other: string): [Float64Array, Float64Array] {
  const [mine, theirs] = [seriesOf(args['returns']), seriesOf(args[other])];
  const length = Math.min(mine.length, theirs.length);
  return [mine.subarray(mine.length - length), theirs.subarray(theirs.length - length)];
}

const windows = <T>(length: number, window: number, of: (from: number, to: number) => T): T[] =>
  Array.from({ length: Math.max(0, length - window + 1) }, (_, i) => of(i, i + window));
const rolling = (
  args: Record<string, Argument>,
  other: string,
  of: (mine: Float64Array, theirs: Float64Array) => number,
): number[] => {
  const [mine, theirs] = aligned(args, other);
  const window = Number(args['window']);
  return windows(mine.length, window, (from, to) => of(mine.subarray(from, to), theirs.subarray(from, to)));
};
const pair = ({ alpha: a, beta: b }: { alpha: number; beta: number }): number[] => [a, b];
const each = (args: Record<string, Argument>, of: (column: Float64Array) => number): number[] =>
  columnsOf(args['returns']).map(of);

/** Digits that empyrical's own tests compare: eight unless said otherwise (its tail ratio is stated to one). */
const DIGITS: Record<string, number> = {
  test_cum_returns: 4,
  test_simple_returns: 4,
  test_cum_returns_df: 4,
  test_cum_returns_final_df: 4,
  test_cum_returns_final: 4,
  test_roll_max_drawdown: 4,
  test_tail_ratio: 1,
};

/** What we answer to a case that states numbers. */
const ANSWERS: Record<string, (args: Record<string, Argument>) => number[]> = {
  test_simple_returns: (args) => [...simpleReturns(seriesOf(args['prices']))],
  test_cum_returns: (args) => [...cumulativeReturns(seriesOf(args['returns']), Number(args['starting_value']))],
  test_cum_returns_final: (args) => [totalReturn(seriesOf(args['returns']), Number(args['starting_value']))],
  test_aggregate_returns: (args) => {
    const returns = seriesOf(args['returns']);
    const group = GROUPS[String(args['convert_to'])] ?? ((date: IsoDate) => date);
    return [...aggregateReturns(returns, datesOf(args['returns'], returns.length), group)];
  },
  test_max_drawdown: (args) => [maxDrawdown(seriesOf(args['returns']))],
  test_annual_ret: (args) => [annualReturn(seriesOf(args['returns']), periodOf(args['period']))],
  test_cagr: (args) => [annualReturn(seriesOf(args['returns']), periodOf(args['period']))],
  test_annual_volatility: (args) => [annualVolatility(seriesOf(args['returns']), periodOf(args['period']))],
  test_calmar: (args) => [calmarRatio(seriesOf(args['returns']), periodOf(args['period']))],
  test_omega: (args) => [omegaRatio(seriesOf(args['returns']), rateOf(args['risk_free']), Number(args['required_return']))],
  test_sharpe_ratio: (args) => [sharpeRatio(seriesOf(args['returns']), rateOf(args['risk_free']))],
  test_downside_risk: (args) =>
    each(args, (column) => downsideRisk(column, rateOf(args['required_return']), periodOf(args['period']))),
  test_sortino: (args) => each(args, (column) => sortinoRatio(column, rateOf(args['required_return']), periodOf(args['period']))),
  test_excess_sharpe: (args) => [excessSharpe(seriesOf(args['returns']), rateOf(args['factor_returns']))],
  test_alpha_beta: (args) => pair(alphaBeta(...aligned(args, 'benchmark'))),
  test_alpha: (args) => [alpha(...aligned(args, 'benchmark'))],
  test_beta: (args) => [beta(...aligned(args, 'benchmark'))],
  test_stability_of_timeseries: (args) => [stability(seriesOf(args['returns']))],
  test_tail_ratio: (args) => [tailRatio(seriesOf(args['returns']))],
  test_beta_fragility_heuristic: (args) => [betaFragility(...aligned(args, 'factor_returns'))],
  test_gpd_risk_estimates: (args) => [...generalisedParetoRisk(seriesOf(args['returns']))],
  test_capture_ratio: (args) => [captureRatio(...aligned(args, 'factor_returns'))],
  test_up_capture: (args) => [captureWhen('up', ...aligned(args, 'factor_returns'))],
  test_down_capture: (args) => [captureWhen('down', ...aligned(args, 'factor_returns'))],
  test_up_down_capture: (args) => [upDownCapture(...aligned(args, 'factor_returns'))],
  test_up_alpha_beta: (args) => pair(alphaBetaWhen('up', ...aligned(args, 'benchmark'))),
  test_down_alpha_beta: (args) => pair(alphaBetaWhen('down', ...aligned(args, 'benchmark'))),
  test_roll_max_drawdown: (args) => rolling(args, 'returns', (mine) => maxDrawdown(mine)),
  test_roll_sharpe_ratio: (args) => rolling(args, 'returns', (mine) => sharpeRatio(mine)),
  test_roll_up_capture: (args) => rolling(args, 'factor_returns', (mine, theirs) => captureWhen('up', mine, theirs)),
  test_roll_down_capture: (args) => rolling(args, 'factor_returns', (mine, theirs) => captureWhen('down', mine, theirs)),
  test_roll_up_down_capture: (args) => rolling(args, 'factor_returns', (mine, theirs) => upDownCapture(mine, theirs)),
  test_roll_alpha_beta: (args) => {
    // pandas keeps the benchmark's dates where there are no returns.
    const missing = seriesOf(args['returns']).length === 0;
    const [mine, theirs] = missing
      ? [seriesOf(args['benchmark']).fill(Number.NaN), seriesOf(args['benchmark'])]
      : aligned(args, 'benchmark');
    const window = Number(args['window']);
    return windows(mine.length, window, (from, to) => pair(alphaBeta(mine.subarray(from, to), theirs.subarray(from, to)))).flat();
  },
  test_cum_returns_df: (args) =>
    columnsOf(args['returns']).flatMap((column) => [...cumulativeReturns(column, Number(args['starting_value']))]),
  test_cum_returns_final_df: (args) => each(args, (column) => totalReturn(column, Number(args['starting_value']))),
};

/** Seeded normal numbers for the cases that only state an order. */
function normals(seed: number, count: number): Float64Array {
  let state = seed;
  const uniform = (): number => {
    state = (state * 48271) % 2147483647;
    return state / 2147483647;
  };
  return Float64Array.from({ length: count }, () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform()));
}

const plus = (values: Float64Array, other: number | Float64Array): Float64Array =>
  values.map((value, i) => value + (typeof other === 'number' ? other : (other[i] ?? Number.NaN)));
const minus = (values: Float64Array, other: number): Float64Array => values.map((value) => value - other);
/** The first `until` values of one series, then another's. */
const spliced = (first: Float64Array, second: Float64Array, until: number): Float64Array =>
  first.map((value, i) => (i < until ? value : (second[i] ?? Number.NaN)));
const rising = (values: number[], strictly = true): void => {
  for (let i = 1; i < values.length; i++) {
    const [before = Number.NaN, after = Number.NaN] = [values[i - 1], values[i]];
    if (strictly) expect(after).toBeGreaterThan(before);
    else expect(after).toBeGreaterThanOrEqual(before);
  }
};
const replaced = (values: Float64Array, where: (value: number) => boolean, count: number, by: number): Float64Array => {
  const copy = Float64Array.from(values);
  const places = Array.from(copy.keys()).filter((i) => where(copy[i] ?? 0));
  for (const i of places.slice(0, count)) copy[i] = by;
  return copy;
};

/** What must hold in the cases that state an order rather than a number. */
const ORDERS: Record<string, (args: Record<string, Argument>) => void> = {
  test_max_drawdown_translation: (args) => {
    const [returns, by] = [seriesOf(args['returns']), Number(args['constant'])];
    rising([maxDrawdown(minus(returns, by)), maxDrawdown(returns), maxDrawdown(plus(returns, by))], false);
  },
  test_omega_returns: (args) => {
    const returns = seriesOf(args['returns']);
    rising([
      omegaRatio(returns, 0, Number(args['required_return_more'])),
      omegaRatio(returns, 0, Number(args['required_return_less'])),
    ]);
  },
  test_sharpe_translation_same: (args) => {
    const [returns, required, by] = [seriesOf(args['returns']), Number(args['required_return']), Number(args['translation'])];
    expect(sharpeRatio(minus(returns, by), required - by)).toBeCloseTo(sharpeRatio(returns, required), 8);
    expect(sharpeRatio(plus(returns, by), required + by)).toBeCloseTo(sharpeRatio(returns, required), 8);
  },
  test_sharpe_translation_diff: (args) => {
    const [returns, required] = [seriesOf(args['returns']), Number(args['required_return'])];
    const [by, and] = [Number(args['translation_returns']), Number(args['translation_required'])];
    expect(sharpeRatio(minus(returns, by), required - and)).not.toBe(sharpeRatio(returns, required));
    expect(sharpeRatio(plus(returns, by), required + and)).not.toBe(sharpeRatio(returns, required));
  },
  test_sharpe_translation_1: (args) => {
    const [returns, by] = [seriesOf(args['returns']), Number(args['translation'])];
    rising([sharpeRatio(minus(returns, by)), sharpeRatio(returns), sharpeRatio(plus(returns, by))]);
  },
  test_sharpe_noise: (args) => {
    const noisy = (size: number): Float64Array => normals(7, 1000).map((z) => 0.01 + size * z);
    rising([sharpeRatio(noisy(Number(args['large'])), 0.001), sharpeRatio(noisy(Number(args['small'])), 0.001)]);
  },
  test_downside_risk_noisy: (args) => {
    const [noise, flat] = [seriesOf(args['noise']), seriesOf(args['flat_line'])];
    rising(
      [250, 500, 750].map((until) => downsideRisk(spliced(noise, flat, until), flat)),
      false,
    );
  },
  test_downside_risk_trans: (args) => {
    const [returns, required] = [seriesOf(args['returns']), Number(args['required_return'])];
    rising([downsideRisk(returns, -required), downsideRisk(returns), downsideRisk(returns, required)], false);
  },
  test_downside_risk_std: (args) => {
    const noisy = (size: number): Float64Array => normals(11, 1000).map((z) => size * z);
    rising([downsideRisk(noisy(Number(args['smaller_std']))), downsideRisk(noisy(Number(args['larger_std'])))]);
  },
  test_sortino_add_noise: (args) => {
    const [returns, required] = [seriesOf(args['returns']), Number(args['required_return'])];
    rising(
      [2, 1, 0].map((count) =>
        sortinoRatio(
          replaced(returns, (value) => value > required, count, -0.01),
          required,
        ),
      ),
    );
  },
  test_sortino_sub_noise: (args) => {
    const [returns, required] = [seriesOf(args['returns']), Number(args['required_return'])];
    rising(
      [0, 1, 2].map((count) =>
        sortinoRatio(
          replaced(returns, (value) => value < required, count, required),
          required,
        ),
      ),
      false,
    );
  },
  test_sortino_translation_same: (args) => {
    const [returns, required, by] = [seriesOf(args['returns']), Number(args['required_return']), Number(args['translation'])];
    expect(sortinoRatio(minus(returns, by), required - by)).toBeCloseTo(sortinoRatio(returns, required), 8);
    expect(sortinoRatio(plus(returns, by), required + by)).toBeCloseTo(sortinoRatio(returns, required), 8);
  },
  test_sortino_translation_diff: (args) => {
    const [returns, required] = [seriesOf(args['returns']), Number(args['required_return'])];
    const [by, and] = [Number(args['translation_returns']), Number(args['translation_required'])];
    expect(sortinoRatio(minus(returns, by), required - and)).not.toBe(sortinoRatio(returns, required));
    expect(sortinoRatio(plus(returns, by), required + and)).not.toBe(sortinoRatio(returns, required));
  },
  test_excess_sharpe_noisy: (args) => {
    const [noise, benchmark] = [seriesOf(args['noise_line']), seriesOf(args['benchmark'])];
    rising([250, 500, 750].map((until) => Math.abs(excessSharpe(spliced(noise, benchmark, until), benchmark))));
  },
  test_excess_sharpe_trans: (args) => {
    const returns = seriesOf(args['returns']);
    const noisy = plus(returns, seriesOf(args['add_noise']));
    const translation = seriesOf(args['translation']);
    rising([
      excessSharpe(
        plus(
          noisy,
          translation.map((value) => -value),
        ),
        returns,
      ),
      excessSharpe(noisy, returns),
      excessSharpe(plus(noisy, translation), returns),
    ]);
  },
  test_alpha_beta_translation: (args) => {
    const benchmark = normals(3, 1000).map((z) => 0.001 + 0.001 * z);
    const own = normals(5, 1000);
    const returns = benchmark.map(
      (value, i) => Number(args['mean_returns']) + 0.8 * 10 * (value - 0.001) + 0.006 * (own[i] ?? 0),
    );
    const by = Number(args['translation']);
    const [low, middle, high] = [minus(returns, by), returns, plus(returns, by)].map((values) => alphaBeta(values, benchmark));
    const daily = (value: { alpha: number } | undefined): number => ((value?.alpha ?? Number.NaN) + 1) ** (1 / 252);
    expect(daily(middle) - daily(low)).toBeCloseTo(by, 8);
    expect(daily(high) - daily(middle)).toBeCloseTo(by, 8);
    expect(low?.beta).toBeCloseTo(middle?.beta ?? 0, 8);
    expect(high?.beta).toBeCloseTo(middle?.beta ?? 0, 8);
  },
  test_alpha_beta_correlation: (args) => {
    const [bench, own] = [normals(13, 1000), normals(17, 1000)];
    const at = (correlation: number) =>
      alphaBeta(
        bench.map((z, i) => 0.01 + 0.01 * (correlation * z + Math.sqrt(1 - correlation ** 2) * (own[i] ?? 0))),
        bench.map((z) => 0.001 + 0.001 * z),
      );
    const [less, more] = [at(Number(args['corr_less'])), at(Number(args['corr_more']))];
    rising([more.alpha, less.alpha]);
    rising([less.beta, more.beta]);
  },
  test_alpha_beta_with_nan_inputs: (args) => {
    const found = alphaBeta(...aligned(args, 'benchmark'));
    expect(found.alpha).toBeCloseTo(0, 8);
    expect(found.beta).toBeCloseTo(1, 8);
  },
  test_alpha_beta_equality: (args) => {
    const [mine, theirs] = aligned(args, 'benchmark');
    expect(alphaBeta(mine, theirs)).toEqual({ alpha: alpha(mine, theirs), beta: beta(mine, theirs) });
  },
  test_cagr_translation: (args) => {
    const [returns, by] = [seriesOf(args['returns']), Number(args['constant'])];
    rising([annualReturn(minus(returns, by)), annualReturn(returns), annualReturn(plus(returns, by))]);
  },
  test_cagr_with_nan_inputs: (args) => {
    expect(annualReturn(seriesOf(args['returns']))).not.toBeNaN();
  },
  test_cagr_noisy: (args) => {
    const [returns, noise] = [seriesOf(args['returns']), seriesOf(args['add_noise'])];
    const plain = annualReturn(returns);
    for (const sign of [1, -1])
      expect(
        annualReturn(
          plus(
            returns,
            noise.map((value) => sign * value),
          ),
        ) / plain,
      ).toBeCloseTo(1, 0);
  },
};

function compare(found: number[], expected: number[], digits: number, label: string): void {
  expect(found.length, label).toBeGreaterThanOrEqual(expected.length);
  expected.forEach((value, i) => {
    const mine = found[i] ?? Number.NaN;
    if (Number.isNaN(value) || !Number.isFinite(value)) expect(mine, label).toBe(value);
    else expect(mine, label).toBeCloseTo(value, digits);
  });
}

describe("empyrical's conventions", () => {
  it('every one of its 238 cases, to the digits it publishes', () => {
    let looked = 0;
    for (const { test, args } of reference.cases) {
      const answer = ANSWERS[test];
      const order = ORDERS[test];
      const label = `${test} ${JSON.stringify(args).slice(0, 160)}`;
      if (answer) {
        const expected = args['expected'] === null ? [Number.NaN] : columnsOf(args['expected']).flatMap((column) => [...column]);
        const digits = typeof args['decimal_places'] === 'number' ? args['decimal_places'] : (DIGITS[test] ?? 8);
        compare(answer(args), expected, digits, label);
        looked++;
      } else if (order) {
        order(args);
        looked++;
      }
    }
    expect(looked).toBe(reference.cases.length);
  });

  it('value at risk interpolates, conditional value at risk averages what lies at or below it', () => {
    for (const { returns, cutoff, expected } of reference.value_at_risk)
      expect(valueAtRisk(returns, cutoff)).toBeCloseTo(expected, 8);
    expect(valueAtRisk([1, 81, 82, 83, 84, 85], 0.1)).toBe(41);
    expect(conditionalValueAtRisk([1, 81, 82, 83, 84, 85], 0.1)).toBe(1);
    const many = normals(23, 5000);
    const limit = valueAtRisk(many, 0.05);
    const below = many.filter((value) => value <= limit);
    expect(conditionalValueAtRisk(many, 0.05)).toBeCloseTo(below.reduce((sum, value) => sum + value, 0) / below.length, 12);
  });

  /** empyrical, test_stats.py (Apache-2.0): the series 'mixed_returns', without its leading gap where that changes nothing. */
  const mixed = [Number.NaN, 0.01, 0.1, -0.04, 0.02, 0.03, 0.02, 0.01, -0.1];
  const benchmark = [0, 0.01, 0, 0.01, 0, 0.01, 0, 0.01, 0];

  it('a small table of its cases, for when the reference file is not there', () => {
    expect(sharpeRatio(mixed)).toBeCloseTo(1.7238613961706866, 8);
    expect(sharpeRatio(mixed, benchmark)).toBeCloseTo(0.34111411441060574, 8);
    expect(sortinoRatio(mixed)).toBeCloseTo(2.605531251673693, 8);
    expect(annualReturn(mixed)).toBeCloseTo(1.9135925373194231, 8);
    expect(annualVolatility(mixed)).toBeCloseTo(0.9136465399704637, 8);
    expect(calmarRatio(mixed)).toBeCloseTo(19.135925373194233, 8);
    expect(omegaRatio(mixed, 0, 10)).toBeCloseTo(0.8335426349755793, 8);
    expect(maxDrawdown(mixed)).toBeCloseTo(-0.1, 12);
    expect(downsideRisk(mixed, 0.1)).toBeCloseTo(1.7161730681956295, 8);
    expect(stability(mixed)).toBeCloseTo(0.1529973665111273, 8);
    // By hand: 95th percentile 0.0755, 5th -0.079.
    expect(tailRatio(mixed)).toBeCloseTo(0.0755 / 0.079, 12);
    expect(betaFragility(mixed, benchmark)).toBeCloseTo(0.09, 8);
    expect(sharpeRatio(Array<number>(9).fill(0.01))).toBe(Number.POSITIVE_INFINITY);
    expect(sharpeRatio([0.01])).toBeNaN();
    expect(generalisedParetoRisk(mixed)[3]).toBeCloseTo(0.4912526273742347, 8);
  });
});
