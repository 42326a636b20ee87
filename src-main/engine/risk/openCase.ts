import { midOf } from '#domain/market/chain';
import { optionLegs } from '#domain/structures/anatomy';
import type { Leg } from '#domain/structures/leg';
import { profitBounds } from '#domain/structures/payoff';
import type { Cents, Price } from '#domain/units';
import type { RiskSettings, ScannerSettings } from '#ports/settings/settings';
import type { Exposure, RiskBook, RiskRequest } from './book.ts';
import { type CombinationQuote, combinationQuote, isSane } from './combinationQuote.ts';
import { isSecuredShape, withFreeShares } from './secured.ts';

/** An opening request with what every gate derives from it, worked out once. */
export interface OpenCase {
  readonly request: RiskRequest;
  readonly book: RiskBook;
  readonly limits: RiskSettings;
  readonly scanner: ScannerSettings;
  /** The position that this order belongs to is held already: a later stage of one entry. */
  readonly completes: boolean;
  /** Exposures that count, without the working order that this request takes the place of. */
  readonly others: readonly Exposure[];
  readonly spot: Price | null;
  readonly quote: CombinationQuote | null;
  /** From the legs at the worst price accepted; never below what the request says. null = unbounded. */
  readonly maxLossPerUnit: Cents | null;
  /** The same of the unit with the free shares that cover it: they are paid for, so their price is no part of it. */
  readonly coveredLossPerUnit: Cents | null;
  /** Claimed and true of the legs: judged by equity share and stress loss. */
  readonly secured: boolean;
  /** One unit with the free shares that cover it. */
  readonly coveredUnit: readonly Leg[];
}

/** Legs that any gate can work with: at least one, whole ratios, one underlying (the request's) and one multiplier. */
export function hasSoundLegs({ legs, underlying }: RiskRequest): boolean {
  const named = legs.every((leg) => (leg.kind === 'stock' ? leg.underlying : leg.contract.underlying) === underlying);
  const whole = legs.every((leg) => {
    const size = leg.kind === 'stock' ? leg.shares : leg.ratio;
    return Number.isInteger(size) && size !== 0;
  });
  const multipliers = new Set(optionLegs(legs).map((leg) => leg.contract.multiplier));
  const [multiplier = 1] = multipliers;
  return legs.length > 0 && named && whole && multipliers.size <= 1 && multiplier > 0;
}

/** Derives the case. The legs must be sound ({@link hasSoundLegs}) and the limit price finite. */
export function openCaseOf(request: RiskRequest, book: RiskBook, limits: RiskSettings, scanner: ScannerSettings): OpenCase {
  const { legs, underlying, netLimit, positionId } = request;
  const replaced = (exposure: Exposure): boolean =>
    request.replacing === true && exposure.source === 'workingOrder' && exposure.positionId === positionId;
  const spotQuote = book.quoteOf(underlying);
  const coveredUnit = withFreeShares(legs, 1, underlying, book.freeShares(underlying));
  return {
    request,
    book,
    limits,
    scanner,
    others: book.exposures.filter((exposure) => !replaced(exposure)),
    completes: book.exposures.some((exposure) => exposure.source === 'position' && exposure.positionId === positionId),
    spot: isSane(spotQuote) ? midOf(spotQuote) : null,
    quote: combinationQuote(legs, (symbol) => book.quoteOf(symbol)),
    maxLossPerUnit: worseOf(profitBounds(legs, netLimit).maxLoss, request.maxLossPerUnit),
    coveredLossPerUnit: worseOf(profitBounds(coveredUnit, netLimit).maxLoss, request.maxLossPerUnit),
    secured: request.secured && isSecuredShape(coveredUnit),
    coveredUnit,
  };
}

/** Strike notional of the short legs and value of bought shares of one unit, in dollars. */
export function notionalDollars(legs: readonly Leg[], spot: Price): number {
  return legs.reduce((sum, leg) => {
    if (leg.kind === 'stock') return sum + Math.abs(leg.shares) * spot;
    return leg.ratio < 0 ? sum - leg.ratio * leg.contract.strike * leg.contract.multiplier : sum;
  }, 0);
}

/** The legs' own figure stands when the request claims less or nothing; unbounded legs stay unbounded. */
function worseOf(fromLegs: Cents | null, claimed: Cents | null): Cents | null {
  if (fromLegs === null) return null;
  return claimed !== null && claimed > fromLegs ? claimed : fromLegs;
}
