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
  ...exitFields({ takeProfit: 0.5, stopLoss: 2, timeStopDays: 21 }),
  ...rollFields(0.5, 1),
});

type Settings = z.output<typeof settings>;

const KIND: VerticalKind = { strategyId: 'bull_put_spread', structure: 'bullPutSpread', right: 'put' };

/** Sells a put below the market and buys a lower one: keeps the credit while the underlying stays above the short strike. */
export const bullPutSpread: Strategy<Settings> = {
  id: KIND.strategyId,
  title: 'Bull put spread',
  summary:
    'Sells a put spread below the market: earns the credit if the underlying stays above the short strike, loses at most the width less the credit.',
  settings,
  profiles: {
    conservative: { shortDelta: 0.28, shortDeltaMax: 0.32, ivRankMin: 0.3, takeProfitFraction: 0.5, stopLossMultiple: 1.5 },
    moderate: {},
    aggressive: { shortDelta: 0.35, shortDeltaMax: 0.42, ivRankMin: 0, stopLossMultiple: 2.5 },
  },
  window: ({ dteMin, dteMax }) => ({ minDaysToExpiration: dteMin, maxDaysToExpiration: dteMax, strikesWithin: 0.2 }),
  propose: (market, chosen) => proposeVerticals(KIND, market, chosen),
  around: (place, chosen) => verticalAround(KIND, place, chosen),
  manage: (_position, _market, chosen) => exitPlanOf(chosen, false),
};
