import { describe, expect, it } from 'vitest';
import { butterflyReport } from '#domain/volatility/butterfly';
import type { Smile } from '#domain/volatility/smile';
import { fitSvi } from '#domain/volatility/sviCalibration';
import { referenceText } from '#support/referenceData';

interface PublishedSlice {
  readonly strikes?: number[];
  readonly vols?: number[];
  readonly volatility?: number[];
  readonly tte: number;
  readonly forward: number;
}

/** A published smile as quotes half a volatility point wide each way of its mid; per cent become fractions. */
function smileOfSlice(key: string, { strikes = [], vols, volatility, tte, forward }: PublishedSlice): Smile {
  const raw = vols ?? volatility ?? [];
  const mid = Float64Array.from(raw, (value) => (Math.max(...raw) > 5 ? value / 100 : value));
  return {
    key,
    years: tte,
    forward,
    discount: 1,
    strikes: Float64Array.from(strikes),
    logMoneyness: Float64Array.from(strikes, (strike) => Math.log(strike / forward)),
    bidVolatility: mid.map((value) => value - 0.005),
    midVolatility: mid,
    askVolatility: mid.map((value) => value + 0.005),
    isCall: Uint8Array.from(strikes, (strike) => (strike >= forward ? 1 : 0)),
    leftOut: [],
  };
}

/** Largest root-mean-square error in volatility that a slice may keep: the papers' own SVI fits leave about as much. */
const LARGEST_ERROR: Record<string, number> = {
  'svi-bad': 0.004,
  jaeckel1: 0.005,
  jaeckel2: 0.007,
  AAPL4days: 0.016,
  SPX1m: 0.008,
};

describe('smiles published by Le Floch and others', () => {
  it('are fitted without butterfly arbitrage, close to their marks', () => {
    const text = referenceText('reference/vol_smile_slices_aqfed.json');
    const sets: Record<string, PublishedSlice> = text === null ? {} : JSON.parse(text).sets;
    const found: string[] = [];
    for (const [key, limit] of Object.entries(LARGEST_ERROR)) {
      const slice = sets[key];
      if (!slice) continue;
      const fit = fitSvi(smileOfSlice(key, slice));
      expect(fit, key).not.toBeNull();
      if (fit === null) continue;
      expect(butterflyReport(fit.raw).free, key).toBe(true);
      const rms = Math.sqrt(fit.residuals.reduce((sum, value) => sum + value * value, 0) / fit.residuals.length);
      found.push(`${key} ${fit.method} ${rms.toFixed(4)}`);
      expect(rms, key).toBeLessThan(limit);
    }
    console.log(found.join('; '));
  });

  /** Le Floch, AQFED.jl (MIT), set 'svi-bad': a smile that turns up steeply on the call side. Per cent, forward 1, one year. */
  const bad: PublishedSlice = {
    strikes: [0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.925, 0.95, 0.975, 1, 1.025, 1.05, 1.075, 1.1, 1.15, 1.2, 1.3, 1.4, 1.5],
    volatility: [39.8, 34.9, 30.8, 27.4, 25.9, 24.5, 23.8, 23.1, 22.3, 21.5, 20.7, 19.8, 19, 18.2, 16.6, 15.4, 14.3, 14.7, 15.6],
    tte: 1,
    forward: 1,
  };

  it("the 'bad' one too, within a third of a point in the median", () => {
    const fit = fitSvi(smileOfSlice('svi-bad', bad));
    expect(butterflyReport(fit!.raw).free).toBe(true);
    expect(fit!.medianError).toBeLessThan(0.0035);
  });
});
