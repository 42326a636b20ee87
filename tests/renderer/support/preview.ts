import type { OrderPreview } from '#contract/chain';
import { parseOccSymbol } from '#domain/market/instrument';
import { type Cents, centsFromDollars } from '#domain/units';
import { quoteOf, spotOf } from './market.ts';

interface Leg {
  readonly symbol: string;
  readonly ratio: number;
}

const gate = (gateName: string, passed: boolean, value: number, limit: number, unit: string) => ({
  gate: gateName,
  passed,
  value,
  limit,
  unit,
});

/** The figures of a ticket, worked out from the scripted chain well enough to look at. */
export function previewOf(legs: readonly Leg[], contracts: number, netLimit: number | null, tick: number): OrderPreview {
  const quoted = legs.map((leg) => ({ ...leg, quote: quoteOf(leg.symbol, tick), parts: parseOccSymbol(leg.symbol) }));
  const spot = spotOf(quoted[0]?.parts?.root ?? 'SPY', tick);
  const mid = -quoted.reduce((sum, leg) => sum + leg.ratio * (((leg.quote?.bid ?? 0) + (leg.quote?.ask ?? 0)) / 2), 0);
  const natural = -quoted.reduce((sum, leg) => sum + leg.ratio * ((leg.ratio > 0 ? leg.quote?.ask : leg.quote?.bid) ?? 0), 0);
  const credit = netLimit ?? mid;
  const valueAt = (price: number) =>
    quoted.reduce((sum, leg) => {
      const strike = leg.parts?.strike ?? 0;
      return sum + leg.ratio * Math.max(0, leg.parts?.right === 'call' ? price - strike : strike - price);
    }, 0);
  const profitAt = (price: number) => centsFromDollars((credit + valueAt(price)) * 100 * contracts);
  const grid = Array.from({ length: 121 }, (_, index) => Math.round(spot * (0.85 + index * 0.0025) * 100) / 100);
  const payoff = grid.map((price) => ({
    spot: price,
    atExpiration: profitAt(price),
    now: profitAt(price) * 0.45 + profitAt(spot) * 0.1,
  }));
  const profits = payoff.map((point) => point.atExpiration);
  const nakedCalls = quoted.reduce((sum, leg) => sum + (leg.parts?.right === 'call' ? leg.ratio : 0), 0) < 0;
  const maxLoss: Cents | null = nakedCalls ? null : centsFromDollars(Math.max(0, -Math.min(...profits)) / 100);
  const maxProfit = centsFromDollars(Math.max(...profits) / 100);
  const breakevens = grid.filter((price, index) => index > 0 && profitAt(price) >= 0 !== profitAt(grid[index - 1] ?? price) >= 0);
  const gates = [
    gate('definedRisk', !nakedCalls, nakedCalls ? 0 : 1, 1, 'flag'),
    gate('quoteAge', true, 1.2, 10, 'seconds'),
    gate('priceCollar', true, Math.abs(credit - mid), 0.31, 'dollars'),
    gate('riskPerTrade', (maxLoss ?? Number.POSITIVE_INFINITY) <= 200_000, maxLoss ?? 0, 200_000, 'cents'),
    gate('buyingPower', true, 0.18, 0.5, 'fraction'),
    gate('positionsPerSymbol', true, 2, 3, 'positions'),
    gate('marketHours', true, 1, 1, 'flag'),
    gate('duplicate', true, 0, 0, 'count'),
  ];
  const failed = gates.filter((entry) => !entry.passed);
  const perUnit = (maxLoss ?? 0) / contracts;
  const wouldGo =
    failed.length === 0 ? contracts : failed.some((entry) => entry.gate !== 'riskPerTrade') ? 0 : Math.floor(200_000 / perUnit);
  return {
    structure:
      legs.length === 1
        ? 'single option'
        : legs.length === 2
          ? 'vertical spread'
          : legs.length === 4
            ? 'iron condor'
            : 'combination',
    midCredit: Math.round(mid * 100) / 100,
    naturalCredit: Math.round(natural * 100) / 100,
    tick: 0.01,
    maxProfit,
    maxLoss,
    breakevens,
    probabilityOfProfit: 0.712,
    expectedValue: centsFromDollars(credit * 100 * contracts * 0.08),
    forecastModel: 'lognormal forecast, half realised half implied',
    buyingPowerEffect: centsFromDollars(-(maxLoss ?? 1_250_000) / 100),
    fees: centsFromDollars(legs.length * contracts * 0.06),
    greeks: {
      deltaShares: quoted.reduce((sum, leg) => sum + leg.ratio * (leg.quote?.delta ?? 0) * 100, 0) * contracts,
      gamma: -0.4,
      thetaDollarsPerDay: quoted.reduce((sum, leg) => sum + leg.ratio * (leg.quote?.thetaPerDay ?? 0) * 100, 0) * contracts,
      vegaDollarsPerPoint: quoted.reduce((sum, leg) => sum + leg.ratio * (leg.quote?.vegaPerPoint ?? 0) * 100, 0) * contracts,
    },
    payoff,
    gates,
    wouldPass: failed.length === 0,
    wouldGo,
    failedBy: failed.map((entry) => entry.gate),
  };
}
