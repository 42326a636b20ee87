import { existsSync, rmSync } from 'node:fs';

/**
 * To be called before a database that nobody writes is read; the answer removes what the reading made beside it. What was there
 * before is the file's own: a log may hold its newest rows.
 */
export function tracesOf(file: string): () => void {
  const made = [`${file}-wal`, `${file}-shm`].filter((trace) => !existsSync(trace));
  return () => {
    for (const trace of made) rmSync(trace, { force: true });
  };
}
