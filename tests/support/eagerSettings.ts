import { engineSettings } from '#ports/settings/settings';

/** Three underlyings that trade often. */
export const UNIVERSE = ['SPY', 'AAPL', 'KO'];

/** Spreads must trade on this one day, whatever the scanner thinks of them. */
export const EAGER_SETTINGS = engineSettings.parse({
  universe: UNIVERSE,
  positions: { checkSeconds: 120 },
  scanner: {
    intervalSeconds: 150,
    minExpectedValueDollars: -100,
    minCreditToRisk: 0.05,
    minProbabilityOfProfit: 0.3,
    minIvHistoryDays: 2,
  },
});
