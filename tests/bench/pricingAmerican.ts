/** The American half of the pricing benchmark: whole expiries read from premium surfaces, one-off prices, QuantLib's engines. */
import { priceAmerican } from '#domain/pricing/american';
import { baroneAdesiWhaley } from '#domain/pricing/americanApproximations';
import {
  AmericanChainReader,
  buildPremiumSurface,
  CHAIN_SURFACE,
  QUICK_SURFACE,
  type SurfaceScheme,
} from '#domain/pricing/americanChain';
import { ACCURATE, priceAmericanExact } from '#domain/pricing/americanExact';
import type { EuropeanInput } from '#domain/pricing/blackScholes';
import { allocateChainGreeks, chainGreeks } from '#domain/pricing/chainKernel';
import type { NativePeer } from './nativePeer.ts';
import { type BenchExpiry, benchExpiries, flatten } from './pricingData.ts';
import { atLeast, atMost, type BenchOptions, type Comparison, compare, type Judged, show, type Timed, timed } from './timing.ts';

const STRIKES = 100;
/** Names of QuantLib's engines. */
export const QL_BAW = 'QuantLib Barone-Adesi-Whaley';
export const QL_FAST = 'QuantLib QdFp fast';

/** Errors as parts of the strike. */
interface ErrorSpread {
  readonly median: number;
  readonly p99: number;
  readonly worst: number;
}
const REFERENCE = { nodes: 72, inner: 72, sweeps: 80, tolerance: 1e-14, outer: 400 };

const each =
  <Item>(items: readonly Item[], job: (item: Item, index: number) => unknown) =>
  () => {
    for (const [index, item] of items.entries()) job(item, index);
  };

const surfacesOf = (e: BenchExpiry, scheme: SurfaceScheme = CHAIN_SURFACE) => {
  const range = { lowestVolatility: Math.min(...e.volatilities), highestVolatility: Math.max(...e.volatilities) };
  const { rate, dividendYield, years } = e;
  return [
    buildPremiumSurface({ right: 'call', rate, dividendYield, years, ...range }, scheme),
    buildPremiumSurface({ right: 'put', rate, dividendYield, years, ...range }, scheme),
  ] as const;
};

