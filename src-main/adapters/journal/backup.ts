import { mkdirSync, readdirSync, renameSync, rmSync, statfsSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Instant } from '#domain/units';
import type { ChainVerdict } from '#ports/journalQueries';
import { anchorPath, openAnchor, readAnchor } from './anchor.ts';
import { checkOnThread } from './checkThread.ts';
import { type Connection, openConnection } from './connection.ts';
import { JournalRefused, refuseNewer } from './migrate.ts';
import { keptBackups } from './retention.ts';
import { syncFolder } from './syncFolder.ts';
import { tracesOf } from './traces.ts';
import { verifyChain } from './verify.ts';

const MEGABYTE = 1_048_576;

export interface BackupMade {
  readonly file: string;
  readonly events: number;
  readonly removed: readonly string[];
}

/**
 * Copies the journal while it is in use, checks the copy (integrity and the whole chain), syncs it, gives it its name, and
 * drops what retention no longer keeps (`keep`; null drops nothing). A copy that fails its check never gets a name and is removed;
 * the error says why. Refused where it would leave less than `spareMegabytes` of the disk: the journal itself needs them.
 */
export async function backUp(
  db: Connection,
  folder: string,
  now: Instant,
  keep: { readonly daily: number; readonly weekly: number } | null,
  spareMegabytes = 0,
): Promise<BackupMade> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const file = join(folder, `journal-${new Date(now).toISOString().replace(/[-:]/g, '').slice(0, 15)}Z.db`);
  const draft = `${file}.draft`;
  refuseWithoutRoom(db, folder, spareMegabytes);
  let checked: ChainVerdict;
  try {
    await db.backup(draft);
    checked = await checkOnThread({ kind: 'copy', file: draft });
    renameSync(draft, file);
  } catch (error) {
    // Another try comes soon, and a damaged copy each time would fill the disk.
    for (const left of ['', '-journal', '-wal', '-shm']) rmSync(`${draft}${left}`, { force: true });
    throw error;
  }
  const { events, head } = checked;
  openAnchor(file, { seq: events, hash: head }).close();
  syncFolder(folder);
  return { file, events, removed: keep === null ? [] : prune(folder, keep) };
}

function refuseWithoutRoom(db: Connection, folder: string, spareMegabytes: number): void {
  const pages = Number(db.pragma('page_count', { simple: true }));
  const needed = (pages * Number(db.pragma('page_size', { simple: true }))) / MEGABYTE;
  const { bavail, bsize } = statfsSync(folder);
  const free = (bavail * bsize) / MEGABYTE;
  if (free <= needed + spareMegabytes)
    throw new JournalRefused(
      `No backup was made: the copy needs ${needed.toFixed(0)} MB and ${spareMegabytes} MB must stay free, ${free.toFixed(0)} MB are.`,
    );
}

/** Checks a copy that nobody writes: SQLite's integrity and the chain. Throws a sentence when it is not whole. */
export function checkWhole(file: string): ChainVerdict {
  const removeTraces = tracesOf(file);
  const db = openConnection(file, { readonly: true, create: false });
  try {
    refuseNewer(db);
    const integrity: unknown = db.pragma('integrity_check', { simple: true });
    if (integrity !== 'ok') throw new JournalRefused(`The copy ${basename(file)} is damaged: ${String(integrity)}`);
    const verdict = verifyChain(db, readAnchor(file));
    if (!verdict.ok) throw new JournalRefused(`The copy ${basename(file)} does not verify: ${verdict.reason}`);
    return verdict;
  } finally {
    db.close();
    removeTraces();
  }
}

function prune(folder: string, keep: { readonly daily: number; readonly weekly: number }): readonly string[] {
  const names = readdirSync(folder).filter((name) => /^journal-\d{8}T\d{6}Z\.db$/.test(name));
  const kept = keptBackups(names, keep);
  const removed = names.filter((name) => !kept.has(name));
  for (const name of removed) {
    rmSync(join(folder, name));
    rmSync(anchorPath(join(folder, name)), { force: true });
  }
  return removed;
}
