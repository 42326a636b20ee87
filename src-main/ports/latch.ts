import type { Instant } from '#domain/units';

/** ACTIVE trades; REDUCING only lowers risk; HALTED sends nothing (cancels pass); FLATTENING works everything out. */
export type KillState = 'ACTIVE' | 'REDUCING' | 'HALTED' | 'FLATTENING';

/** Which of two states lets less through. */
export const STRENGTH: Readonly<Record<KillState, number>> = { ACTIVE: 0, REDUCING: 1, FLATTENING: 2, HALTED: 3 };

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
  /**
   * Puts `next` in the place of `seen`, the record that was read when it was decided. Answers false, and writes nothing, when
   * another hand has moved the latch since and `next` lets no less through than what that hand left.
   */
  replace(seen: LatchRecord, next: LatchRecord): boolean;
}

/** May `next` take the place of what is found, by a hand that has seen `seen`? */
export function mayReplace(found: LatchRecord, seen: LatchRecord, next: LatchRecord): boolean {
  const isSeen = found.state === seen.state && found.at === seen.at && found.by === seen.by && found.reason === seen.reason;
  return isSeen || STRENGTH[next.state] > STRENGTH[found.state];
}
