import type { JournalFact } from './facts.ts';

/**
 * Wire identity of an order: `sd-<journal>-<intent>-<attempt>-<hash12>`.
 * `journal` names the journal that sent it, `hash12` is the start of the intent row's chain hash, so that the broker holds
 * an independent witness of the journal. At most 128 characters (Alpaca's limit).
 */
export interface ClientOrderIdParts {
  readonly journalId: string;
  readonly intentId: string;
  readonly attempt: number;
  readonly hash12: string;
}

/** Key of an intent's attempt. */
export function attemptKey(intentId: string, attempt: number): string {
  return `${intentId}-${attempt}`;
}

/**
 * What every attempt that the journal holds is called at the broker, by {@link attemptKey}. The runtime keeps it from the journal's
 * rows: the engine knows its own orders by it without hashing anything.
 */
export type WireIds = ReadonlyMap<string, string>;

/** Takes an intent's row into the ids; any other row changes nothing. */
export function noteWireId(
  ids: Map<string, string>,
  journalId: string,
  { fact, hash }: { readonly fact: JournalFact; readonly hash: string },
): void {
  if (fact.kind !== 'OrderIntended') return;
  const { intentId, attempt } = fact.request;
  ids.set(attemptKey(intentId, attempt), composeClientOrderId(journalId, intentId, attempt, hash));
}

const FORM = /^sd-([a-z0-9]{4,16})-(i\d+)-(\d+)-([0-9a-f]{12})$/;

/** Composes the id; the hash is the hex chain hash of the intent's journal row. */
export function composeClientOrderId(journalId: string, intentId: string, attempt: number, intentRowHash: string): string {
  return `sd-${journalId}-${intentId}-${attempt}-${intentRowHash.slice(0, 12)}`;
}

/** The parts, or null when the id was not made here. */
export function parseClientOrderId(clientOrderId: string): ClientOrderIdParts | null {
  const match = FORM.exec(clientOrderId);
  if (!match) return null;
  const [, journalId = '', intentId = '', attempt = '', hash12 = ''] = match;
  return { journalId, intentId, attempt: Number(attempt), hash12 };
}
