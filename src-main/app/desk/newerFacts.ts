import { existsSync } from 'node:fs';
import { openJournalReader } from '#adapters/journal/journal';
import { refuseUnknown } from '#adapters/journal/migrate';

/**
 * Throws, in a sentence for the owner, when a newer program wrote facts that this one does not know. Asked before anything is
 * opened for writing: a start that is refused leaves the journal, the kill switch and the broker as they are.
 */
export function refuseNewerFacts(file: string): void {
  if (!existsSync(file)) return;
  const { db, reader, close } = openJournalReader(file);
  try {
    // One row of each kind, its first, by the index.
    const firsts = db.prepare<[], number>('SELECT MIN(seq) FROM events GROUP BY kind ORDER BY 1').pluck().all();
    for (const seq of firsts) {
      const [row] = reader.rows(seq);
      if (row) refuseUnknown(row);
    }
  } finally {
    close();
  }
}
