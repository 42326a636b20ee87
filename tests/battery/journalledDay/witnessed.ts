import { openJournal } from '#adapters/journal/journal';
import { attemptKey, parseClientOrderId } from '#ports/clientOrderId';

/**
 * Opens a journal as a restart would and holds it against what reached the wire: the orders whose intent it does not hold (by
 * place and by hash), and the sentence with which it could not be opened or verified.
 */
export function witnessed(
  path: string,
  onWire: readonly string[],
): { readonly lost: readonly string[]; readonly refused: string | null } {
  try {
    const journal = openJournal(path, { create: onWire.length === 0 });
    try {
      const verdict = journal.reader.verify();
      const intents = new Map<string, string>();
      for (const row of journal.reader.rows(1))
        if (row.fact.kind === 'OrderIntended')
          intents.set(attemptKey(row.fact.request.intentId, row.fact.request.attempt), row.hash);
      const lost = onWire.filter((id) => {
        const parts = parseClientOrderId(id);
        return !parts || intents.get(attemptKey(parts.intentId, parts.attempt))?.startsWith(parts.hash12) !== true;
      });
      return { lost, refused: verdict.ok ? null : verdict.reason };
    } finally {
      journal.close();
    }
  } catch (error) {
    return { lost: onWire, refused: error instanceof Error ? error.message : String(error) };
  }
}
