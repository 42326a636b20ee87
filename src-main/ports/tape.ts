import type { ExpirationSlice } from '#domain/market/chain';
import type { Instant, IsoDate, Price } from '#domain/units';

/** A row that could not be used, with where it stands and why. `line` counts from 1, the header included. */
export interface RejectedRow {
  readonly file: string;
  readonly line: number;
  readonly field: string;
  readonly message: string;
}

/** One recorded look at the market: every chain as it stood at `at`. */
export interface TapeDay {
  readonly date: IsoDate;
  readonly at: Instant;
  readonly file: string;
  readonly underlyings: readonly {
    readonly underlying: string;
    readonly spot: Price;
    readonly slices: readonly ExpirationSlice[];
  }[];
  readonly rowsRead: number;
  readonly rejected: readonly RejectedRow[];
  /** Fingerprint of all quotes, to notice a day that repeats another. */
  readonly fingerprint: string;
}

/** A recorded market, one look a day, oldest first. */
export interface Tape {
  readonly layout: string;
  /** Days that may be traded. */
  readonly days: readonly IsoDate[];
  readonly skipped: readonly { readonly day: IsoDate; readonly reason: string }[];
  readonly rowsRead: number;
  readonly rejected: readonly RejectedRow[];
  load(date: IsoDate): TapeDay;
}
