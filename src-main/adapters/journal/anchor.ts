import { closeSync, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs';

/** The chain's head as it stood at a commit. */
export interface Anchor {
  readonly seq: number;
  readonly hash: string;
}

const FORM = /^(\d{16}) ([0-9a-f]{64})\n$/;

/** Where a journal's anchor lies: beside the database, so that cutting rows off its end shows. */
export function anchorPath(databasePath: string): string {
  return `${databasePath}.head`;
}

/** The anchor; null when there is none; 'unreadable' when what is there is not one. */
export function readAnchor(databasePath: string): Anchor | null | 'unreadable' {
  let text: string;
  try {
    text = readFileSync(anchorPath(databasePath), 'utf8');
  } catch {
    return null;
  }
  const [, seq, hash] = FORM.exec(text) ?? [];
  return seq && hash ? { seq: Number(seq), hash } : 'unreadable';
}

/**
 * Overwrites the anchor in place after each commit: one small write of constant length inside one sector. It is synced when
 * the journal closes, not at each commit: an anchor may lag behind the journal, never run ahead of it.
 */
export function openAnchor(databasePath: string) {
  const file = openSync(anchorPath(databasePath), 'a+');
  closeSync(file);
  const handle = openSync(anchorPath(databasePath), 'r+');
  return {
    write({ seq, hash }: Anchor): void {
      writeSync(handle, `${String(seq).padStart(16, '0')} ${hash}\n`, 0);
    },
    close(): void {
      fsyncSync(handle);
      closeSync(handle);
    },
  };
}
