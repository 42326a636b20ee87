import { describe, expect, it } from 'vitest';
import { black76 } from '#domain/pricing/blackScholes';
import { expectedValue, lognormalDistribution, probabilityOfProfit } from '#domain/structures/probability';
import { butterflyReport } from '#domain/volatility/butterfly';
import { deltaAt, deltaSmile, pointAtDelta, skewQuotes } from '#domain/volatility/deltaSmile';
import { fitEssvi } from '#domain/volatility/essviCalibration';
import { mispricings } from '#domain/volatility/mispricing';
import { americanParityForward, type ParityQuotes, parityForward } from '#domain/volatility/parityForward';
import { type Smile, smileOf } from '#domain/volatility/smile';
import { largestPsi, rawFromSsvi } from '#domain/volatility/ssvi';
import { fitSurface, surfaceVolatility, updateSurface, violationsOf } from '#domain/volatility/surface';
import { quantilePrice, surfaceDistribution } from '#domain/volatility/surfaceDistribution';
import { type RawSvi, sviVariance, sviVolatility } from '#domain/volatility/svi';
import { fitSvi } from '#domain/volatility/sviCalibration';
import { put } from '#support/legs';

const truth: RawSvi = { a: 0.0005, b: 0.035, rho: -0.55, m: 0.01, sigma: 0.06 };
const months = 0.15;

/** Quotes of a whole chain priced from a smile, each side half of `width` away. */
function quotesFrom(
  raw: RawSvi,
  years: number,
  forward: number,
  discount: number,
  width = 0.04,
): { [Column in keyof ParityQuotes]: Float64Array } {
  const strikes = Float64Array.from({ length: 61 }, (_, i) => Math.round(forward * (0.7 + i * 0.01)));
  const price = (right: 'call' | 'put', strike: number): number =>
    black76({ right, forward, strike, years, discount, volatility: sviVolatility(raw, Math.log(strike / forward), years) });
  const side = (right: 'call' | 'put', shift: number): Float64Array =>
    strikes.map((strike) => Math.max(price(right, strike) + shift, 0));
  return {
    strikes,
    callBid: side('call', -width / 2),
    callAsk: side('call', width / 2),
    putBid: side('put', -width / 2),
    putAsk: side('put', width / 2),
  };
}

function smileFrom(raw: RawSvi, years: number, forward = 1000, width = 0.04): Smile {
  return smileOf(quotesFrom(raw, years, forward, 0.99, width), { forward, discount: 0.99 }, years);
}

describe('parity forward', () => {
  it('gives back forward and discount from quotes, and says so when it is told the rate', () => {
    const quotes = quotesFrom(truth, months, 1012.5, 0.994);
    const free = parityForward(quotes, { years: months });
    expect(free?.forward).toBeCloseTo(1012.5, 6);
    expect(free?.discount).toBeCloseTo(0.994, 9);
    const told = parityForward(quotes, { years: months, rate: -Math.log(0.994) / months });
    expect(told?.forward).toBeCloseTo(1012.5, 6);
    expect(told?.consistent).toBe(true);
  });

  it('calls contradicting quotes inconsistent, and too few quotes null', () => {
    const quotes = quotesFrom(truth, months, 1000, 1);
    const at = quotes.strikes.indexOf(1000);
    const callBid = Float64Array.from(quotes.callBid);
    const callAsk = Float64Array.from(quotes.callAsk);
    callBid[at]! += 5;
    callAsk[at]! += 5;
    expect(parityForward({ ...quotes, callBid, callAsk }, { years: months, rate: 0 })?.consistent).toBe(false);
    expect(parityForward({ ...quotes, putBid: new Float64Array(61) }, { years: months })).toBeNull();
  });
});

describe('parity of American quotes', () => {
  it('reads the forward next to the money: deep puts held at their exercise value do not pull it down', () => {
    const spot = 1000;
    const rate = 0.05;
    const quotes = quotesFrom(truth, months, spot * Math.exp(rate * months), Math.exp(-rate * months));
    const exercised = (column: Float64Array): Float64Array =>
      column.map((price, i) => Math.max(price, quotes.strikes[i]! - spot));
    const american = { ...quotes, putBid: exercised(quotes.putBid), putAsk: exercised(quotes.putAsk) };
    const near = americanParityForward(american, { years: months, rate });
    expect(Math.abs(near!.forward - spot * Math.exp(rate * months))).toBeLessThan(0.02);
    expect(parityForward(american, { years: months, rate, nearMoney: 0.3 })!.forward).toBeLessThan(near!.forward - 0.2);
    // Five strikes, a tenth of the spot apart: what there is is taken.
    const few = [0, 10, 20, 30, 40];
    const thin = (column: Float64Array): Float64Array => Float64Array.from(few, (i) => column[i]!);
    const sparse = {
      strikes: thin(quotes.strikes),
      callBid: thin(quotes.callBid),
      callAsk: thin(quotes.callAsk),
      putBid: thin(quotes.putBid),
      putAsk: thin(quotes.putAsk),
    };
    expect(americanParityForward(sparse, { years: months, rate })!.forward).toBeCloseTo(spot * Math.exp(rate * months), 6);
    expect(americanParityForward({ ...quotes, putBid: new Float64Array(61) }, { years: months, rate })).toBeNull();
  });
});

