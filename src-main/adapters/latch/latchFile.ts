import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';
import { type Instant, instant } from '#domain/units';
import { type KillState, type Latch, type LatchRecord, mayReplace, STRENGTH } from '#ports/latch';
import { withLock } from './latchLock.ts';

const form = z.object({
  state: z.enum(['ACTIVE', 'REDUCING', 'HALTED', 'FLATTENING']),
  reason: z.string(),
  by: z.string(),
  at: z.number().int(),
});

/**
 * The kill switch's memory in one small file. Every read goes to the disk, so that a record written by another process (the
 * command line, the watchdog) counts at the very next gate. A missing or unreadable file reads as HALTED. A record that could not
 * be written (the disk is full) holds in this process all the same, as long as it lets less through than the file.
 */
export function openLatchFile(file: string): Latch & { exists(): boolean } {
  let unwritten: LatchRecord | null = null;
  const read = (): LatchRecord => {
    const found = readLatch(file);
    return unwritten !== null && STRENGTH[unwritten.state] > STRENGTH[found.state] ? unwritten : found;
  };
  function put(record: LatchRecord, mayStill: () => boolean): boolean {
    try {
      if (!writeLatch(file, record, mayStill)) return false;
    } catch (error) {
      if (unwritten === null || STRENGTH[record.state] >= STRENGTH[unwritten.state]) unwritten = record;
      throw error;
    }
    unwritten = null;
    return true;
  }
  return {
    exists: () => existsSync(file),
    read,
    write: (record) => void put(record, () => true),
    replace: (seen, next) => put(next, () => mayReplace(read(), seen, next)),
  };
}

function readLatch(file: string): LatchRecord {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    return halted('The kill switch file is missing');
  }
  try {
    const record = form.parse(JSON.parse(text));
    return { ...record, at: instant(record.at) };
  } catch {
    return halted('The kill switch file is unreadable');
  }
}

function halted(reason: string): LatchRecord {
  return { state: 'HALTED', reason, by: 'latch', at: instant(0) };
}

/**
 * Synced, then renamed, then the folder synced: after a power loss the old record or the new one is there, never half of one.
 * `mayStill` is asked under the lock, right before the rename; on its no nothing is written.
 */
function writeLatch(file: string, record: LatchRecord, mayStill: () => boolean): boolean {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const draft = `${file}.${process.pid}.draft`;
  const handle = openSync(draft, 'w', 0o600);
  writeSync(handle, `${JSON.stringify(record)}\n`);
  fsyncSync(handle);
  closeSync(handle);
  const isWritten = withLock(`${file}.lock`, () => {
    if (!mayStill()) return false;
    renameSync(draft, file);
    return true;
  });
  if (!isWritten) rmSync(draft, { force: true });
  if (!isWritten || process.platform === 'win32') return isWritten;
  const folder = openSync(dirname(file), 'r');
  fsyncSync(folder);
  closeSync(folder);
  return true;
}

export type KillVerbName = 'stop-entries' | 'freeze' | 'flatten';

/** The state a verb leads to from outside the engine. Stopping entries never loosens a stricter state. */
export function stateAfterVerb(verb: KillVerbName, before: KillState): KillState {
  switch (verb) {
    case 'stop-entries':
      return before === 'ACTIVE' ? 'REDUCING' : before;
    case 'freeze':
      return 'HALTED';
    case 'flatten':
      return 'FLATTENING';
  }
}

/** So often another hand may be in between; the verb is then written whatever is there. */
const MOST_TRIES = 20;

/** Throws the switch from outside the engine and answers with both records. */
export function throwLatch(
  latch: Latch,
  thrown: { readonly verb: KillVerbName; readonly reason: string; readonly by: string; readonly at: Instant },
): { readonly before: LatchRecord; readonly after: LatchRecord } {
  const { verb, reason, by, at } = thrown;
  for (let tries = 1; ; tries += 1) {
    const before = latch.read();
    const after: LatchRecord = { state: stateAfterVerb(verb, before.state), reason, by, at };
    // Another hand was faster and stricter: the verb is said again over what that hand left.
    if (latch.replace(before, after)) return { before, after };
    if (tries < MOST_TRIES) continue;
    latch.write(after);
    return { before, after };
  }
}

/** For a data folder without a journal: the first run starts ACTIVE. Once a journal exists, a missing latch stays HALTED. */
export function firstRun(latch: Latch & { exists(): boolean }, journalExists: boolean, at: Instant): void {
  if (!latch.exists() && !journalExists) latch.write({ state: 'ACTIVE', reason: 'First start', by: 'first start', at });
}
