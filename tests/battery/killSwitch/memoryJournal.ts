import { createHash } from 'node:crypto';
import type { JournalReader, JournalRow, JournalWriter } from '#ports/journal';

/** A journal in memory that outlives the engine of a session, with a chain of its own: for thousands of short sessions. */
export function memoryJournal(journalId: string): { readonly writer: JournalWriter; readonly reader: JournalReader } {
  const rows: JournalRow[] = [];
  let hash = '';
  return {
    writer: {
      journalId,
      append(facts) {
        const added = facts.map(({ at, fact }, index): JournalRow => {
          hash = createHash('sha256')
            .update(`${hash}${at}${fact.kind}${rows.length + index}`)
            .digest('hex');
          return { seq: rows.length + index + 1, at, fact, hash };
        });
        rows.push(...added);
        return added;
      },
      head: () => ({ seq: rows.length, hash }),
    },
    reader: { rows: (fromSeq) => rows.slice(fromSeq - 1) },
  };
}
