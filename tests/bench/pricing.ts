/**
 * Pricing against its peers, one thread, same contracts, outputs compared before timing: the npm packages in use today, a plain
 * C++ -O3 loop, a C++ port of the Let's Be Rational construction and QuantLib's engines (the last three when they compile here).
 */
import { fileURLToPath } from 'node:url';
import { allocateChainGreeks, chainGreeks, impliedVolatilityChain } from '#domain/pricing/chainKernel';
import { SimdChain } from '../../src-main/adapters/compute/simdChain.ts';
import { buildKernel } from '../../src-wasm/build.mjs';
import { compile, NativePeer } from './nativePeer.ts';
import { npmPeers } from './npmPeers.ts';
import { americanBench } from './pricingAmerican.ts';
import { type BenchExpiry, benchExpiries, flatten } from './pricingData.ts';
import { quotesBench } from './pricingQuotes.ts';
import {
  atLeast,
  type BenchOptions,
  type Comparison,
  compare,
  type Goal,
  largestDifference,
  show,
  showGoals,
  type Timed,
  timed,
} from './timing.ts';

const STRIKES = 80;

/** Fills the mids of every expiry with model prices. */
function quoteAll(expiries: readonly BenchExpiry[]): void {
  const out = allocateChainGreeks(STRIKES);
  for (const e of expiries) {
    chainGreeks(e, e.strikes, e.lnStrikes, e.volatilities, out);
    e.callMids.set(out.callPrice);
    e.putMids.set(out.putPrice);
  }
}

export async function run(options: BenchOptions): Promise<object> {
  const rounds = options.quick ? 3 : 9;
  const expiries = benchExpiries(options.quick ? 625 : 6250, STRIKES, 20260918);
  const contracts = 2 * STRIKES * expiries.length;
  quoteAll(expiries);
  const flat = flatten(expiries);
  const plain = compile('plain.cpp', ['-O3']);
  const quantlib = compile('quantlib.cpp', ['-O2', '-lQuantLib']);
  const plainPeer = 'program' in plain ? new NativePeer(plain.program) : null;
  const qlPeer = 'program' in quantlib ? new NativePeer(quantlib.program) : null;
  const { spot, strike, years, rate, volatility, price, isCall } = flat;
  await plainPeer?.load([spot, strike, years, rate, volatility, price, isCall]);
  const missing = { plain: 'missing' in plain ? plain.missing : null, quantlib: 'missing' in quantlib ? quantlib.missing : null };

  const european = await europeanBench(expiries, flat, contracts, rounds, plainPeer, qlPeer, options);
  const implied = await impliedBench(expiries, flat, contracts, rounds, plainPeer, qlPeer, options);
  const american = await americanBench(rounds, qlPeer, options);
  plainPeer?.close();
  qlPeer?.close();
  const quotes = await quotesBench(rounds, options);
  const goals = pricingGoals(european, implied, american);
  if (!options.json) showGoals(goals);
  return { contracts, missing, goals, european, implied, american, quotes };
}

/** Ratio of two contenders' medians: how many times longer `slow` takes than `quick`. */
function times({ ns }: Comparison, slow: string, quick: string): number | undefined {
  const [a, b] = [ns[slow], ns[quick]];
  return a === undefined || b === undefined ? undefined : Number((a / b).toPrecision(4));
}

/** The goals of the project's pricing issue; the European ones are judged on the faster of our two kernels. */
function pricingGoals(european: Comparison, implied: Comparison, american: Comparison): Goal[] {
  const simd = 'ours: WebAssembly SIMD';
  const ours = european.ns[simd] === undefined ? 'ours: chainGreeks (price + 5 greeks)' : simd;
  const chain = 'ours: whole expiry, surfaces built';
  const volatility = 'ours: impliedVolatilityChain';
  const rational = "C++ -O3 Let's Be Rational construction (our port)";
  return [
    atLeast(
      'chain price + 5 greeks: times faster than @uqee/black-scholes',
      8,
      times(european, '@uqee/black-scholes option()', ours),
    ),
    atLeast('chain: than the textbook C++ -O3 loop', 6, times(european, 'C++ -O3 textbook loop', ours)),
    atLeast('chain: than QuantLib option objects', 200, times(european, 'QuantLib VanillaOption + AnalyticEuropeanEngine', ours)),
    atLeast('chain: than black-scholes + greeks', 1500, times(european, 'black-scholes + greeks', ours)),
    atLeast("implied volatility: than C++ Let's Be Rational's construction", 2, times(implied, rational, volatility)),
    atLeast('American expiry: than QuantLib Barone-Adesi-Whaley', 4, times(american, 'QuantLib Barone-Adesi-Whaley', chain)),
    atLeast('American expiry, surfaces built: than QuantLib QdFp fast', 10, times(american, 'QuantLib QdFp fast', chain)),
    atLeast(
      'American expiry, quick surfaces built anew: than QuantLib QdFp fast',
      10,
      times(american, 'QuantLib QdFp fast', 'ours: whole expiry, quick surfaces built anew'),
    ),
    atLeast(
      'American, one by one: than QuantLib QdFp fast',
      10,
      times(american, 'QuantLib QdFp fast', 'ours: priceAmerican, one by one'),
    ),
  ];
}

