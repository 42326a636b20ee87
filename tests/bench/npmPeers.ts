/** The npm packages people use today for pricing and implied volatility. */
import { createRequire } from 'node:module';
import type { flatten } from './pricingData.ts';

interface UqeeOption {
  readonly price: number;
  readonly delta: number;
}
interface Uqee {
  option(input: { rate: number; sigma: number; strike: number; time: number; type: string; underlying: number }): UqeeOption;
  sigma(input: { rate: number; price: number; strike: number; time: number; type: string; underlying: number }): number;
}
type Pricer = (s: number, k: number, t: number, v: number, r: number, right: string) => number;
type Implied = (price: number, s: number, k: number, t: number, r: number, right: string) => number;

export interface NpmPeer {
  readonly name: string;
  /** How many contracts one run takes (slow peers take fewer). */
  readonly count: number;
  readonly greeks: () => void;
  readonly prices: () => Float64Array;
  readonly implied: readonly { readonly name: string; readonly count: number; readonly solve: () => Float64Array }[];
}

const require = createRequire(import.meta.url);

/** Everything a peer returned goes here, so that nothing is optimised away. */
export const sink = { value: 0 };

/** The peers over flat contract columns. */
export function npmPeers(flat: ReturnType<typeof flatten>): NpmPeer[] {
  const { spot, strike, years, rate, volatility, price, isCall } = flat;
  const right = (i: number) => (isCall[i] ? 'call' : 'put');
  const { BlackScholes } = require('@uqee/black-scholes') as { BlackScholes: new (options?: Record<string, unknown>) => Uqee };
  const { blackScholes } = require('black-scholes') as { blackScholes: Pricer };
  const greeks = require('greeks') as Record<'getDelta' | 'getGamma' | 'getVega' | 'getTheta' | 'getRho', Pricer>;
  const { getImpliedVolatility } = require('implied-volatility') as { getImpliedVolatility: Implied };
  const fast = Math.min(spot.length, 200_000);
  const slow = Math.min(spot.length, 4000);
  const uqee = new BlackScholes({ sigmaToPricePrecision: 'double' });
  const optionOf = (i: number) => ({
    rate: rate[i]!,
    sigma: volatility[i]!,
    strike: strike[i]!,
    time: years[i]!,
    type: right(i),
    underlying: spot[i]!,
  });
  const solverOf = (solver: Uqee, name: string) => ({
    name,
    count: Math.min(spot.length, 50_000),
    solve: () =>
      Float64Array.from({ length: Math.min(spot.length, 50_000) }, (_, i) =>
        solver.sigma({
          rate: rate[i]!,
          price: price[i]!,
          strike: strike[i]!,
          time: years[i]!,
          type: right(i),
          underlying: spot[i]!,
        }),
      ),
  });
  return [
    {
      name: '@uqee/black-scholes option()',
      count: fast,
      greeks: () => {
        for (let i = 0; i < fast; i++) sink.value += uqee.option(optionOf(i)).delta;
      },
      prices: () => Float64Array.from({ length: fast }, (_, i) => uqee.option(optionOf(i)).price),
      implied: [
        solverOf(
          new BlackScholes({ priceToSigmaMethod: 'bisection', priceToSigmaAccuracy: 1e-8, sigmaToPricePrecision: 'double' }),
          '@uqee bisection 1e-8',
        ),
        solverOf(
          new BlackScholes({ priceToSigmaMethod: 'newton-raphson', priceToSigmaAccuracy: 1e-8, sigmaToPricePrecision: 'double' }),
          '@uqee newton-raphson 1e-8',
        ),
      ],
    },
    {
      name: 'black-scholes + greeks',
      count: slow,
      greeks: () => {
        for (let i = 0; i < slow; i++) {
          const [s, k, t, v, r, side] = [spot[i]!, strike[i]!, years[i]!, volatility[i]!, rate[i]!, right(i)] as const;
          sink.value +=
            blackScholes(s, k, t, v, r, side) + greeks.getDelta(s, k, t, v, r, side) + greeks.getGamma(s, k, t, v, r, side);
          sink.value +=
            greeks.getVega(s, k, t, v, r, side) + greeks.getTheta(s, k, t, v, r, side) + greeks.getRho(s, k, t, v, r, side);
        }
      },
      prices: () =>
        Float64Array.from({ length: slow }, (_, i) =>
          blackScholes(spot[i]!, strike[i]!, years[i]!, volatility[i]!, rate[i]!, right(i)),
        ),
      implied: [
        {
          name: 'implied-volatility',
          count: 300,
          solve: () =>
            Float64Array.from({ length: 300 }, (_, i) =>
              getImpliedVolatility(price[i]!, spot[i]!, strike[i]!, years[i]!, rate[i]!, right(i)),
            ),
        },
      ],
    },
  ];
}
