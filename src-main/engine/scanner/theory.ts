import { yearsToExpiration } from '#domain/market/calendar';
import { midOf, type Quote } from '#domain/market/chain';
import type { OptionContract } from '#domain/market/instrument';
import { black76 } from '#domain/pricing/blackScholes';
import type { Instant, Price } from '#domain/units';
import type { ExpirationView, MarketView } from '#ports/strategy';
import { isSane } from '../risk/combinationQuote.ts';

/**
 * What an option should cost by our last look at its neighbours, dollars per share: the volatilities that the strikes next to it
 * imply, straight between them, at the present spot and time. Its own quote has no part in it, so that a wrong quote does not
 * vouch for itself. null where there is no theory: not looked at, looked at too long ago, no sane spot, or no neighbour on one side.
 */
export function theoreticalPrice(
  contract: OptionContract,
  market: MarketView | null,
  spotQuote: Quote | null,
  now: Instant,
  maxAgeSeconds: number,
): Price | null {
  const view = market?.underlyings.find(({ underlying }) => underlying === contract.underlying);
  if (!view || !isSane(spotQuote) || Math.abs(now - view.at) > maxAgeSeconds * 1000) return null;
  const expiration = view.expirations.find(
    ({ slice }) => slice.expiration === contract.expiration && slice.root === contract.root,
  );
  const volatility = expiration === undefined ? null : volatilityBetween(expiration, contract.strike);
  if (expiration === undefined || volatility === null) return null;
  const { right, strike } = contract;
  const forward = expiration.forward * (midOf(spotQuote) / view.spot);
  const years = yearsToExpiration(now, expiration.slice.expiresAt);
  return black76({ right, forward, strike, years, discount: expiration.discount, volatility });
}

/** Volatility at a strike from the nearest strikes below and above that have one; the strike itself is left out. */
function volatilityBetween({ slice, calls }: ExpirationView, strike: number): number | null {
  const { strikes } = slice;
  const { impliedVolatility } = calls;
  let below = -1;
  let above = -1;
  for (let i = 0; i < strikes.length; i++) {
    if (!Number.isFinite(impliedVolatility[i]!)) continue;
    if (strikes[i]! < strike) below = i;
    else if (strikes[i]! > strike) {
      above = i;
      break;
    }
  }
  if (below < 0 || above < 0) return null;
  const share = (strike - strikes[below]!) / (strikes[above]! - strikes[below]!);
  return impliedVolatility[below]! * (1 - share) + impliedVolatility[above]! * share;
}
