import { createHash } from 'node:crypto';

/** Name of a simulated journal: follows from the seed alone, so that equal runs write equal journals. */
export function journalIdOf(seed: number): string {
  return `sim${createHash('sha256').update(`strikedesk ${seed}`).digest('hex').slice(0, 8)}`;
}
