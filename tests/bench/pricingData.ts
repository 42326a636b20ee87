/** The data every contender of the pricing benchmark prices: whole expiries, seeded, within +-3.3 deviations of the forward. */
import { allocateChainGreeks, chainGreeks, logStrikes } from '#domain/pricing/chainKernel';

/** A small seeded generator (mulberry32), uniform in [0, 1). */
export function uniform(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let z = Math.imul(state ^ (state >>> 15), state | 1);
    z ^= z + Math.imul(z ^ (z >>> 7), z | 61);
    return ((z ^ (z >>> 14)) >>> 0) / 2 ** 32;
  };
}

export interface BenchExpiry {
  readonly spot: number;
  readonly forward: number;
  readonly discount: number;
  readonly years: number;
  readonly rate: number;
  readonly dividendYield: number;
  readonly strikes: Float64Array;
  readonly lnStrikes: Float64Array;
  readonly volatilities: Float64Array;
  readonly callMids: Float64Array;
  readonly putMids: Float64Array;
}

/** `count` expiries of `strikesEach` strikes: 1 day to 2 years, volatilities 8 to 108 %, a smile, no dividend yield unless asked. */
export function benchExpiries(count: number, strikesEach: number, seed: number, yields = false): BenchExpiry[] {
  const random = uniform(seed);
  // One block a column, as a universe has it: expiries are views on it.
  const [strikesAll, lnAll, volatilitiesAll, callsAll, putsAll] = Array.from(
    { length: 5 },
    () => new Float64Array(count * strikesEach),
  );
  return Array.from({ length: count }, (_, index) => {
    const view = (column: Float64Array | undefined): Float64Array =>
      column!.subarray(index * strikesEach, (index + 1) * strikesEach);
    const spot = 20 + 480 * random();
    const years = Math.max(1, Math.round(730 * random() ** 2)) / 365;
    const rate = 0.01 + 0.05 * random();
    const dividendYield = yields ? 0.04 * random() : 0;
    const level = 0.08 + random() ** 2;
    const deviation = level * Math.sqrt(years);
    const forward = spot * Math.exp((rate - dividendYield) * years);
    const strikes = view(strikesAll);
    const volatilities = view(volatilitiesAll);
    for (let i = 0; i < strikesEach; i++) {
      const strike = forward * Math.exp(3.3 * deviation * ((2 * i) / (strikesEach - 1) - 1));
      strikes[i] = strike;
      volatilities[i] = level * (1 + 0.02 * (Math.log(strike / forward) / deviation) ** 2);
    }
    return {
      spot,
      forward,
      discount: Math.exp(-rate * years),
      years,
      rate,
      dividendYield,
      strikes,
      lnStrikes: logStrikes(strikes, view(lnAll)),
      volatilities,
      callMids: view(callsAll),
      putMids: view(putsAll),
    };
  });
}

/** Fills the mids of every expiry with model prices. */
export function quoteAll(expiries: readonly BenchExpiry[], strikesEach: number): void {
  const out = allocateChainGreeks(strikesEach);
  for (const e of expiries) {
    chainGreeks(e, e.strikes, e.lnStrikes, e.volatilities, out);
    e.callMids.set(out.callPrice);
    e.putMids.set(out.putPrice);
  }
}

/** The same contracts as flat columns (call and put of every strike): spot, strike, years, rate, yield, volatility, price, isCall. */
export function flatten(
  expiries: readonly BenchExpiry[],
): Record<'spot' | 'strike' | 'years' | 'rate' | 'dividendYield' | 'volatility' | 'price' | 'isCall', Float64Array> {
  const n = expiries.reduce((sum, e) => sum + 2 * e.strikes.length, 0);
  const column = () => new Float64Array(n);
  const out = {
    spot: column(),
    strike: column(),
    years: column(),
    rate: column(),
    dividendYield: column(),
    volatility: column(),
    price: column(),
    isCall: column(),
  };
  let at = 0;
  for (const expiry of expiries) {
    for (let i = 0; i < expiry.strikes.length; i++) {
      for (const isCall of [1, 0]) {
        out.spot[at] = expiry.spot;
        out.strike[at] = expiry.strikes[i]!;
        out.years[at] = expiry.years;
        out.rate[at] = expiry.rate;
        out.dividendYield[at] = expiry.dividendYield;
        out.volatility[at] = expiry.volatilities[i]!;
        out.price[at] = (isCall ? expiry.callMids : expiry.putMids)[i]!;
        out.isCall[at] = isCall;
        at++;
      }
    }
  }
  return out;
}
