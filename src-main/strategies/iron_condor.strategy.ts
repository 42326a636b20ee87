import { z } from 'zod';
import type { ContractPlace, ExpirationView, MarketView, Proposal, Strategy, UnderlyingView } from '#ports/strategy';
import { exitPlanOf } from './exits.ts';
import { exitFields, expirationFields, ivRankMin, rollFields, shortDeltaFields, widthFields } from './fields.ts';
import { deltaAt, firstTradable, indexAtDelta, indexOfWing, optionLegAt, widthBetween } from './strikes.ts';

const settings = z.object({
  ...expirationFields(28, 47, 38),
  ...shortDeltaFields(0.18, 0.1, 0.24),
  ...widthFields(0.3, 5),
  ivRankMin: ivRankMin(0.2),
  ...exitFields({ takeProfit: 0.5, stopLoss: 2, timeStopDays: 21, trailing: true }),
  ...rollFields(0.45, 0),
});

type Settings = z.output<typeof settings>;

const ID = 'iron_condor';

function propose(market: MarketView, chosen: Settings): Proposal[] {
  return market.underlyings.flatMap((view) => {
    const proposal = firstTradable(view, chosen, (expiration) => {
      const put = indexAtDelta(expiration, 'put', chosen.shortDelta);
      const call = indexAtDelta(expiration, 'call', chosen.shortDelta);
      return condorAt(view, expiration, put, call, chosen);
    });
    return proposal === null ? [] : [proposal];
  });
}

/** The condor with this contract as one short leg and the other side at the delta aimed at. */
function around({ view, expiration, right, index }: ContractPlace, chosen: Settings): Proposal | null {
  const other = indexAtDelta(expiration, right === 'put' ? 'call' : 'put', chosen.shortDelta);
  return right === 'put' ? condorAt(view, expiration, index, other, chosen) : condorAt(view, expiration, other, index, chosen);
}

function condorAt(
  view: UnderlyingView,
  expiration: ExpirationView,
  put: number,
  call: number,
  chosen: Settings,
): Proposal | null {
  if (put < 0 || call <= put) return null;
  const lowerWing = indexOfWing(view, expiration, 'put', put, chosen);
  const upperWing = indexOfWing(view, expiration, 'call', call, chosen);
  const legs = [
    optionLegAt(expiration, 'put', lowerWing, 1),
    optionLegAt(expiration, 'put', put, -1),
    optionLegAt(expiration, 'call', call, -1),
    optionLegAt(expiration, 'call', upperWing, 1),
  ].filter((leg) => leg !== null);
  if (legs.length < 4) return null;
  const { dteMin, dteMax, shortDeltaMin, shortDeltaMax, maxWidthDollars, ivRankMin: rank } = chosen;
  return {
    strategyId: ID,
    underlying: view.underlying,
    structure: 'ironCondor',
    legs,
    view,
    expiration,
    exitPlan: exitPlanOf(chosen, false),
    parameters: {
      dteMin,
      dteMax,
      shortDeltaMin,
      shortDeltaMax,
      maxWidthDollars,
      ivRankMin: rank,
      dte: expiration.daysToExpiration,
      shortDelta: Math.max(deltaAt(expiration, 'put', put) ?? 0, deltaAt(expiration, 'call', call) ?? 0),
      width: Math.max(widthBetween(expiration, put, lowerWing), widthBetween(expiration, call, upperWing)),
    },
  };
}

/** Sells a put spread below and a call spread above the market: keeps both credits while the underlying stays between. */
export const ironCondor: Strategy<Settings> = {
  id: ID,
  title: 'Iron condor',
  summary:
    'Sells a put spread below and a call spread above the market: earns both credits if the underlying stays between the short strikes.',
  settings,
  profiles: {
    conservative: { shortDelta: 0.16, shortDeltaMax: 0.2, ivRankMin: 0.35 },
    moderate: {},
    aggressive: { shortDelta: 0.22, shortDeltaMax: 0.28, ivRankMin: 0.05, stopLossMultiple: 2.5 },
  },
  window: ({ dteMin, dteMax }) => ({ minDaysToExpiration: dteMin, maxDaysToExpiration: dteMax, strikesWithin: 0.25 }),
  propose,
  around,
  manage: (_position, _market, chosen) => exitPlanOf(chosen, false),
};
