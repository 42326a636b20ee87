import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { backUp } from '#adapters/journal/backup';
import { openJournalReader } from '#adapters/journal/journal';
import { restore } from '#adapters/journal/restore';
import { instant } from '#domain/units';
import { apply } from '#engine/state/apply';
import { emptyState } from '#engine/state/engineState';
import type { JournalReader } from '#ports/journal';

export interface DrillResult {
  readonly ok: boolean;
  readonly events: number;
  readonly chain: boolean;
  readonly headsEqual: boolean;
  readonly stateEqual: boolean;
  readonly head: string;
  readonly state: string;
  readonly reason: string;
}

/**
 * Does what a bad day would ask for, without touching anything: backs the journal up, restores the copy elsewhere, proves its
 * chain, and compares its head and the state that it folds to with the journal's own.
 */
export async function drill(path: string): Promise<DrillResult> {
  const folder = mkdtempSync(join(tmpdir(), 'strikedesk-drill-'));
  const source = openJournalReader(path);
  try {
    const backup = await backUp(source.db, join(folder, 'backups'), instant(Date.now()), { daily: 1, weekly: 0 });
    const restored = join(folder, 'restored', 'journal.db');
    await restore(backup.file, restored, instant(Date.now()));
    const copy = openJournalReader(restored);
    try {
      const verdict = copy.reader.verify();
      const own = foldOf(source.reader, verdict.events);
      const theirs = foldOf(copy.reader, verdict.events);
      const headsEqual = own.head === theirs.head && theirs.head === (verdict.events === 0 ? '' : verdict.head);
      const stateEqual = own.state === theirs.state;
      return {
        ok: verdict.ok && headsEqual && stateEqual,
        events: verdict.events,
        chain: verdict.ok,
        headsEqual,
        stateEqual,
        head: verdict.head,
        state: theirs.state,
        reason: verdict.reason,
      };
    } finally {
      copy.close();
    }
  } finally {
    source.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Hash of the head and of the state after the first `events` rows: a journal in use may have grown since the copy. */
export function foldOf(reader: JournalReader, events: number): { readonly head: string; readonly state: string } {
  const state = emptyState();
  let head = '';
  for (const { seq, at, fact, hash } of reader.rows(1)) {
    if (seq > events) break;
    apply(state, fact, at);
    head = hash;
  }
  return { head, state: createHash('sha256').update(JSON.stringify(state, plainly)).digest('hex') };
}

/** Maps and sets as lists, so that nothing of the state is lost in the text. */
function plainly(_: string, value: unknown): unknown {
  if (value instanceof Map) return [...value];
  return value instanceof Set ? [...value] : value;
}
