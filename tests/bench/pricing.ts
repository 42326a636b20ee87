/**
 * Pricing against its peers, one thread, same contracts, outputs compared before timing: the npm packages in use today, a plain
 * C++ -O3 loop, a C++ port of the Let's Be Rational construction and QuantLib's engines (the last three when they compile here).
 */
import { allocateChainGreeks, chainGreeks } from '#domain/pricing/chainKernel';
import { run as monteCarloBench } from './monteCarlo.ts';
import { compile, NativePeer } from './nativePeer.ts';
import { npmPeers } from './npmPeers.ts';
import { americanBench, QL_BAW, QL_FAST } from './pricingAmerican.ts';
import { type BenchExpiry, benchExpiries, flatten, quoteAll } from './pricingData.ts';
import { IMPLIED_SIMD, impliedBench, RATIONAL } from './pricingImplied.ts';
import { quotesBench } from './pricingQuotes.ts';
import { threadsBench } from './pricingThreads.ts';
import { builtKernels, laidOut } from './simdKernels.ts';
import {
  atLeast,
  atMost,
  type BenchOptions,
  type BenchResult,
  type Comparison,
  compare,
  type Goal,
  type Judged,
  largestDifference,
  show,
  showGoals,
  type Timed,
  timed,
} from './timing.ts';

const STRIKES = 80;

export async function run(options: BenchOptions): Promise<BenchResult & Record<string, unknown>> {
  const rounds = options.quick ? 3 : 9;
  await builtKernels();
  const expiries = benchExpiries(options.quick ? 625 : 6250, STRIKES, 20260918);
  const contracts = 2 * STRIKES * expiries.length;
  quoteAll(expiries, STRIKES);
  const flat = flatten(expiries);
  const plain = compile('plain.cpp', ['-O3']);
  const quantlib = compile('quantlib.cpp', ['-O2', '-lQuantLib']);
  const plainPeer = 'program' in plain ? new NativePeer(plain.program) : null;
  const qlPeer = 'program' in quantlib ? new NativePeer(quantlib.program) : null;
  const { spot, strike, years, rate, volatility, price, isCall } = flat;
  await plainPeer?.load([spot, strike, years, rate, volatility, price, isCall]);
  const missing = { plain: 'missing' in plain ? plain.missing : null, quantlib: 'missing' in quantlib ? quantlib.missing : null };
  if (!options.json)
    for (const [name, why] of Object.entries(missing)) if (why !== null) console.log(`missing: C++ peer ${name} (${why})`);

  const european = await europeanBench(expiries, flat, contracts, rounds, plainPeer, qlPeer, options);
  const implied = await impliedBench(rounds, plainPeer, qlPeer, options);
  const american = await americanBench(rounds, qlPeer, options);
  plainPeer?.close();
  qlPeer?.close();
  const threads = await threadsBench(options.quick ? 3 : 7, options);
  const quotes = await quotesBench(rounds, options);
  const monteCarlo = await monteCarloBench({ ...options, json: true });
  const agreement = [
    ...european.agreement,
    ...implied.agreement,
    ...american.agreement,
    ...quotes.agreement,
    ...monteCarlo.agreement,
  ];
  const goals = [...pricingGoals(european, implied, american), ...monteCarlo.goals];
  if (!options.json) showGoals([...agreement, ...goals]);
  return { agreement, goals, contracts, missing, european, implied, american, threads, quotes, monteCarlo };
}

/** European prices and implied volatilities are judged on the faster of our two kernels. */
function pricingGoals(european: Comparison, implied: Comparison, american: Comparison): Goal[] {
  const simd = 'ours: WebAssembly SIMD';
  const ours = european.ns[simd] === undefined ? 'ours: chainGreeks (price + 5 greeks)' : simd;
  const european5 = (goal: string, wanted: number, peer: string) => atLeast(goal, wanted, european.times(peer, ours));
  const chain = 'ours: whole expiry, surfaces built';
  return [
    european5('chain price + 5 greeks: times faster than @uqee/black-scholes', 8, '@uqee/black-scholes option()'),
    european5('chain: than the textbook C++ -O3 loop', 6, 'C++ -O3 textbook loop'),
    european5('chain: than QuantLib option objects', 200, 'QuantLib VanillaOption + AnalyticEuropeanEngine'),
    european5('chain: than black-scholes + greeks', 1500, 'black-scholes + greeks'),
    atMost(
      "implied volatility: share of the time of C++ Let's Be Rational's construction",
      0.5,
      implied.times(implied.ns[IMPLIED_SIMD] === undefined ? 'ours: impliedVolatilityChain' : IMPLIED_SIMD, RATIONAL),
    ),
    atLeast('American expiry: times faster than QuantLib Barone-Adesi-Whaley', 4, american.times(QL_BAW, chain)),
    atLeast('American expiry, surfaces built: than QuantLib QdFp fast', 10, american.times(QL_FAST, chain)),
    atLeast(
      'American expiry, quick surfaces built anew: than QuantLib QdFp fast',
      10,
      american.times(QL_FAST, 'ours: whole expiry, quick surfaces built anew'),
    ),
    {
      ...atLeast('American, one by one: than QuantLib QdFp fast', 10, american.times(QL_FAST, 'ours: priceAmerican, one by one')),
      limit:
        'one option alone costs some 430 distribution functions and 200 exponentials whoever computes them: ten times less would be 3 ns each, where a division takes 2; Math.exp inline (a sixth of the time) gained nothing; the order of magnitude comes from sharing',
    },
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
): Promise<Comparison & Judged & Record<string, unknown>> {
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
  const simd = simdContender(expiries, contracts, price);
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
    contenders['C++ -O3 textbook loop'] = () => plainPeer.time('textbook 3');
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
  const agreement = [
    atMost('European: largest price difference to any peer, relative', 1e-10, Math.max(...Object.values(differences))),
    ...(simd ? [atMost('WebAssembly SIMD: largest difference to the TypeScript kernel', 1e-12, simd.difference)] : []),
  ];
  return { ...comparison, agreement, largestPriceDifference: differences };
}

/** The SIMD kernel over all expiries laid out in its memory. */
function simdContender(
  expiries: readonly BenchExpiry[],
  contracts: number,
  price: Float64Array,
): { run: Timed; difference: number } | null {
  const simd = laidOut(expiries, STRIKES);
  if (!simd) return null;
  const got = new Float64Array(contracts);
  for (const [c, e] of expiries.entries()) {
    simd.price(e, STRIKES, c * STRIKES);
    for (let i = c * STRIKES; i < (c + 1) * STRIKES; i++) {
      got[2 * i] = simd.greeks.callPrice[i]!;
      got[2 * i + 1] = simd.greeks.putPrice[i]!;
    }
  }
  // Timed like the TypeScript kernel: every expiry overwrites the results of the one before.
  const all = () => {
    for (let c = 0; c < expiries.length; c++) simd.price(expiries[c]!, STRIKES, c * STRIKES, 0);
  };
  return { run: timed(contracts, all), difference: largestDifference(got, price) };
}
