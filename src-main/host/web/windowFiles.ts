import { readFile, realpath, stat } from 'node:fs/promises';
import { extname, join, sep } from 'node:path';

const MEDIA: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.wasm': 'application/wasm',
};

export interface WindowFile {
  readonly mediaType: string;
  readonly bytes: Buffer<ArrayBuffer>;
}

/**
 * A file of the built window by its path in the address; null for anything else: unknown types, folders, and whatever leads
 * out of `root`, by dots or by links.
 */
export async function windowFile(root: string, path: string): Promise<WindowFile | null> {
  let decoded: string;
  try {
    decoded = decodeURIComponent(path);
  } catch {
    return null;
  }
  if (decoded.includes('\0') || decoded.includes('\\')) return null;
  const name = decoded === '/' ? 'index.html' : decoded.slice(1);
  const mediaType = MEDIA[extname(name)];
  if (!mediaType) return null;
  try {
    const inside = `${await realpath(root)}${sep}`;
    const file = await realpath(join(root, name));
    if (!file.startsWith(inside) || !(await stat(file)).isFile()) return null;
    return { mediaType, bytes: await readFile(file) };
  } catch {
    return null;
  }
}
