import type { Quote } from '#domain/market/chain';
import { isoNanos } from './format.ts';

/** A quote in the form of the data API. */
export const quoteJson = (quote: Quote): Record<string, unknown> => ({
  t: isoNanos(quote.at),
  ax: 'V',
  ap: quote.ask,
  as: quote.askSize,
  bx: 'V',
  bp: quote.bid,
  bs: quote.bidSize,
  c: ['R'],
  z: 'B',
});