type Flat = ReturnType<typeof flatten>;

async function europeanBench(
  expiries: readonly BenchExpiry[],
  flat: Flat,
  contracts: number,
  rounds: number,
  plainPeer: NativePeer | null,
  qlPeer: NativePeer | null,
  options: BenchOptions,
): Promise<Comparison & Record<string, unknown>> {
  const out = allocateChainGreeks(STRIKES);
  const price = new Float64Array(contracts);
  expiries.forEach((e, c) => {
    chainGreeks(e, e.strikes, e.lnStrikes, e.volatilities, out);
    for (let i = 0; i < STRIKES; i++) {
      price[2 * (c * STRIKES + i)] = out.callPrice[i]!;
      price[2 * (c * STRIKES + i) + 1] = out.putPrice[i]!;
    }
  });
  const contenders: Record<string, Timed> = {
    'ours: chainGreeks (price + 5 greeks)': timed(contracts, () => {
      for (const e of expiries) chainGreeks(e, e.strikes, e.lnStrikes, e.volatilities, out);
    }),
  };
  const differences: Record<string, number> = {};
  const simd = await simdContender(expiries, contracts, price);
  if (simd) {
    contenders['ours: WebAssembly SIMD'] = simd.run;
    differences['ours: WebAssembly SIMD'] = simd.difference;
  }
  for (const peer of npmPeers(flat)) {
    differences[peer.name] = largestDifference(peer.prices(), price, peer.prices().length);
    contenders[peer.name] = timed(peer.count, peer.greeks);
  }
  if (plainPeer) {
    const theirs = await plainPeer.results('textbook');
    differences['C++ -O3 textbook loop'] = largestDifference(
      price,
      Float64Array.from({ length: contracts }, (_, i) => theirs[6 * i]!),
    );
    contenders['C++ -O3 textbook loop'] = () => plainPeer.time('textbook 1');
  }
  if (qlPeer) {
    const count = options.quick ? 4000 : 40_000;
    await qlPeer.load(
      ['spot', 'strike', 'years', 'rate', 'dividendYield', 'volatility', 'price', 'isCall'].map((name) =>
        flat[name as keyof Flat].subarray(0, count),
      ),
    );
    for (const [name, engine] of [
      ['QuantLib VanillaOption + AnalyticEuropeanEngine', 'european'],
      ['QuantLib BlackCalculator', 'calculator'],
    ] as const) {
      differences[name] = largestDifference(await qlPeer.results(`${engine} ${count}`), price, count);
      contenders[name] = () => qlPeer.time(`${engine} ${count}`);
    }
  }
  const comparison = await compare(contenders, rounds);
  if (!options.json) show(`European price + 5 greeks, ${contracts} contracts in whole expiries, ns per contract`, comparison);
  return { ...comparison, largestPriceDifference: differences };
}

