import { z } from 'zod';
import type { ContractPlace, MarketView, Proposal, Strategy } from '#ports/strategy';
import { exitPlanOf } from './exits.ts';
import { exitFields, expirationFields, flag, ivRankMin, rollFields, shortDeltaFields } from './fields.ts';
import { deltaAt, firstTradable, indexAtDelta, optionLegAt } from './strikes.ts';

const settings = z.object({
  ...expirationFields(6, 24, 12),
  ...shortDeltaFields(0.3, 0.15, 0.4),
  ivRankMin: ivRankMin(0.1),
  takeAssignment: flag(true, 'Take the shares when the put finishes in the money; otherwise it is closed on its last day'),
  ...exitFields({ takeProfit: 0.7, stopLoss: 0, timeStopDays: 0 }),
  ...rollFields(0.6, 0),
});

type Settings = z.output<typeof settings>;

const ID = 'cash_secured_put';

function propose(market: MarketView, chosen: Settings): Proposal[] {
  return market.underlyings.flatMap((view) => {
    const proposal = firstTradable(view, chosen, (expiration) => {
      const index = indexAtDelta(expiration, 'put', chosen.shortDelta);
      return around({ view, expiration, right: 'put', index, freeShares: 0 }, chosen);
    });
    return proposal === null ? [] : [proposal];
  });
}

/** The put at this place, sold alone. */
function around({ view, expiration, right, index }: ContractPlace, chosen: Settings): Proposal | null {
  const short = right === 'put' ? optionLegAt(expiration, 'put', index, -1) : null;
  if (short === null) return null;
  const { dteMin, dteMax, shortDeltaMin, shortDeltaMax, ivRankMin: rank, takeAssignment } = chosen;
  return {
    strategyId: ID,
    underlying: view.underlying,
    structure: 'cashSecuredPut',
    legs: [short],
    view,
    expiration,
    exitPlan: exitPlanOf(chosen, takeAssignment),
    parameters: {
      dteMin,
      dteMax,
      shortDeltaMin,
      shortDeltaMax,
      ivRankMin: rank,
      takeAssignment,
      dte: expiration.daysToExpiration,
      shortDelta: deltaAt(expiration, 'put', index),
      width: null,
    },
  };
}

/** Sells a put with the cash for the shares set aside: keeps the premium, or buys the shares at the strike less the premium. */
export const cashSecuredPut: Strategy<Settings> = {
  id: ID,
  title: 'Cash-secured put',
  summary: 'Sells a put with the cash for the shares set aside: earns the premium, or buys the shares below today’s price.',
  settings,
  profiles: {
    conservative: { shortDelta: 0.22, shortDeltaMax: 0.28, ivRankMin: 0.25 },
    moderate: {},
    aggressive: { shortDelta: 0.36, shortDeltaMax: 0.45, ivRankMin: 0 },
  },
  window: ({ dteMin, dteMax }) => ({ minDaysToExpiration: dteMin, maxDaysToExpiration: dteMax, strikesWithin: 0.15 }),
  propose,
  around,
  manage: (_position, _market, chosen) => exitPlanOf(chosen, chosen.takeAssignment),
};
