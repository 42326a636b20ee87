import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { butterflyReport, durrleman, logDensity } from '#domain/volatility/butterfly';
import { fillSsviVolatilities, largestPsi, rawFromSsvi } from '#domain/volatility/ssvi';
import {
  jumpWingsFromRaw,
  naturalFromRaw,
  type RawSvi,
  rawFromJumpWings,
  rawFromNatural,
  sviPoint,
  sviVariance,
  sviVolatility,
} from '#domain/volatility/svi';
import { referenceText } from '#support/referenceData';

/** Vogt's smile: Gatheral and Jacquier (2014), example 3.1, the standard case of butterfly arbitrage. */
const vogt: RawSvi = { a: -0.041, b: 0.1331, rho: 0.306, m: 0.3586, sigma: 0.4153 };

const anyRaw = fc
  .record({
    least: fc.double({ min: 0.001, max: 0.2, noNaN: true }),
    b: fc.double({ min: 0.01, max: 0.8, noNaN: true }),
    rho: fc.double({ min: -0.95, max: 0.95, noNaN: true }),
    m: fc.double({ min: -0.4, max: 0.4, noNaN: true }),
    sigma: fc.double({ min: 0.02, max: 1, noNaN: true }),
  })
  .map(({ least, b, rho, m, sigma }): RawSvi => ({ a: least - b * sigma * Math.sqrt(1 - rho * rho), b, rho, m, sigma }));

const closeTo = (found: RawSvi, wanted: RawSvi, digits: number): void => {
  for (const key of ['a', 'b', 'rho', 'm', 'sigma'] as const) expect(found[key]).toBeCloseTo(wanted[key], digits);
};

