import type { Instant } from '#domain/units';

/** ACTIVE trades; REDUCING only lowers risk; HALTED sends nothing (cancels pass); FLATTENING works everything out. */
export type KillState = 'ACTIVE' | 'REDUCING' | 'HALTED' | 'FLATTENING';

export interface LatchRecord {
  readonly state: KillState;
  readonly reason: string;
  readonly by: string;
  readonly at: Instant;
}

/**
 * The kill switch's memory, outside the database. Read synchronously at the gate and again at the last line before the wire.
 * A missing file in a journal that has run before, or an unreadable one, reads as HALTED.
 */
export interface Latch {
  read(): LatchRecord;
  write(record: LatchRecord): void;
}
