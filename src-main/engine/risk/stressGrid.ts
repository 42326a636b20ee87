import { sessionOn, yearsToExpiration } from '#domain/market/calendar';
import { midOf } from '#domain/market/chain';
import type { OptionContract } from '#domain/market/instrument';
import { priceEuropean } from '#domain/pricing/blackScholes';
import { impliedVolatility } from '#domain/pricing/impliedVolatility';
import type { Leg } from '#domain/structures/leg';
import type { Price } from '#domain/units';
import type { RiskSettings } from '#ports/settings/settings';
import type { RiskBook } from './book.ts';
import { isSane, symbolOf } from './combinationQuote.ts';

type StressBook = Pick<RiskBook, 'now' | 'quoteOf'>;

/** Profit or loss in dollars at each node of the grid, volatility moves outside, spot moves inside. */
export type StressVector = Float64Array;

/** Number of nodes of the grid. */
function stressNodes(limits: RiskSettings): number {
  return limits.stressSpotMoves.length * limits.stressVolatilityMoves.length;
}

/**
 * Instantaneous revaluation of one unit of a structure over the spot-by-volatility grid, dollars against today's value.
 * Every option is priced by Black-Scholes-Merton at the volatility that its own mid implies (`stressFallbackVolatility` where
 * it implies none), base and shocked value alike, so that model error cancels. null when a leg or the underlying has no sane
 * quote: a missing mark counts as a breach.
 */
export function stressOf(
  legs: readonly Leg[],
  underlying: string,
  book: StressBook,
  limits: RiskSettings,
  rate: number,
): StressVector | null {
  const spotQuote = book.quoteOf(underlying);
  if (!isSane(spotQuote)) return null;
  const spot = midOf(spotQuote);
  const profit = new Float64Array(stressNodes(limits));
  for (const leg of legs) {
    if (leg.kind === 'stock') addShares(profit, leg.shares, spot, limits);
    else {
      const quote = book.quoteOf(symbolOf(leg));
      if (!isSane(quote)) return null;
      addOption(profit, leg.contract, leg.ratio, midOf(quote), spot, book, limits, rate);
    }
  }
  return profit;
}

function addShares(profit: StressVector, shares: number, spot: Price, limits: RiskSettings): void {
  const moves = limits.stressSpotMoves;
  for (let node = 0; node < profit.length; node++) profit[node]! += shares * spot * moves[node % moves.length]!;
}

function addOption(
  profit: StressVector,
  contract: OptionContract,
  ratio: number,
  mid: Price,
  spot: Price,
  book: StressBook,
  limits: RiskSettings,
  rate: number,
): void {
  const expiresAt = sessionOn(contract.expiration)?.close ?? book.now;
  const years = yearsToExpiration(book.now, expiresAt);
  const { right, strike } = contract;
  const implied = impliedVolatility({
    right,
    forward: spot * Math.exp(rate * years),
    strike,
    years,
    discount: Math.exp(-rate * years),
    price: mid,
  });
  const volatility = implied.kind === 'volatility' ? implied.volatility : limits.stressFallbackVolatility;
  const valueAt = (at: Price, sigma: number): number =>
    priceEuropean({ right, spot: at, strike, years, rate, dividendYield: 0, volatility: sigma });
  const base = valueAt(spot, volatility);
  const size = ratio * contract.multiplier;
  let node = 0;
  for (const volatilityMove of limits.stressVolatilityMoves) {
    const sigma = volatility * (1 + volatilityMove);
    for (const spotMove of limits.stressSpotMoves) profit[node++]! += size * (valueAt(spot * (1 + spotMove), sigma) - base);
  }
}

/**
 * The whole book's profit or loss over the grid in dollars, all underlyings moving together; null when anything held cannot
 * be valued. `leaveOut` skips the working order of that position (it is being replaced).
 */
export function stressOfBook(
  book: RiskBook,
  limits: RiskSettings,
  rate: number,
  leaveOut: string | null = null,
): StressVector | null {
  const total = new Float64Array(stressNodes(limits));
  for (const exposure of book.exposures) {
    if (exposure.source === 'workingOrder' && exposure.positionId === leaveOut) continue;
    const unit = stressOf(exposure.legs, exposure.underlying, book, limits, rate);
    if (unit === null) return null;
    for (let node = 0; node < total.length; node++) total[node]! += exposure.units * unit[node]!;
  }
  return total;
}

/** The worst node as a positive loss in dollars (0 when no node loses). */
export function worstLoss(profit: StressVector): number {
  let worst = 0;
  for (const dollars of profit) worst = Math.max(worst, -dollars);
  return worst;
}
