import { cpSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { JOURNAL_FILE, tradeDay } from '../journalledDay/tradeDay.ts';
import { witnessed } from '../journalledDay/witnessed.ts';

export interface OlderCopies {
  readonly copies: number;
  /** Copies that somebody could put back without the broker's order ids giving it away. */
  readonly missed: number;
}

/**
 * Copies the whole journal, its anchor included, after each order that leaves, and puts each copy back at the end of the day.
 * Nothing on this machine can tell (everything is as it once was); the broker can: it holds ids made from rows that are gone.
 */
export async function olderCopies(folder: string, seed: number): Promise<OlderCopies> {
  const desk = join(folder, 'desk');
  mkdirSync(desk, { recursive: true });
  let copies = 0;
  const day = await tradeDay({
    folder: desk,
    seed,
    minutes: 45,
    wireFile: join(folder, 'wire.txt'),
    onSent(count) {
      copies = count;
      const copy = join(folder, `copy-${count}`);
      mkdirSync(copy);
      for (const name of readdirSync(desk)) if (name.startsWith(JOURNAL_FILE)) cpSync(join(desk, name), join(copy, name));
    },
  });
  let missed = 0;
  // The copy made at the last order is not older than the wire.
  for (let n = 1; n < copies; n += 1) {
    const { lost, refused } = witnessed(join(folder, `copy-${n}`, JOURNAL_FILE), day.sent);
    if (lost.length === 0 && refused === null) missed += 1;
  }
  return { copies: Math.max(0, copies - 1), missed };
}
