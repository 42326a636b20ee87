import { z } from 'zod';
import type { ContractPlace, ExpirationView, MarketView, Proposal, Strategy, UnderlyingView } from '#ports/strategy';
import { exitPlanOf } from './exits.ts';
import { exitFields, expirationFields, flag, ivRankMin, rollFields, shortDeltaFields } from './fields.ts';
import { deltaAt, firstTradable, indexAtDelta, optionLegAt } from './strikes.ts';

const delta = (initial: number, description: string) =>
  z.number().min(0.01).max(0.99).default(initial).meta({ unit: 'delta', description });

const settings = z.object({
  ...expirationFields(6, 24, 12),
  ...shortDeltaFields(0.3, 0.12, 0.45),
  buyShares: flag(true, 'Buy a hundred shares first where none are free, then sell the call against them'),
  buyWriteDelta: delta(
    0.66,
    'Delta of the call aimed at when the shares are bought for it: in the money, so that the premium cushions a fall',
  ),
  buyWriteDeltaMin: delta(0.5, 'Least delta of the call when the shares are bought for it'),
  buyWriteDeltaMax: delta(0.85, 'Most delta of the call when the shares are bought for it'),
  ivRankMin: ivRankMin(0),
  takeAssignment: flag(
    true,
    'Let the shares be called away when the call finishes in the money; otherwise it is closed on its last day',
  ),
  ...exitFields({ takeProfit: 0, stopLoss: 0, timeStopDays: 0 }),
  ...rollFields(0.9, 0),
});

type Settings = z.output<typeof settings>;

const ID = 'covered_call';

function propose(market: MarketView, chosen: Settings): Proposal[] {
  return market.underlyings.flatMap((view) => {
    const freeShares = market.freeShares.get(view.underlying) ?? 0;
    const proposal = firstTradable(view, chosen, (expiration) => {
      const owned = freeShares >= expiration.slice.multiplier;
      const index = indexAtDelta(expiration, 'call', owned ? chosen.shortDelta : chosen.buyWriteDelta);
      return coveredAt(view, expiration, index, owned, chosen);
    });
    return proposal === null ? [] : [proposal];
  });
}

/** The call at this place against free shares where there are enough, else together with the shares it needs. */
function around({ view, expiration, right, index, freeShares }: ContractPlace, chosen: Settings): Proposal | null {
  return right === 'call' ? coveredAt(view, expiration, index, freeShares >= expiration.slice.multiplier, chosen) : null;
}

/**
 * The legs are in the order in which they must be worked: shares before the call, since no broker takes both in one order and the
 * call must never stand alone.
 */
function coveredAt(
  view: UnderlyingView,
  expiration: ExpirationView,
  index: number,
  owned: boolean,
  chosen: Settings,
): Proposal | null {
  const call = optionLegAt(expiration, 'call', index, -1);
  if (call === null || (!owned && !chosen.buyShares)) return null;
  const shares = { kind: 'stock', underlying: view.underlying, shares: expiration.slice.multiplier } as const;
  const { dteMin, dteMax, ivRankMin: rank, takeAssignment } = chosen;
  return {
    strategyId: ID,
    underlying: view.underlying,
    structure: 'coveredCall',
    legs: owned ? [call] : [shares, call],
    view,
    expiration,
    exitPlan: exitPlanOf(chosen, takeAssignment),
    parameters: {
      dteMin,
      dteMax,
      shortDeltaMin: owned ? chosen.shortDeltaMin : chosen.buyWriteDeltaMin,
      shortDeltaMax: owned ? chosen.shortDeltaMax : chosen.buyWriteDeltaMax,
      ivRankMin: rank,
      takeAssignment,
      buysShares: !owned,
      dte: expiration.daysToExpiration,
      shortDelta: deltaAt(expiration, 'call', index),
      width: null,
    },
  };
}

/** Sells a call against shares: free ones where there are any, else a hundred bought for it. */
export const coveredCall: Strategy<Settings> = {
  id: ID,
  title: 'Covered call',
  summary:
    'Sells a call against shares that are free (or bought first): earns the premium, and gives the shares away at the strike if called.',
  settings,
  profiles: {
    conservative: { shortDelta: 0.22, buyWriteDelta: 0.72 },
    moderate: {},
    aggressive: { shortDelta: 0.4, shortDeltaMax: 0.5, buyWriteDelta: 0.58 },
  },
  window: ({ dteMin, dteMax }) => ({ minDaysToExpiration: dteMin, maxDaysToExpiration: dteMax, strikesWithin: 0.15 }),
  propose,
  around,
  manage: (_position, _market, chosen) => exitPlanOf(chosen, chosen.takeAssignment),
};
