import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { type Instant, invariant } from '#domain/units';
import type { ChainVerdict } from '#ports/journalQueries';
import { anchorPath, openAnchor, readAnchor } from './anchor.ts';
import { type Connection, openConnection } from './connection.ts';
import { JournalRefused, refuseNewer } from './migrate.ts';
import { keptBackups } from './retention.ts';
import { verifyChain } from './verify.ts';
import { takeWriterLock } from './writerLock.ts';

export interface BackupMade {
  readonly file: string;
  readonly events: number;
  readonly removed: readonly string[];
}

/**
 * Copies the journal while it is in use, checks the copy (integrity and the whole chain), syncs it, gives it its name, and
 * drops what retention no longer keeps. A copy that fails its check never gets a name; the error says why.
 */
export async function backUp(
  db: Connection,
  folder: string,
  now: Instant,
  keep: { readonly daily: number; readonly weekly: number },
): Promise<BackupMade> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const file = join(folder, `journal-${new Date(now).toISOString().replace(/[-:]/g, '').slice(0, 15)}Z.db`);
  const draft = `${file}.draft`;
  await db.backup(draft);
  const { events, head } = checkWhole(draft);
  syncFile(draft);
  renameSync(draft, file);
  openAnchor(file, { seq: events, hash: head }).close();
  syncFolder(folder);
  return { file, events, removed: prune(folder, keep) };
}

/** Checks a copy that nobody writes: SQLite's integrity and the chain. Throws a sentence when it is not whole. */
export function checkWhole(file: string): ChainVerdict {
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
    for (const trace of ['-wal', '-shm']) rmSync(`${file}${trace}`, { force: true });
  }
}

/**
 * Puts a backup in the journal's place. The journal that is there is kept beside it (`.replaced-<time>`), never deleted.
 * Refused while a writer holds the journal, and when the backup does not verify.
 */
export async function restore(from: string, path: string, now: Instant): Promise<ChainVerdict> {
  if (!existsSync(from)) throw new JournalRefused(`There is no backup at ${from}.`);
  const verdict = checkWhole(from);
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const lock = takeWriterLock(path);
  if (!lock) throw new JournalRefused('Strikedesk is writing this journal; stop it first.');
  try {
    const draft = `${path}.draft`;
    const source = openConnection(from, { readonly: true, create: false });
    await source.backup(draft).finally(() => source.close());
    invariant(checkWhole(draft).head === verdict.head, 'the restored copy ends at another row than the backup');
    for (const file of [path, `${path}-wal`, `${path}-shm`, anchorPath(path)])
      if (existsSync(file)) renameSync(file, `${file}.replaced-${now}`);
    renameSync(draft, path);
    openAnchor(path, { seq: verdict.events, hash: verdict.head }).close();
    syncFolder(dirname(path));
    return verdict;
  } finally {
    lock.release();
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

function syncFile(path: string): void {
  const handle = openSync(path, 'r+');
  fsyncSync(handle);
  closeSync(handle);
}

/** Makes a rename survive a power loss; Windows has no such call and needs none. */
function syncFolder(folder: string): void {
  if (process.platform === 'win32') return;
  const handle = openSync(folder, 'r');
  fsyncSync(handle);
  closeSync(handle);
}
