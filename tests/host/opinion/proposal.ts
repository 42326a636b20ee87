import type { Decision } from '#domain/decisions/decision';
import { instant, isoDate } from '#domain/units';

/** A put spread that waits for its owner, with a word in every field that is text. */
export function proposal(decisionId = 'd7', underlying = 'XYZ'): Decision {
  return {
    decisionId,
    at: instant(1_767_625_200_000),
    scanId: 3,
    strategyId: 'bull_put_spread',
    underlying,
    structure: 'bullPutSpread',
    legs: [leg('XYZ260116P00095000', -1, 95), leg('XYZ260116P00090000', 1, 90)],
    metrics: {
      spot: 100,
      daysToExpiration: 33,
      midCredit: 1.2,
      naturalCredit: 1.1,
      maxLossCents: 38_000,
      maxProfitCents: 12_000,
      breakevens: [93.8],
      probabilityOfProfit: 0.74,
      expectedValueCents: 910,
      creditToRisk: 0.31,
      shortDelta: 0.24,
      width: 5,
      ivRank: 0.55,
      forecastModel: 'word-model',
      forecastVolatility: 0.28,
      momentumZ: 0.4,
      flowZ: null,
      buyingPowerEffectCents: -38_000,
      deltaShares: 12,
      vegaDollarsPerPoint: -9,
      thetaDollarsPerDay: 4,
    },
    snapshotId: 5,
    inputsHash: 'word-hash',
    score: 1.5,
    rank: 1,
    gates: [{ gate: 'riskPerTrade', passed: true, value: 38_000, limit: 50_000, unit: 'cents', note: 'word-note' }],
    verdict: 'awaitingApproval',
    reasons: [],
    stage: 'risk',
    contracts: 1,
    parameters: { secretParameter: 'word-parameter' },
  };
}

function leg(symbol: string, ratio: number, strike: number): Decision['legs'][number] {
  return {
    symbol,
    ratio,
    right: 'put',
    strike,
    expiration: isoDate('2026-01-16'),
    bid: 1.3,
    ask: 1.35,
    quoteAt: instant(1_767_625_199_000),
    impliedVolatility: 0.3,
    delta: -0.24,
    gamma: 0.02,
    thetaPerDay: -0.05,
    vegaPerPoint: 0.1,
    openInterest: 900,
    volume: 120,
  };
}