export async function americanBench(
  rounds: number,
  qlPeer: NativePeer | null,
  options: BenchOptions,
): Promise<Comparison & Judged & Record<string, unknown>> {
  const expiries = benchExpiries(options.quick ? 10 : 500, STRIKES, 7, true);
  const contracts = 2 * STRIKES * expiries.length;
  const flat = flatten(expiries);
  const inputs: EuropeanInput[] = Array.from({ length: contracts }, (_, i) => ({
    right: flat.isCall[i] ? 'call' : 'put',
    spot: flat.spot[i]!,
    strike: flat.strike[i]!,
    years: flat.years[i]!,
    rate: flat.rate[i]!,
    dividendYield: flat.dividendYield[i]!,
    volatility: flat.volatility[i]!,
  }));
  const sample = Array.from({ length: options.quick ? 60 : 600 }, (_, i) => (i * 7919) % contracts);
  const truth = sample.map((i) => priceAmericanExact(inputs[i]!, REFERENCE));
  const european = allocateChainGreeks(STRIKES);
  const reader = new AmericanChainReader();
  const out = { callPrice: new Float64Array(STRIKES), putPrice: new Float64Array(STRIKES) };
  const surfaces = expiries.map((e) => surfacesOf(e));
  const priceExpiry = (e: BenchExpiry, [calls, puts]: ReturnType<typeof surfacesOf>) => {
    chainGreeks(e, e.strikes, e.lnStrikes, e.volatilities, european);
    reader.price(e, e.strikes, e.lnStrikes, e.volatilities, european, calls, puts, out);
  };
  const pricesWith = (scheme: SurfaceScheme) => {
    const prices = new Float64Array(contracts);
    for (const [c, e] of expiries.entries()) {
      priceExpiry(e, surfacesOf(e, scheme));
      for (let i = 0; i < STRIKES; i++) {
        prices[2 * (c * STRIKES + i)] = out.callPrice[i]!;
        prices[2 * (c * STRIKES + i) + 1] = out.putPrice[i]!;
      }
    }
    return prices;
  };
  const chainPrices = pricesWith(CHAIN_SURFACE);
  const quickPrices = pricesWith(QUICK_SURFACE);
  const errors = (price: (index: number) => number): ErrorSpread => {
    const each = sample.map((i, k) => Math.abs(price(i) - truth[k]!) / inputs[i]!.strike).sort((a, b) => a - b);
    return { median: each[each.length >> 1]!, p99: each[Math.floor(each.length * 0.99)]!, worst: each.at(-1)! };
  };
  const few = inputs.filter((_, i) => i % Math.ceil(contracts / (options.quick ? 200 : 10_000)) === 0);
  const contenders: Record<string, Timed> = {
    'ours: whole expiry, surfaces built': timed(
      contracts,
      each(expiries, (e, c) => priceExpiry(e, surfaces[c]!)),
    ),
    'ours: whole expiry, surfaces built anew': timed(
      contracts,
      each(expiries, (e) => priceExpiry(e, surfacesOf(e))),
    ),
    'ours: whole expiry, quick surfaces built anew': timed(
      contracts,
      each(expiries, (e) => priceExpiry(e, surfacesOf(e, QUICK_SURFACE))),
    ),
    'ours: priceAmerican, one by one': timed(
      few.length,
      each(few, (input) => priceAmerican(input)),
    ),
    'ours: priceAmericanExact ACCURATE, one by one': timed(
      few.length,
      each(few, (input) => priceAmericanExact(input, ACCURATE)),
    ),
  };
  const accuracy: Record<string, ErrorSpread> = {
    'ours: whole expiry': errors((i) => chainPrices[i]!),
    'ours: whole expiry, quick surfaces': errors((i) => quickPrices[i]!),
    'ours: priceAmerican': errors((i) => priceAmerican(inputs[i]!)),
    'ours: priceAmericanExact ACCURATE': errors((i) => priceAmericanExact(inputs[i]!, ACCURATE)),
    'ours: priceAmericanExact': errors((i) => priceAmericanExact(inputs[i]!)),
    'ours: Barone-Adesi-Whaley': errors((i) => baroneAdesiWhaley(inputs[i]!)),
  };
  if (qlPeer) {
    const { spot, strike, years, rate, dividendYield, volatility, price, isCall } = flat;
    await qlPeer.load(
      [spot, strike, years, rate, dividendYield, volatility, price, isCall].map((column) =>
        Float64Array.from(sample, (i) => column[i]!),
      ),
    );
    for (const [name, engine] of [
      [QL_BAW, 'baw'],
      [QL_FAST, 'qdfpFast'],
      ['QuantLib QdFp accurate', 'qdfpAccurate'],
    ] as const) {
      const prices = await qlPeer.results(`${engine} ${sample.length}`);
      const at = new Map(sample.map((index, k) => [index, prices[k]!]));
      accuracy[name] = errors((i) => at.get(i) ?? Number.NaN);
      contenders[name] = () => qlPeer.time(`${engine} ${sample.length}`);
    }
  }
  const comparison = await compare(contenders, Math.min(rounds, 7));
  if (!options.json) {
    show(`American prices, ${contracts} contracts in whole expiries, ns per contract`, comparison);
    for (const [name, error] of Object.entries(accuracy))
      console.log(`  error / strike  ${name.padEnd(40)} ${JSON.stringify(error)}`);
  }
  const whole = accuracy['ours: whole expiry']!;
  const quick = accuracy['ours: whole expiry, quick surfaces']!;
  const [baw, fast] = [accuracy[QL_BAW], accuracy[QL_FAST]];
  const agreement = [
    atMost('American: worst error of the exact engine, of the strike', 1e-10, accuracy['ours: priceAmericanExact']!.worst),
    atLeast(
      'American expiry: times closer to the truth than QuantLib Barone-Adesi-Whaley (99 in 100)',
      10,
      baw && baw.p99 / whole.p99,
    ),
    atLeast('American expiry: the same in the worst case', 10, baw && baw.worst / whole.worst),
    atMost('American expiry: worst error as a share of that of QuantLib QdFp fast', 1, fast && whole.worst / fast.worst),
    atMost('American expiry, quick surfaces: the same', 1, fast && quick.worst / fast.worst),
  ];
  return { ...comparison, agreement, contracts, onePer: few.length, errorPerStrike: accuracy };
}
