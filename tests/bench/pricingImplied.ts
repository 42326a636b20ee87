/** Implied volatility against its peers: a million out-of-the-money strikes, and the corners where solvers fail. */
import { black76 } from '#domain/pricing/blackScholes';
import { impliedVolatilityChain } from '#domain/pricing/chainKernel';
import { type ChainWorkshop, typescriptChain } from '#domain/pricing/chainWork';
import { SimdChain } from '../../src-main/adapters/compute/simdChain.ts';
import type { NativePeer } from './nativePeer.ts';
import { npmPeers } from './npmPeers.ts';
import { benchExpiries, flatten, quoteAll } from './pricingData.ts';
import { KERNEL_FILE, laidOut } from './simdKernels.ts';
import { atMost, type BenchOptions, type Comparison, compare, holds, type Judged, show, type Timed, timed } from './timing.ts';

const STRIKES = 80;

/** The name of our kernel in WebAssembly. */
export const IMPLIED_SIMD = 'ours: WebAssembly SIMD';

/** The name of the C++ peer. */
export const RATIONAL = "C++ -O3 Let's Be Rational construction (our port)";

type Flat = ReturnType<typeof flatten>;

export async function impliedBench(
  rounds: number,
  plainPeer: NativePeer | null,
  qlPeer: NativePeer | null,
  options: BenchOptions,
): Promise<Comparison & Judged & Record<string, unknown>> {
  const expiries = benchExpiries(options.quick ? 1250 : 12_500, STRIKES, 20260919);
  quoteAll(expiries, STRIKES);
  const flat = flatten(expiries);
  const got = new Float64Array(STRIKES);
  const status = new Uint8Array(STRIKES);
  let found = 0;
  let ours = 0;
  for (const e of expiries) {
    found += impliedVolatilityChain(e, e.strikes, e.callMids, e.putMids, got, status);
    for (let i = 0; i < STRIKES; i++) ours = Math.max(ours, Math.abs(got[i]! / e.volatilities[i]! - 1));
  }
  const strikes = STRIKES * expiries.length;
  const contenders: Record<string, Timed> = {
    'ours: impliedVolatilityChain': timed(strikes, () => {
      for (const e of expiries) impliedVolatilityChain(e, e.strikes, e.callMids, e.putMids, got, status);
    }),
  };
  const simd = laidOut(expiries, STRIKES);
  let apart = 0;
  if (simd) {
    const all = () => {
      for (let c = 0; c < expiries.length; c++) simd.imply(expiries[c]!, STRIKES, c * STRIKES);
    };
    all();
    for (const [c, e] of expiries.entries()) {
      impliedVolatilityChain(e, e.strikes, e.callMids, e.putMids, got, status);
      for (let i = 0; i < STRIKES; i++) {
        const theirs = simd.volatilities[c * STRIKES + i]!;
        apart = Math.max(apart, simd.status[c * STRIKES + i] === status[i] ? Math.abs(theirs / got[i]! - 1) : 1);
      }
    }
    contenders[IMPLIED_SIMD] = timed(strikes, all);
  }
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
    failures[RATIONAL] = worst(await plainPeer.results('implied'), strikes);
    contenders[RATIONAL] = () => plainPeer.time('implied 1');
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
  const agreement = [
    holds('implied volatility: every strike has one', found === strikes),
    atMost('implied volatility: largest relative error (of the price, where it knows no better)', 1e-10, ours),
    atMost("implied volatility: strikes on which Let's Be Rational disagrees by 1e-5", 0, failures[RATIONAL]),
    atMost('implied volatility: failures in the corners (deep wings, one day, 800 %)', 0, cornerFailures(typescriptChain)),
    ...(simd
      ? [
          atMost('implied volatility, SIMD: largest difference to the TypeScript kernel', 1e-12, apart),
          atMost(
            'implied volatility, SIMD: failures in the corners',
            0,
            cornerFailures(SimdChain.workshop(KERNEL_FILE) ?? typescriptChain),
          ),
        ]
      : []),
  ];
  return { ...comparison, agreement, ours: { found, of: strikes, largestRelativeError: ours }, partOffByMoreThan1e5: failures };
}

/**
 * Corners: one day to two years, 5 to 800 %, up to 37 deviations out of the money, where prices are as small as 1e-300. Counts the
 * strikes with a price that get no volatility, or one that does not give the price back.
 */
function cornerFailures(workshop: ChainWorkshop): number {
  const count = 75;
  const work = workshop(count);
  const { strikes, volatilities: got, status } = work;
  let failures = 0;
  for (const years of [1 / 365, 7 / 365, 0.25, 2]) {
    for (const volatility of [0.05, 0.3, 1, 3, 8]) {
      const total = volatility * Math.sqrt(years);
      for (const right of ['call', 'put'] as const) {
        const side = right === 'call' ? 1 : -1;
        const at = (strike: number, sigma: number) =>
          black76({ right, forward: 100, strike, years, discount: 1, volatility: sigma });
        const [prices, others] = right === 'call' ? [work.callMids, work.putMids] : [work.putMids, work.callMids];
        others.fill(0);
        for (let i = 0; i < count; i++) {
          strikes[i] = 100 * Math.exp(side * 0.5 * i * total + (side < 0 ? -1e-9 : 0));
          prices[i] = at(strikes[i]!, volatility);
        }
        work.imply({ forward: 100, discount: 1, years }, count);
        for (let i = 0; i < count; i++) {
          if (!(prices[i]! > 0 && prices[i]! < Math.min(strikes[i]!, 100))) continue;
          const again = at(strikes[i]!, got[i]!);
          // Far out a last digit of the volatility is many of the price: d ln(price) = z² d ln(volatility).
          const allowed = 1e-13 * (1 + 0.25 * i * i);
          if (status[i] !== 0 || !(Math.abs(again / prices[i]! - 1) < allowed)) failures++;
        }
      }
    }
  }
  return failures;
}
