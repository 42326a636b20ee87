import type { Instant } from '#domain/units';
import type { JournalFact } from './facts.ts';

/** A fact with its place in the chain. */
export interface JournalRow {
  /** 1, 2, 3 ... without a gap. */
  readonly seq: number;
  readonly at: Instant;
  readonly fact: JournalFact;
  /** Hex SHA-256 over the previous row's hash and this row's canonical text. */
  readonly hash: string;
}

/** The only writer. `append` returns when the rows are durable (or, when `durable` is false, at the latest with the next durable one). */
export interface JournalWriter {
  readonly journalId: string;
  append(
    facts: readonly { readonly at: Instant; readonly fact: JournalFact }[],
    options: { readonly durable: boolean },
  ): readonly JournalRow[];
  head(): { readonly seq: number; readonly hash: string };
}

/** Readers never write. */
export interface JournalReader {
  rows(fromSeq: number): Iterable<JournalRow>;
}