describe('SVI calibration', () => {
  it('finds a smile again from its own quotes, within a hundredth of a volatility point', () => {
    const fit = fitSvi(smileFrom(truth, months));
    for (const k of [-0.25, -0.1, 0, 0.05])
      expect(sviVolatility(fit!.raw, k, months)).toBeCloseTo(sviVolatility(truth, k, months), 4);
    expect(fit?.method).toBe('quasiExplicit');
    expect(fit?.medianError).toBeLessThan(1e-4);
  });

  it('makes an arbitrage-free smile of quotes that hide a butterfly arbitrage', () => {
    const vogt: RawSvi = { a: -0.041, b: 0.1331, rho: 0.306, m: 0.3586, sigma: 0.4153 };
    const k = Float64Array.from({ length: 41 }, (_, i) => -1 + i * 0.05);
    const mid = k.map((x) => sviVolatility(vogt, x, 1));
    const smile: Smile = {
      key: 'Vogt',
      years: 1,
      forward: 100,
      discount: 1,
      strikes: k.map((x) => 100 * Math.exp(x)),
      logMoneyness: k,
      bidVolatility: mid.map((x) => x - 0.002),
      midVolatility: mid,
      askVolatility: mid.map((x) => x + 0.002),
      isCall: Uint8Array.from(k, (x) => (x >= 0 ? 1 : 0)),
      leftOut: [],
    };
    const fit = fitSvi(smile);
    expect(fit?.method).toBe('penalised');
    expect(butterflyReport(fit!.raw).free).toBe(true);
    // The optimal repair of the paper misses by some tenths of a point; so may this one, but not by much more.
    expect(fit!.medianError).toBeLessThan(0.006);
  });

  it('refuses fewer than five quotes, and leaves out zero bids', () => {
    const quotes = quotesFrom(truth, months, 1000, 1);
    const only = {
      ...quotes,
      putBid: new Float64Array(61),
      callBid: quotes.callBid.map((bid, i) => (i >= 30 && i < 34 ? bid : 0)),
    };
    const smile = smileOf(only, { forward: 1000, discount: 1 }, months);
    expect(smile.strikes).toHaveLength(4);
    expect(smile.leftOut).toHaveLength(57);
    expect(smile.leftOut[0]).toEqual({ strike: 700, right: 'put', reason: 'zeroBid' });
    expect(fitSvi(smile)).toBeNull();
  });
});

describe('surfaces', () => {
  const at = (years: number): RawSvi => {
    const theta = 0.03 * years + 0.0004;
    return rawFromSsvi({ theta, rho: -0.5, psi: 0.6 * largestPsi(theta, -0.5) * Math.min(1, 0.5 + years) });
  };
  const tenors = [0.02, 0.08, 0.25, 0.5, 1, 2];
  const smiles = tenors.map((years) => smileFrom(at(years), years));

  it('fits eSSVI to all tenors without butterfly or calendar arbitrage', () => {
    const surface = fitEssvi(smiles);
    expect(surface).toHaveLength(6);
    expect(violationsOf(surface)).toEqual({ butterfly: [], calendar: [] });
    for (const tenor of surface) {
      expect(sviVolatility(tenor.raw, 0, tenor.years)).toBeCloseTo(sviVolatility(at(tenor.years), 0, tenor.years), 2);
    }
  });

  it('reports where and by how much two tenors cross', () => {
    const later = at(0.5);
    const crossed = violationsOf([
      { years: 0.25, raw: { ...later, a: later.a + 0.002 } },
      { years: 0.5, raw: later },
    ]);
    expect(crossed.calendar).toHaveLength(1);
    expect(crossed.calendar[0]?.excess).toBeCloseTo(0.002, 12);
  });

  it('interpolates total variance in time, and refits one tenor on new quotes without touching the others', () => {
    const surface = fitSurface(smiles);
    const between = surfaceVolatility(surface, -0.1, 0.375) ?? 0;
    const expected = Math.sqrt((sviVariance(at(0.25), -0.1) + sviVariance(at(0.5), -0.1)) / 2 / 0.375);
    expect(between).toBeCloseTo(expected, 3);
    const moved = smileFrom({ ...at(0.25), a: at(0.25).a + 0.001 }, 0.25);
    const updated = updateSurface(surface, moved);
    expect(updated.slices.map(({ years }) => years)).toEqual(tenors);
    expect(updated.slices[3]).toBe(surface.slices[3]);
    expect(sviVariance(updated.slices[2]!.raw, 0)).toBeCloseTo(sviVariance(at(0.25), 0) + 0.001, 4);
  });

  it('keeps the key of a smile that cannot be fitted', () => {
    const empty = smileOf(
      { ...quotesFrom(truth, 0.3, 1000, 1), callBid: new Float64Array(61), putBid: new Float64Array(61) },
      { forward: 1000, discount: 1 },
      0.3,
    );
    expect(fitSurface([empty, ...smiles]).unfitted).toEqual(['0.300000']);
  });
});

