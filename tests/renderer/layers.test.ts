import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = resolve(import.meta.dirname, '../../src-renderer');

/** Which folders of the window each folder may import besides itself. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  connection: [],
  stores: ['connection'],
  components: [],
  charts: ['components'],
  panels: ['charts', 'components', 'stores', 'connection'],
  app: ['panels', 'charts', 'components', 'stores', 'connection'],
};

interface Import {
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

function importsIn(file: string, text: string): readonly Import[] {
  const folder = relative(ROOT, file).split('/')[0] ?? '';
  return [...text.matchAll(/(?:from|import) '(\.[^']+)'/g)].map(([, target = '']) => ({
    file: relative(ROOT, file),
    from: folder,
    to: relative(ROOT, resolve(file, '..', target)).split('/')[0] ?? '',
  }));
}

const violations = (imports: readonly Import[]) =>
  imports.filter(({ from, to }) => from !== to && !(MAY_IMPORT[from] ?? []).includes(to));

const files = readdirSync(ROOT, { recursive: true, encoding: 'utf8' })
  .filter((path) => /\.tsx?$/.test(path) && path.includes('/'))
  .map((path) => join(ROOT, path));

describe('the window’s own layers', () => {
  it('panels know stores, stores know the connection, and nothing looks up', () => {
    const imports = files.flatMap((file) => importsIn(file, readFileSync(file, 'utf8')));
    expect(imports.length).toBeGreaterThan(200);
    for (const layer of Object.keys(MAY_IMPORT))
      expect(imports.some(({ from }) => from === layer) || layer === 'components').toBe(true);
    expect(violations(imports)).toEqual([]);
  });

  it('finds a planted violation', () => {
    const planted = importsIn(join(ROOT, 'stores/planted.ts'), "import { x } from '../panels/chain/ChainPanel.tsx';");
    expect(violations(planted)).toHaveLength(1);
  });

  it('one panel does not import another', () => {
    const across = files
      .filter((file) => file.includes('/panels/'))
      .flatMap((file) =>
        [...readFileSync(file, 'utf8').matchAll(/from '(\.[^']+)'/g)].map(([, target = '']) => ({
          file: relative(ROOT, file),
          own: relative(ROOT, file).split('/')[1],
          target: relative(ROOT, resolve(file, '..', target)).split('/'),
        })),
      )
      .filter(({ own, target }) => target[0] === 'panels' && target[1] !== own);
    expect(across).toEqual([]);
  });
});
