import { closeSync, fsyncSync, openSync, renameSync, writeSync } from 'node:fs';

/** Written beside, synced, then renamed: a reader never sees half a file. */
export function writeWhole(path: string, content: string): void {
  const draft = `${path}.draft`;
  const handle = openSync(draft, 'w', 0o600);
  writeSync(handle, content);
  fsyncSync(handle);
  closeSync(handle);
  renameSync(draft, path);
}
