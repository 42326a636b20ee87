import type { ChainSnapshot } from '#domain/market/chain';
import { spannedVolatility } from '#domain/volatility/termStructure';
import type { ChainWindow } from '#ports/marketData';
import { isSpot } from '../spot.ts';
import type { FurtherVolatility } from '../state/engineState.ts';
import { CONTRACT_RULES } from './contractRules.ts';
import { expirationsOf, type PreparationInput, tenorsAround } from './underlyingView.ts';

/**
 * Constant-maturity volatility at 60 and 90 days, annual fractions, by the same reading of the same quotes as the 30 days of a
 * scan; null where no quoted expiration stands on both sides of the tenor, or where the spot has no sane and fresh quote.
 */
export function furtherVolatilityOf(chain: ChainSnapshot, terms: PreparationInput, window: ChainWindow): FurtherVolatility {
  const oldest = terms.settings.scanner.maxQuoteAgeSeconds * 1000;
  if (!isSpot(chain.spot, terms.settings.scanner) || Math.abs(terms.now - chain.spot.at) > oldest)
    return { iv60: null, iv90: null };
  const range = { from: window.minDaysToExpiration, to: window.maxDaysToExpiration };
  const expirations = expirationsOf(chain, terms, range, new Float64Array(CONTRACT_RULES.length));
  const at = (days: number): number | null => spannedVolatility(tenorsAround(expirations, days / 365), days / 365);
  return { iv60: at(60), iv90: at(90) };
}
