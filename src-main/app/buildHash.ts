import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
/** What trades: the sources of both processes, and the packages that they are pinned to. */
const FOLDERS = ['src-main', 'src-shared'];
const FILES = ['package.json', 'package-lock.json'];

/** Twelve hex digits of a SHA-256 over the names and contents of the sources: another source, another build. */
export function hashOfSources(root: string = ROOT): string {
  const hash = createHash('sha256');
  for (const file of [...FOLDERS.flatMap((folder) => filesIn(root, folder)), ...FILES]) {
    hash.update(`${file}\0`);
    hash.update(readFileSync(join(root, file), 'utf8').replaceAll('\r\n', '\n'));
  }
  return hash.digest('hex').slice(0, 12);
}

function filesIn(root: string, folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && /\.(ts|mjs)$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length).replaceAll('\\', '/').replace(/^\//, ''))
    .sort();
}
