import type { Quote } from '#domain/market/chain';
import type { Price } from '#domain/units';
import type { OrderLeg } from '#ports/broker';

/**
 * The stated slippage model of a replay: a combination fills this far from its mid towards its natural price, by its number of
 * legs. Single legs pay three quarters of the half-spread, four legs a little over half: the figures published for complex
 * orders by ORATS, as used by public option backtesters.
 */
export const SHARE_OF_HALF_SPREAD: readonly number[] = [0, 0.75, 0.65, 0.6, 0.56];

/** Net price at which an order of these legs fills at the recorded quotes: + credit, to the cent; null without a usable quote on any leg. */
export function fillPriceOf(
  legs: readonly OrderLeg[],
  quoteOf: (symbol: string) => Quote | null,
): { readonly net: Price; readonly legPrices: readonly Price[] } | null {
  const share = SHARE_OF_HALF_SPREAD[legs.length] ?? 1;
  const legPrices: Price[] = [];
  let net = 0;
  for (const leg of legs) {
    const quote = quoteOf(leg.symbol);
    if (!quote || !(quote.ask > 0) || quote.bid > quote.ask || !Number.isFinite(quote.bid)) return null;
    const mid = (quote.bid + quote.ask) / 2;
    const half = (quote.ask - quote.bid) / 2;
    const raw = leg.side === 'buy' ? mid + share * half : mid - share * half;
    const price = leg.side === 'buy' ? Math.ceil(raw * 100 - 1e-6) / 100 : Math.floor(raw * 100 + 1e-6) / 100;
    legPrices.push(price);
    net += (leg.side === 'sell' ? 1 : -1) * leg.ratio * price;
  }
  return { net: Math.round(net * 100) / 100, legPrices };
}
