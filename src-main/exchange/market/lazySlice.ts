import type { ExpirationSlice, SideColumns } from '#domain/market/chain';
import type { ExerciseStyle, Settlement } from '#domain/market/instrument';
import type { Instant, IsoDate } from '#domain/units';

/** Both sides of a slice. */
export interface Sides {
  readonly calls: SideColumns;
  readonly puts: SideColumns;
}

/** What a slice says without anybody looking at its quotes. */
export interface SliceFacts {
  readonly underlying: string;
  readonly expiration: IsoDate;
  readonly expiresAt: Instant;
  readonly pennyProgram: boolean;
  readonly strikes: Float64Array;
}

/**
 * A slice that is quoted at its first look. A class, not an object with accessors: V8 keeps those as dictionaries, which outlived
 * their scan and were promoted, and the garbage collector then took a seventh of a simulated month.
 */
export class LazySlice implements ExpirationSlice {
  readonly underlying: string;
  readonly root: string;
  readonly expiration: IsoDate;
  readonly expiresAt: Instant;
  readonly style: ExerciseStyle = 'american';
  readonly settlement: Settlement = 'physical';
  readonly multiplier = 100;
  readonly pennyProgram: boolean;
  readonly strikes: Float64Array;
  private quote: (() => Sides) | null;
  private sides: Sides | null = null;

  constructor(facts: SliceFacts, quote: () => Sides) {
    this.underlying = facts.underlying;
    this.root = facts.underlying;
    this.expiration = facts.expiration;
    this.expiresAt = facts.expiresAt;
    this.pennyProgram = facts.pennyProgram;
    this.strikes = facts.strikes;
    this.quote = quote;
  }

  get calls(): SideColumns {
    return this.look().calls;
  }

  get puts(): SideColumns {
    return this.look().puts;
  }

  private look(): Sides {
    if (this.sides === null && this.quote !== null) {
      this.sides = this.quote();
      this.quote = null;
    }
    // There are sides as soon as the question is gone
    return this.sides!;
  }
}
