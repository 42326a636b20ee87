import type { ChainView } from '#contract/chain';
import { type Mispricing, mispricings } from '#domain/volatility/mispricing';
import { americanParityForward, type ParityQuotes } from '#domain/volatility/parityForward';
import { type Smile, smileOf } from '#domain/volatility/smile';
import { fitSvi, type SviFit } from '#domain/volatility/sviCalibration';

/** One expiration's smile as quoted and as fitted. */
export interface SurfaceSlice {
  readonly expiration: string;
  readonly daysToExpiration: number;
  /** Price of the underlying when it was quoted. */
  readonly spot: number | null;
  /** The sound quotes that the smile was made of. */
  readonly quotes: ParityQuotes;
  readonly smile: Smile;
  /** null: too few usable quotes. */
  readonly fit: SviFit | null;
  readonly mispriced: readonly Mispricing[];
}

/** A quarter of an hour: nearer to the bell a volatility is a matter of ticks. */
const LEAST_YEARS = 0.25 / 24 / 365;

/** Two-sided quotes of a chain as columns; a side without a sound quote is NaN. */
export function quotesOf(view: ChainView): ParityQuotes {
  const column = (of: (row: ChainView['rows'][number]) => number | null | undefined) =>
    view.rows.map((row) => of(row) ?? Number.NaN);
  const sound = (cell: ChainView['rows'][number]['call']) => (cell?.defect === 'none' ? cell : null);
  return {
    strikes: view.rows.map((row) => row.strike),
    callBid: column((row) => sound(row.call)?.bid),
    callAsk: column((row) => sound(row.call)?.ask),
    putBid: column((row) => sound(row.put)?.bid),
    putAsk: column((row) => sound(row.put)?.ask),
  };
}

/** Smile, fit and outliers of one expiration; null when no forward can be read from its quotes. `earlier` warms the fit up. */
export function sliceOf(view: ChainView, rate: number, earlier: SurfaceSlice | null = null): SurfaceSlice | null {
  const years = Math.max(view.years, LEAST_YEARS);
  const quotes = quotesOf(view);
  const parity = americanParityForward(quotes, { years, rate });
  if (!parity) return null;
  const smile = smileOf(quotes, parity, years, { key: `${view.underlying} ${view.expiration}` });
  const fit = fitSvi(smile, earlier?.fit?.raw);
  const { expiration, daysToExpiration } = view;
  return { expiration, daysToExpiration, spot: view.spot, quotes, smile, fit, mispriced: fit ? mispricings(smile, fit) : [] };
}
