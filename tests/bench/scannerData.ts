/** A seeded universe for the scanner benchmark: chains quoted around model prices with a smile, spreads and liquidity. */
import { allocateChainGreeks, chainGreeks } from '#domain/pricing/chainKernel';
import type { Universe } from '#domain/structures/scan/universe';
import { uniform } from './pricingData.ts';

/** Days to expiration of the twelve expiries of every underlying. */
const DAYS = [2, 7, 14, 21, 30, 45, 60, 90, 120, 180, 270, 365];

export function fillUniverse(universe: Universe, seed: number): void {
  const { expiries, strikesEach: n, strikes, terms } = universe;
  const random = uniform(seed);
  const out = allocateChainGreeks(n);
  let spot = 100;
  let level = 0.25;
  for (let e = 0; e < expiries; e++) {
    if (e % DAYS.length === 0) {
      spot = 20 + 480 * random();
      level = 0.12 + 0.5 * random() ** 2;
    }
    const years = DAYS[e % DAYS.length]! / 365;
    const discount = Math.exp(-0.04 * years);
    const forward = spot / discount;
    const deviation = level * Math.sqrt(years);
    const from = e * n;
    const own = strikes.strike.subarray(from, from + n);
    const volatilities = new Float64Array(n);
    for (let i = 0; i < n; i++) {
      const z = 2.6 * ((2 * i) / (n - 1) - 1);
      own[i] = forward * Math.exp(z * deviation);
      strikes.lnStrike[from + i] = Math.log(own[i]!);
      volatilities[i] = level * (1 - 0.04 * z + 0.015 * z * z);
    }
    terms.spot[e] = spot;
    terms.forward[e] = forward;
    terms.discount[e] = discount;
    terms.years[e] = years;
    terms.forecastVolatility[e] = level * (0.85 + 0.2 * random());
    chainGreeks({ spot, forward, discount, years }, own, strikes.lnStrike.subarray(from, from + n), volatilities, out);
    for (let i = 0; i < n; i++) {
      for (const [bid, ask, liquidity, price] of [
        [strikes.callBid, strikes.callAsk, strikes.callLiquidity, out.callPrice[i]!],
        [strikes.putBid, strikes.putAsk, strikes.putLiquidity, out.putPrice[i]!],
      ] as const) {
        const half = 0.01 + 0.015 * price * random();
        const middle = price * (1 + 0.004 * (random() - 0.5));
        bid[from + i] = Math.max(0, middle - half);
        ask[from + i] = middle + half;
        liquidity[from + i] = 0.2 + 0.8 * random();
      }
    }
  }
}
