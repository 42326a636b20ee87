import { hash as digest } from 'node:crypto';
import { closeSync, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs';

/** The chain's head as it stood at a commit. */
export interface Anchor {
  readonly seq: number;
  readonly hash: string;
}

/** Place, hash, and a check of both: half of a new line over an old one must not read as an anchor. Older ones have no check. */
const FORM = /^(\d{16}) ([0-9a-f]{64})(?: ([0-9a-f]{8}))?\n$/;

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
  const [, seq, hash, check] = FORM.exec(text) ?? [];
  if (!seq || !hash || (check !== undefined && check !== checkOf(seq, hash))) return 'unreadable';
  return { seq: Number(seq), hash };
}

function checkOf(seq: string, hash: string): string {
  return digest('sha256', `${seq} ${hash}`, 'hex').slice(0, 8);
}

/**
 * Overwrites the anchor in place after each commit: one small write of constant length inside one sector. It is synced when it
 * is made and when the journal closes, not at each commit: after a power loss an older anchor may be found, never a half one
 * and never one that runs ahead of the journal. `head` is what a new anchor (or one that cannot be read) starts from.
 */
export function openAnchor(databasePath: string, head: Anchor) {
  const before = readAnchor(databasePath);
  const file = openSync(anchorPath(databasePath), 'a+');
  closeSync(file);
  const handle = openSync(anchorPath(databasePath), 'r+');
  const write = ({ seq, hash }: Anchor): void => {
    const place = String(seq).padStart(16, '0');
    writeSync(handle, `${place} ${hash} ${checkOf(place, hash)}\n`, 0);
  };
  if (before === null || before === 'unreadable') {
    write(head);
    fsyncSync(handle);
  }
  return {
    write,
    close(): void {
      fsyncSync(handle);
      closeSync(handle);
    },
  };
}
