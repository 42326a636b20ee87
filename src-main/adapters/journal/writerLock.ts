import Database from 'better-sqlite3';

/**
 * Holds the one writer's lock: an exclusive transaction on a small database of its own, kept open for as long as the process
 * lives. The operating system drops it when the process dies, however it dies, so a lock is never stale.
 * null when another process (or another journal of this one) holds it.
 */
export function takeWriterLock(databasePath: string): { release(): void } | null {
  const db = new Database(`${databasePath}.writer`, { timeout: 0 });
  try {
    db.exec('BEGIN EXCLUSIVE');
    return { release: () => db.close() };
  } catch {
    db.close();
    return null;
  }
}
