import { z } from 'zod';
import type { Strategy } from '#ports/strategy';
import { exitPlanOf } from './exits.ts';
import { exitFields, expirationFields, ivRankMin, rollFields, shortDeltaFields, widthFields } from './fields.ts';
import { proposeVerticals, type VerticalKind, verticalAround } from './verticals.ts';

const settings = z.object({
  ...expirationFields(28, 47, 38),
  ...shortDeltaFields(0.32, 0.22, 0.38),
  ...widthFields(0.3, 5),
  ivRankMin: ivRankMin(0.15),
  // A loss of one credit = bought back at twice what it brought; a narrow call spread can hardly lose two.
  ...exitFields({ takeProfit: 0.5, stopLoss: 1, timeStopDays: 21 }),
  ...rollFields(0.5, 0),
});

type Settings = z.output<typeof settings>;

const KIND: VerticalKind = { strategyId: 'bear_call_spread', structure: 'bearCallSpread', right: 'call' };

/** Sells a call above the market and buys a higher one: keeps the credit while the underlying stays below the short strike. */
export const bearCallSpread: Strategy<Settings> = {
  id: KIND.strategyId,
  title: 'Bear call spread',
  summary:
    'Sells a call spread above the market: earns the credit if the underlying stays below the short strike, loses at most the width less the credit.',
  settings,
  profiles: {
    conservative: { shortDelta: 0.28, shortDeltaMax: 0.32, ivRankMin: 0.3, takeProfitFraction: 0.5, stopLossMultiple: 0.8 },
    moderate: {},
    aggressive: { shortDelta: 0.35, shortDeltaMax: 0.42, ivRankMin: 0, stopLossMultiple: 1.5 },
  },
  window: ({ dteMin, dteMax }) => ({ minDaysToExpiration: dteMin, maxDaysToExpiration: dteMax, strikesWithin: 0.2 }),
  propose: (market, chosen) => proposeVerticals(KIND, market, chosen),
  around: (place, chosen) => verticalAround(KIND, place, chosen),
  manage: (_position, _market, chosen) => exitPlanOf(chosen, false),
};
