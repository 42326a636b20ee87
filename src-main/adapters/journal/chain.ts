import { hash } from 'node:crypto';

/** What the first row's hash is built on: a journal is bound to its id from its first row. */
export function genesisHash(journalId: string): string {
  return hash('sha256', `strikedesk journal ${journalId}`, 'hex');
}

/** Hex SHA-256 over the previous hash, the row's place, instant, kind and canonical text. */
export function rowHash(previous: string, row: { seq: number; at: number; kind: string; fact: string }): string {
  return hash('sha256', `${previous}\n${row.seq}\n${row.at}\n${row.kind}\n${row.fact}`, 'hex');
}