describe("the market's own law", () => {
  const slice = { years: months, forward: 1000, raw: truth };
  const law = surfaceDistribution(slice);

  it('prices every option as its smile does: E[(K - S)+] is the undiscounted put', () => {
    for (const strike of [700, 850, 950, 1000, 1050, 1200]) {
      const fair = black76({
        right: 'put',
        forward: 1000,
        strike,
        years: months,
        discount: 1,
        volatility: sviVolatility(truth, Math.log(strike / 1000), months),
      });
      expect(expectedValue([put(strike, 1)], -fair, law)).toBeCloseTo(0, 8);
    }
  });

  it('is a distribution: rising from 0 to 1 with its mean at the forward, and flat smiles give the lognormal', () => {
    const steps = Array.from({ length: 400 }, (_, i) => law.cdf(500 + i * 2.5));
    expect(steps.every((value, i) => i === 0 || value >= steps[i - 1]!)).toBe(true);
    expect([law.cdf(0), law.cdf(Number.POSITIVE_INFINITY), law.partialExpectation(Number.POSITIVE_INFINITY)]).toEqual([
      0, 1, 1000,
    ]);
    const flat = surfaceDistribution({ years: 1, forward: 100, raw: { a: 0.04, b: 0, rho: 0, m: 0, sigma: 0.1 } });
    const lognormal = lognormalDistribution({ forward: 100, years: 1, volatility: 0.2 });
    for (const price of [60, 95, 130]) {
      expect(flat.cdf(price)).toBeCloseTo(lognormal.cdf(price), 14);
      expect(flat.partialExpectation(price)).toBeCloseTo(lognormal.partialExpectation(price), 11);
    }
  });

  it('gives put spreads a lower probability of profit than the at-the-money lognormal when the skew is steep', () => {
    const flat = lognormalDistribution({ forward: 1000, years: months, volatility: sviVolatility(truth, 0, months) });
    const spread = [put(930, -1), put(920, 1)];
    expect(probabilityOfProfit(spread, 1.5, law)).not.toBeCloseTo(probabilityOfProfit(spread, 1.5, flat), 2);
    expect(law.cdf(800)).toBeGreaterThan(flat.cdf(800));
  });

  it('finds quantiles for the cone', () => {
    const low = quantilePrice(law, 1000, 0.05);
    expect(law.cdf(low)).toBeCloseTo(0.05, 8);
    expect(quantilePrice(law, 1000, 0.95)).toBeGreaterThan(low);
  });
});

describe('skew and mispricing', () => {
  it('finds strikes by delta, and puts dearer than calls under a negative correlation', () => {
    const point = pointAtDelta(truth, months, 'put', 0.25);
    expect(deltaAt(truth, months, 'put', point.logMoneyness)).toBeCloseTo(0.25, 10);
    expect(point.logMoneyness).toBeLessThan(0);
    const { riskReversal, butterfly, atTheMoney } = skewQuotes(truth, months);
    expect(riskReversal).toBeLessThan(-0.01);
    expect(butterfly).toBeGreaterThan(-0.002);
    expect(atTheMoney).toBe(sviVolatility(truth, 0, months));
    const smile = deltaSmile(truth, months);
    expect(smile).toHaveLength(13);
    expect(smile.every(({ logMoneyness }, i) => i === 0 || logMoneyness > smile[i - 1]!.logMoneyness)).toBe(true);
  });

  it('finds the one option that was made two points too dear, and nothing else', () => {
    const smile = smileFrom(truth, months);
    const at = smile.strikes.indexOf(950);
    const shifted = (column: Float64Array): Float64Array => column.map((value, i) => (i === at ? value + 0.02 : value));
    const tampered = {
      ...smile,
      bidVolatility: shifted(smile.bidVolatility),
      midVolatility: shifted(smile.midVolatility),
      askVolatility: shifted(smile.askVolatility),
    };
    const fit = fitSvi(tampered);
    const found = mispricings(tampered, fit!);
    expect(found).toHaveLength(1);
    expect(found[0]).toMatchObject({ strike: 950, right: 'put', verdict: 'dear' });
    expect(found[0]?.excess).toBeGreaterThan(0.015);
    expect(found[0]?.edge).toBeGreaterThan(0);
    expect(mispricings(smile, fitSvi(smile)!)).toEqual([]);
  });
});
