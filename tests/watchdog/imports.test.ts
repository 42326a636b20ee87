import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { expect, it } from 'vitest';

/** Every file that the watchdog's process loads, and every package. */
function reached(entry: string): { readonly files: Set<string>; readonly packages: Set<string> } {
  const files = new Set<string>();
  const packages = new Set<string>();
  const visit = (file: string): void => {
    if (files.has(file)) return;
    files.add(file);
    for (const [line, specifier = ''] of readFileSync(file, 'utf8').matchAll(/^import .*?'([^']+)';$/gms)) {
      if (line.startsWith('import type')) continue;
      if (specifier.startsWith('.')) visit(join(dirname(file), specifier));
      else if (specifier.startsWith('#domain/')) visit(resolve(`src-shared/domain/${specifier.slice(8)}.ts`));
      else if (specifier.startsWith('#')) visit(resolve(`src-main/${specifier.slice(1)}.ts`));
      else packages.add(specifier);
    }
  };
  visit(resolve(entry));
  return { files, packages };
}

it('the watchdog shares nothing with the engine but the latch’s file and the check of Node: no engine, no database, no vendor’s kit', () => {
  const { files, packages } = reached('src-main/watchdog/watchdog.ts');
  expect(files.size).toBeGreaterThan(5);
  const foreign = [...files].filter(
    (file) => !/src-main\/watchdog\/|adapters\/(latch|runtime)\/|src-shared\/domain\/|ports\/latch/.test(file),
  );
  expect(foreign).toEqual([]);
  expect([...packages].filter((name) => !name.startsWith('node:'))).toEqual(['zod']);
});
