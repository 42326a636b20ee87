import type { Right } from '#domain/market/instrument';
import type { ContractPlace, MarketView, Proposal } from '#ports/strategy';
import { type ExitSettings, exitPlanOf } from './exits.ts';
import {
  type DayWindow,
  deltaAt,
  firstTradable,
  indexAtDelta,
  indexOfWing,
  optionLegAt,
  type WidthRule,
  widthBetween,
} from './strikes.ts';

/** What a credit spread is built from. */
export interface VerticalSettings extends DayWindow, WidthRule, ExitSettings {
  readonly shortDelta: number;
  readonly shortDeltaMin: number;
  readonly shortDeltaMax: number;
  readonly ivRankMin: number;
}

/** Which credit spread: puts below (bullish) or calls above (bearish). */
export interface VerticalKind {
  readonly strategyId: string;
  readonly structure: 'bullPutSpread' | 'bearCallSpread';
  readonly right: Right;
}

/** One credit spread per underlying, at the expiration nearest to the target and the short delta aimed at. */
export function proposeVerticals(kind: VerticalKind, market: MarketView, settings: VerticalSettings): Proposal[] {
  return market.underlyings.flatMap((view) => {
    const freeShares = market.freeShares.get(view.underlying) ?? 0;
    const proposal = firstTradable(view, settings, (expiration) => {
      const index = indexAtDelta(expiration, kind.right, settings.shortDelta);
      return verticalAround(kind, { view, expiration, right: kind.right, index, freeShares }, settings);
    });
    return proposal === null ? [] : [proposal];
  });
}

/** The credit spread whose short leg is this contract; null for the other right or at the end of the listing. */
export function verticalAround(kind: VerticalKind, place: ContractPlace, settings: VerticalSettings): Proposal | null {
  const { view, expiration, right, index } = place;
  if (right !== kind.right || index < 0) return null;
  const wing = indexOfWing(view, expiration, right, index, settings);
  const short = optionLegAt(expiration, right, index, -1);
  const long = optionLegAt(expiration, right, wing, 1);
  if (short === null || long === null) return null;
  const { dteMin, dteMax, shortDeltaMin, shortDeltaMax, maxWidthDollars, ivRankMin } = settings;
  return {
    strategyId: kind.strategyId,
    underlying: view.underlying,
    structure: kind.structure,
    legs: [short, long],
    view,
    expiration,
    exitPlan: exitPlanOf(settings, false),
    parameters: {
      dteMin,
      dteMax,
      shortDeltaMin,
      shortDeltaMax,
      maxWidthDollars,
      ivRankMin,
      dte: expiration.daysToExpiration,
      shortDelta: deltaAt(expiration, right, index),
      width: widthBetween(expiration, index, wing),
    },
  };
}
