import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';
import { type Instant, instant } from '#domain/units';
import type { KillState, Latch, LatchRecord } from '#ports/latch';

const form = z.object({
  state: z.enum(['ACTIVE', 'REDUCING', 'HALTED', 'FLATTENING']),
  reason: z.string(),
  by: z.string(),
  at: z.number().int(),
});

/**
 * The kill switch's memory in one small file. Every read goes to the disk, so that a record written by another process (the
 * command line, the watchdog) counts at the very next gate. A missing or unreadable file reads as HALTED.
 */
export function openLatchFile(file: string): Latch & { exists(): boolean } {
  return {
    exists: () => existsSync(file),
    read: () => readLatch(file),
    write: (record) => writeLatch(file, record),
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

/** Synced, then renamed, then the folder synced: after a power loss the old record or the new one is there, never half of one. */
function writeLatch(file: string, record: LatchRecord): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const draft = `${file}.${process.pid}.draft`;
  const handle = openSync(draft, 'w', 0o600);
  writeSync(handle, `${JSON.stringify(record)}\n`);
  fsyncSync(handle);
  closeSync(handle);
  renameSync(draft, file);
  if (process.platform === 'win32') return;
  const folder = openSync(dirname(file), 'r');
  fsyncSync(folder);
  closeSync(folder);
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

/** Throws the switch from outside the engine and answers with both records. */
export function throwLatch(
  latch: Latch,
  thrown: { readonly verb: KillVerbName; readonly reason: string; readonly by: string; readonly at: Instant },
): { readonly before: LatchRecord; readonly after: LatchRecord } {
  const before = latch.read();
  const after: LatchRecord = {
    state: stateAfterVerb(thrown.verb, before.state),
    reason: thrown.reason,
    by: thrown.by,
    at: thrown.at,
  };
  latch.write(after);
  return { before, after };
}

/** For a data folder without a journal: the first run starts ACTIVE. Once a journal exists, a missing latch stays HALTED. */
export function firstRun(latch: Latch & { exists(): boolean }, journalExists: boolean, at: Instant): void {
  if (!latch.exists() && !journalExists) latch.write({ state: 'ACTIVE', reason: 'First start', by: 'first start', at });
}