describe('SVI', () => {
  it("Vogt's numbers: variances, slopes, skew and volatilities of the published tables", () => {
    expect(sviVariance(vogt, 0)).toBeCloseTo(0.01742625256, 11);
    expect(sviVariance(vogt, -1.5)).toBeCloseTo(0.1367819611, 10);
    expect(sviVariance(vogt, 0.4)).toBeCloseTo(0.01623656962, 11);
    expect(sviVolatility(vogt, -0.2, 1)).toBeCloseTo(0.1699864855, 10);
    expect(sviVolatility(vogt, 0.7, 1)).toBeCloseTo(0.210857945, 9);
    const wings = jumpWingsFromRaw(vogt, 1);
    expect([wings.v, wings.psi, wings.p, wings.c, wings.vTilde].map((x) => Number(x.toPrecision(7)))).toEqual([
      0.01742625, -0.1752111, 0.6997381, 1.316798, 0.0116249,
    ]);
  });

  it('the same against the reference file, with g of Durrleman and its negative stretch', () => {
    const text = referenceText('reference/svi_reference.json');
    if (text === null) {
      expect(logDensity(0.9, sviPoint(vogt, 0.9))).toBeLessThan(0);
      return;
    }
    const { vogt_more_digits: more, quantlib_svi_section: section } = JSON.parse(text);
    const wings = jumpWingsFromRaw(vogt, 1);
    expect(wings.c).toBeCloseTo(more.call_slope, 8);
    expect(wings.p).toBeCloseTo(more.put_slope, 8);
    expect(wings.psi).toBeCloseTo(more.skew_atm, 9);
    expect(wings.vTilde).toBeCloseTo(more.min_variance, 10);
    const rows = (table: Record<string, number>): [number, number][] =>
      Object.entries(table).map(([k, value]) => [Number(k), value]);
    for (const [k, value] of rows(more.total_var)) expect(sviVariance(vogt, k)).toBeCloseTo(value, 10);
    for (const [k, value] of rows(more.implied_var)) expect(sviVariance(vogt, k)).toBeCloseTo(value, 10);
    for (const [k, value] of rows(more.implied_vol)) expect(sviVolatility(vogt, k, 1)).toBeCloseTo(value, 9);
    for (const [k, value] of rows(more.rn_density)) expect(durrleman(k, sviPoint(vogt, k))).toBeCloseTo(value, 9);
    const { a, b, rho, m, sigma } = section;
    expect(sviVariance({ a, b, rho, m, sigma }, m)).toBeCloseTo(a + b * sigma, 15);
  });

  it('the butterfly check finds the arbitrage near k = 0.8 and says by how much', () => {
    const report = butterflyReport(vogt);
    expect(report.free).toBe(false);
    expect(report.worst).toBeCloseTo(-0.0329, 4);
    expect(report.violations).toHaveLength(1);
    const [{ from, to } = { from: 0, to: 0 }] = report.violations;
    expect(from).toBeGreaterThan(0.5);
    expect(to).toBeLessThan(1.3);
    expect(report.at).toBeGreaterThan(from);
    expect(report.at).toBeLessThan(to);
  });

  it("both repairs of the paper's example 5.1 are free of it", () => {
    const wings = jumpWingsFromRaw(vogt, 1);
    const repairs = [
      { c: 0.3493158, vTilde: 0.01548182 },
      { c: 0.8564763, vTilde: 0.0116249 },
    ];
    for (const repair of repairs) {
      // Both sit at the edge: the digits printed in the paper leave g within a few 1e-4 of zero.
      const report = butterflyReport(rawFromJumpWings({ ...wings, ...repair }));
      expect(report.worst).toBeGreaterThan(-1e-3);
      expect(report.leastVariance).toBeGreaterThan(0);
    }
    // The guaranteed repair's c and least variance follow from the others: c' = p + 2 psi, v~' = v 4 p c' / (p + c')².
    const c = wings.p + 2 * wings.psi;
    expect(c).toBeCloseTo(0.3493158, 6);
    expect((wings.v * 4 * wings.p * c) / (wings.p + c) ** 2).toBeCloseTo(0.01548182, 7);
  });

  it("Lee's bound: a wing steeper than two is reported", () => {
    const report = butterflyReport({ a: 0.04, b: 1.5, rho: 0.5, m: 0, sigma: 0.5 });
    expect(report.steepestSlope).toBe(2.25);
    expect(report.free).toBe(false);
  });

  it('property: raw, natural and jump-wings forms are one smile', () => {
    fc.assert(
      fc.property(anyRaw, fc.double({ min: 0.01, max: 3, noNaN: true }), (raw, years) => {
        closeTo(rawFromNatural(naturalFromRaw(raw)), raw, 9);
        // With the least variance at the money jump-wings numbers do not fix the curvature.
        fc.pre(Math.abs(raw.m - (raw.rho * raw.sigma) / Math.sqrt(1 - raw.rho * raw.rho)) > 0.02 * raw.sigma);
        const again = rawFromJumpWings(jumpWingsFromRaw(raw, years));
        for (const k of [-1, -0.3, 0, 0.2, 0.9]) expect(sviVariance(again, k) / sviVariance(raw, k)).toBeCloseTo(1, 5);
      }),
      { numRuns: 1000, seed: 1 },
    );
  });

  it('refuses jump-wings numbers that no smile has or that leave it undetermined', () => {
    const wings = jumpWingsFromRaw(vogt, 1);
    expect(() => rawFromJumpWings({ ...wings, psi: 0.8 })).toThrow(/no SVI smile/);
    expect(() => rawFromJumpWings({ ...wings, vTilde: wings.v })).toThrow(/least variance/);
  });

  it('property: slope and curvature are the derivatives', () => {
    fc.assert(
      fc.property(anyRaw, fc.double({ min: -1, max: 1, noNaN: true }), (raw, k) => {
        const h = 1e-4 * raw.sigma;
        const { slope, curvature } = sviPoint(raw, k);
        expect((sviVariance(raw, k + h) - sviVariance(raw, k - h)) / (2 * h)).toBeCloseTo(slope, 5);
        const bend = (sviPoint(raw, k + h).slope - sviPoint(raw, k - h).slope) / (2 * h);
        expect(Math.abs(bend - curvature)).toBeLessThan(1e-5 * (1 + curvature));
      }),
      { numRuns: 500, seed: 2 },
    );
  });

  it('an SSVI slice filled strike by strike is its raw form', () => {
    const slice = { theta: 0.03, rho: -0.6, psi: 0.2 };
    const lnStrikes = Float64Array.from([60, 80, 95, 100, 120, 180], Math.log);
    const out = new Float64Array(4);
    fillSsviVolatilities({ ...slice, phi: slice.psi / slice.theta }, Math.log(101), 0.4, lnStrikes, 1, 5, out);
    const raw = rawFromSsvi(slice);
    for (const [i, volatility] of out.entries()) {
      expect(volatility).toBeCloseTo(sviVolatility(raw, lnStrikes[i + 1]! - Math.log(101), 0.4), 13);
    }
  });
  it('property: an SSVI slice within its bound never has butterfly arbitrage', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 1e-4, max: 1, noNaN: true }),
        fc.double({ min: -0.95, max: 0.95, noNaN: true }),
        fc.double({ min: 0.01, max: 0.999, noNaN: true }),
        (theta, rho, share) => {
          expect(butterflyReport(rawFromSsvi({ theta, rho, psi: share * largestPsi(theta, rho) })).free).toBe(true);
        },
      ),
      { numRuns: 300, seed: 3 },
    );
  });

  it('property: the density of a free slice integrates to one', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.005, max: 0.3, noNaN: true }),
        fc.double({ min: -0.8, max: 0.5, noNaN: true }),
        (theta, rho) => {
          const raw = rawFromSsvi({ theta, rho, psi: 0.8 * largestPsi(theta, rho) });
          let mass = 0;
          const step = 0.002;
          for (let k = -12; k <= 6; k += step) mass += logDensity(k, sviPoint(raw, k)) * step;
          expect(mass).toBeCloseTo(1, 3);
          expect(durrleman(0, sviPoint(raw, 0))).toBeGreaterThan(0);
        },
      ),
      { numRuns: 20, seed: 4 },
    );
  });
});
