/** What the pricing benchmark does on all threads: each job makes its own seeded share of the work and runs it on command. */
import { AmericanChainReader, buildPremiumSurface } from '#domain/pricing/americanChain';
import { ACCURATE, priceAmericanExact } from '#domain/pricing/americanExact';
import { allocateChainGreeks, chainGreeks, impliedVolatilityChain } from '#domain/pricing/chainKernel';
import { benchExpiries, flatten, quoteAll } from './pricingData.ts';
import { laidOut } from './simdKernels.ts';

/** One share of a job: how many items it has, and its run. */
export interface Share {
  readonly items: number;
  readonly run: () => void;
}

/** `size` is what the job counts: contracts, strikes, options. */
export const THREAD_JOBS = {
  greeks: (size: number, seed: number): Share => {
    const expiries = benchExpiries(size / 160, 80, seed);
    const simd = laidOut(expiries, 80);
    const out = allocateChainGreeks(80);
    return {
      items: size,
      run: () => {
        for (const [c, e] of expiries.entries()) {
          if (simd) simd.price(e, 80, 80 * c, 0);
          else chainGreeks(e, e.strikes, e.lnStrikes, e.volatilities, out);
        }
      },
    };
  },
  implied: (size: number, seed: number): Share => {
    const expiries = benchExpiries(size / 80, 80, seed);
    quoteAll(expiries, 80);
    const simd = laidOut(expiries, 80);
    const [volatilities, status] = [new Float64Array(80), new Uint8Array(80)];
    return {
      items: size,
      run: () => {
        for (const [c, e] of expiries.entries()) {
          if (simd) simd.imply(e, 80, 80 * c);
          else impliedVolatilityChain(e, e.strikes, e.callMids, e.putMids, volatilities, status);
        }
      },
    };
  },
  americanFast: (size: number, seed: number): Share => {
    const expiries = benchExpiries(size / 200, 100, seed, true);
    const surfaces = expiries.map((e) => {
      const range = { lowestVolatility: Math.min(...e.volatilities), highestVolatility: Math.max(...e.volatilities) };
      const { rate, dividendYield, years } = e;
      const of = (right: 'call' | 'put') => buildPremiumSurface({ right, rate, dividendYield, years, ...range });
      return [of('call'), of('put')] as const;
    });
    const european = allocateChainGreeks(100);
    const reader = new AmericanChainReader();
    const out = { callPrice: new Float64Array(100), putPrice: new Float64Array(100) };
    return {
      items: size,
      run: () => {
        for (const [c, e] of expiries.entries()) {
          const [calls, puts] = surfaces[c]!;
          chainGreeks(e, e.strikes, e.lnStrikes, e.volatilities, european);
          reader.price(e, e.strikes, e.lnStrikes, e.volatilities, european, calls, puts, out);
        }
      },
    };
  },
  americanPrecise: (size: number, seed: number): Share => {
    const flat = flatten(benchExpiries(Math.ceil(size / 200), 100, seed, true));
    const inputs = Array.from({ length: size }, (_, i) => ({
      right: flat.isCall[i] ? ('call' as const) : ('put' as const),
      spot: flat.spot[i]!,
      strike: flat.strike[i]!,
      years: flat.years[i]!,
      rate: flat.rate[i]!,
      dividendYield: flat.dividendYield[i]!,
      volatility: flat.volatility[i]!,
    }));
    return {
      items: size,
      run: () => {
        for (const input of inputs) priceAmericanExact(input, ACCURATE);
      },
    };
  },
} as const;

export type ThreadJob = keyof typeof THREAD_JOBS;
