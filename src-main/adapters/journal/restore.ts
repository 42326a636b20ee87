import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { type Instant, invariant } from '#domain/units';
import type { ChainVerdict } from '#ports/journalQueries';
import { anchorPath, openAnchor } from './anchor.ts';
import { checkWhole } from './backup.ts';
import { openConnection } from './connection.ts';
import { JournalRefused } from './migrate.ts';
import { syncFolder } from './syncFolder.ts';
import { tracesOf } from './traces.ts';
import { takeWriterLock } from './writerLock.ts';

/**
 * Puts a backup (or any journal that nobody writes) in the journal's place. The journal that is there is kept beside it as
 * `.replaced-<time>`, with its log and its anchor under that name, so that it can be read and put back; nothing is deleted.
 * Refused while a writer holds either of them, and when the backup does not verify.
 */
export async function restore(from: string, path: string, now: Instant): Promise<ChainVerdict> {
  if (!existsSync(from)) throw new JournalRefused(`There is no backup at ${from}.`);
  if (resolve(from) === resolve(path)) throw new JournalRefused('A journal cannot be put in its own place.');
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const held = lockOf(path, 'Strikedesk is writing this journal; stop it first.');
  try {
    const source = lockOf(from, `Strikedesk is writing ${from}; stop it first, or restore one of its backups.`);
    try {
      return await putInPlace(from, path, now);
    } finally {
      source.release();
    }
  } finally {
    held.release();
  }
}

/** The writer's lock, whose file goes again where it was not there before. Throws `refusal` while a writer holds it. */
function lockOf(path: string, refusal: string): { release(): void } {
  const isNew = !existsSync(`${path}.writer`);
  const lock = takeWriterLock(path);
  if (!lock) throw new JournalRefused(refusal);
  return {
    release() {
      lock.release();
      if (isNew) for (const trace of ['', '-journal']) rmSync(`${path}.writer${trace}`, { force: true });
    },
  };
}

async function putInPlace(from: string, path: string, now: Instant): Promise<ChainVerdict> {
  const verdict = checkWhole(from);
  const draft = `${path}.draft`;
  const removeTraces = tracesOf(from);
  const source = openConnection(from, { readonly: true, create: false });
  await source.backup(draft).finally(() => {
    source.close();
    removeTraces();
  });
  invariant(checkWhole(draft).head === verdict.head, 'the restored copy ends at another row than the backup');
  setAside(path, `${path}.replaced-${now}`);
  renameSync(draft, path);
  openAnchor(path, { seq: verdict.events, hash: verdict.head }).close();
  syncFolder(dirname(path));
  return verdict;
}

/**
 * Renames a journal with all that belongs to it. The log goes first and the anchor last: whatever is left in place when the
 * program dies in between ends before its anchor, and is refused instead of written on.
 */
function setAside(path: string, name: string): void {
  rmSync(`${path}-shm`, { force: true });
  for (const [file, kept] of [
    [`${path}-wal`, `${name}-wal`],
    [path, name],
    [anchorPath(path), anchorPath(name)],
  ] as const)
    if (existsSync(file)) renameSync(file, kept);
}