/** The SIMD kernel over all expiries laid out in its memory; built anew, so that it is the source's. */
async function simdContender(
  expiries: readonly BenchExpiry[],
  contracts: number,
  price: Float64Array,
): Promise<{ run: Timed; difference: number } | null> {
  const file = new URL('../../out/wasm/chainGreeks.wasm', import.meta.url);
  await buildKernel('chainGreeks', fileURLToPath(file));
  const simd = SimdChain.load(file, contracts / 2);
  if (!simd) return null;
  for (const [c, e] of expiries.entries()) {
    simd.strikes.set(e.strikes, c * STRIKES);
    simd.lnStrikes.set(e.lnStrikes, c * STRIKES);
    simd.volatilities.set(e.volatilities, c * STRIKES);
  }
  const got = new Float64Array(contracts);
  for (const [c, e] of expiries.entries()) {
    simd.greeks(e, c * STRIKES, STRIKES);
    for (let i = c * STRIKES; i < (c + 1) * STRIKES; i++) {
      got[2 * i] = simd.out.callPrice[i]!;
      got[2 * i + 1] = simd.out.putPrice[i]!;
    }
  }
  // Timed like the TypeScript kernel: every expiry overwrites the results of the one before.
  const all = () => {
    for (let c = 0; c < expiries.length; c++) simd.greeks(expiries[c]!, c * STRIKES, STRIKES, 0);
  };
  return { run: timed(contracts, all), difference: largestDifference(got, price) };
}

async function impliedBench(
  expiries: readonly BenchExpiry[],
  flat: Flat,
  contracts: number,
  rounds: number,
  plainPeer: NativePeer | null,
  qlPeer: NativePeer | null,
  options: BenchOptions,
): Promise<Comparison & Record<string, unknown>> {
  const got = new Float64Array(STRIKES);
  const status = new Uint8Array(STRIKES);
  let found = 0;
  let ours = 0;
  for (const e of expiries) {
    found += impliedVolatilityChain(e, e.strikes, e.callMids, e.putMids, got, status);
    for (let i = 0; i < STRIKES; i++) ours = Math.max(ours, Math.abs(got[i]! / e.volatilities[i]! - 1));
  }
  const strikes = contracts / 2;
  const contenders: Record<string, Timed> = {
    'ours: impliedVolatilityChain': timed(strikes, () => {
      for (const e of expiries) impliedVolatilityChain(e, e.strikes, e.callMids, e.putMids, got, status);
    }),
  };
  // Peers get the out-of-the-money side of the same strikes.
  const chosen = Int32Array.from({ length: strikes }, (_, i) =>
    flat.strike[2 * i]! > flat.spot[2 * i]! * Math.exp(flat.rate[2 * i]! * flat.years[2 * i]!) ? 2 * i : 2 * i + 1,
  );
  const pick = (column: Float64Array) => Float64Array.from(chosen, (index) => column[index]!);
  const side = { ...flat };
  for (const name of Object.keys(flat) as (keyof Flat)[]) side[name] = pick(flat[name]);
  const failures: Record<string, number> = {};
  const worst = (volatilities: ArrayLike<number>, count: number) => {
    let bad = 0;
    for (let i = 0; i < count; i++) if (!(Math.abs(volatilities[i]! - side.volatility[i]!) < 1e-5)) bad++;
    return bad / count;
  };
  for (const peer of npmPeers(side)) {
    for (const solver of peer.implied) {
      failures[solver.name] = worst(solver.solve(), solver.count);
      contenders[solver.name] = timed(solver.count, solver.solve);
    }
  }
  if (plainPeer) {
    await plainPeer.load([side.spot, side.strike, side.years, side.rate, side.volatility, side.price, side.isCall]);
    failures["C++ -O3 Let's Be Rational construction (our port)"] = worst(await plainPeer.results('implied'), strikes);
    contenders["C++ -O3 Let's Be Rational construction (our port)"] = () => plainPeer.time('implied 1');
  }
  if (qlPeer) {
    const count = options.quick ? 10_000 : 100_000;
    await qlPeer.load(
      ['spot', 'strike', 'years', 'rate', 'dividendYield', 'volatility', 'price', 'isCall'].map((name) =>
        side[name as keyof Flat].subarray(0, count),
      ),
    );
    failures['QuantLib blackFormulaImpliedStdDev 1e-10'] = worst(await qlPeer.results(`impliedStdDev ${count}`), count);
    contenders['QuantLib blackFormulaImpliedStdDev 1e-10'] = () => qlPeer.time(`impliedStdDev ${count}`);
  }
  const comparison = await compare(contenders, rounds);
  if (!options.json) show(`Implied volatility of ${strikes} strikes, ns per volatility`, comparison);
  return { ...comparison, ours: { found, of: strikes, largestRelativeError: ours }, partOffByMoreThan1e5: failures };
}
