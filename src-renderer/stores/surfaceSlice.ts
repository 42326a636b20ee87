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

/** The sound two-sided quotes of a chain as columns; a side without one is NaN. */
export function quotesOf(view: ChainView): ParityQuotes {
  return columnsOf(view, (cell) => (cell?.defect === 'none' ? cell : null));
}

type Cell = ChainView['rows'][number]['call'];

function columnsOf(view: ChainView, chosen: (cell: Cell) => Cell): ParityQuotes {
  const column = (of: (row: ChainView['rows'][number]) => number | null | undefined) =>
    view.rows.map((row) => of(row) ?? Number.NaN);
  return {
    strikes: view.rows.map((row) => row.strike),
    callBid: column((row) => chosen(row.call)?.bid),
    callAsk: column((row) => chosen(row.call)?.ask),
    putBid: column((row) => chosen(row.put)?.bid),
    putAsk: column((row) => chosen(row.put)?.ask),
  };
}

/** Smile, fit and outliers of one expiration; null when no forward can be read from its quotes. `earlier` warms the fit up. */
export function sliceOf(view: ChainView, rate: number, earlier: SurfaceSlice | null = null): SurfaceSlice | null {
  const years = Math.max(view.years, LEAST_YEARS);
  const quotes = quotesOf(view);
  const parity = americanParityForward(quotes, { years, rate });
  if (!parity) return null;
  // The unsound ones too: the smile says by kind why it does without them.
  const all = columnsOf(view, (cell) => cell);
  const smile = smileOf(all, parity, years, { key: `${view.underlying} ${view.expiration}` });
  const fit = fitSvi(smile, earlier?.fit?.raw);
  const { expiration, daysToExpiration } = view;
  return { expiration, daysToExpiration, spot: view.spot, quotes, smile, fit, mispriced: fit ? mispricings(smile, fit) : [] };
}
