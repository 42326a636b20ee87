import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

const folder = process.env['STRIKEDESK_REFERENCE_DATA'] ?? join(import.meta.dirname, '../../../shared/data');

/** Path of a file in the optional reference data; null (and one line on the console) when it is not there. */
export function referencePath(name: string): string | null {
  const path = join(folder, name);
  if (existsSync(path)) return path;
  console.log('skipped: no reference data');
  return null;
}

/** Text of a reference file, unpacked when it ends in .gz; null when it is not there. */
export function referenceText(name: string): string | null {
  const path = referencePath(name);
  if (path === null) return null;
  const bytes = readFileSync(path);
  return (name.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
}
