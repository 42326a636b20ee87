import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { describe, expect, it } from 'vitest';
import { FUTURE_LAYERS, LAYERS, PURE_LAYERS, PURE_PACKAGES } from './layers.ts';

interface SourceFile {
  readonly path: string;
  readonly text: string;
}

function filesBelow(folder: string): SourceFile[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(ts|tsx)$/.test(name))
    .map((name) => join(folder, name).split(sep).join('/'))
    .map((path) => ({ path, text: readFileSync(path, 'utf8') }));
}

function importsOf(text: string): string[] {
  const found: string[] = [];
  for (const match of text.matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)) if (match[1]) found.push(match[1]);
  return found;
}

function layerOf(path: string): string | undefined {
  return Object.keys(LAYERS).find((name) => path.startsWith(`${LAYERS[name]?.folder}/`));
}

/** Every import that the layer table forbids, as 'file -> import'. */
function violations(files: readonly SourceFile[]): string[] {
  const found: string[] = [];
  for (const file of files) {
    const layer = layerOf(file.path);
    const rule = layer === undefined ? undefined : LAYERS[layer];
    if (!layer || !rule) continue;
    for (const specifier of importsOf(file.text)) {
      const target = specifier.startsWith('.')
        ? layerOf(
            relative('.', join(dirname(file.path), specifier))
              .split(sep)
              .join('/'),
          )
        : Object.keys(LAYERS).find((name) => LAYERS[name]?.alias && specifier.startsWith(LAYERS[name].alias));
      if (target && target !== layer && !rule.mayImport.includes(target)) found.push(`${file.path} -> ${specifier}`);
      // 'ports may import only the domain' has one exception that costs nothing at run time: contract shares the domain by path.
      if (
        PURE_LAYERS.includes(layer) &&
        !specifier.startsWith('.') &&
        !specifier.startsWith('#') &&
        !PURE_PACKAGES.includes(specifier)
      )
        found.push(`${file.path} -> ${specifier}`);
      if (specifier === 'electron' && layer !== 'shell' && file.path !== 'src-main/app/desktop.ts')
        found.push(`${file.path} -> electron`);
    }
    if (PURE_LAYERS.includes(layer) || layer === 'exchange') {
      const code = file.text.replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '');
      const banned = /\b(Date\.now\(|new Date\(\)|Math\.random\(|performance\.now\(|setTimeout\(|setInterval\()/.exec(code);
      const mayTime = file.path.startsWith('src-main/exchange/alpaca/');
      if (banned && !(mayTime && /setTimeout|setInterval/.test(banned[0]))) found.push(`${file.path} uses ${banned[0]}`);
    }
  }
  return found;
}

const everything = ['src-shared', 'src-main', 'src-renderer'].flatMap(filesBelow);

describe('the arrows point down', () => {
  it('finds files in every layer', () => {
    for (const [name, layer] of Object.entries(LAYERS)) {
      if (FUTURE_LAYERS.includes(name)) continue;
      expect(
        everything.filter((file) => file.path.startsWith(`${layer.folder}/`)).length,
        `layer ${name} is empty`,
      ).toBeGreaterThan(0);
    }
  });

  it('holds for every import', () => {
    expect(violations(everything)).toEqual([]);
  });

  it('finds planted violations', () => {
    const planted = [
      { path: 'src-shared/domain/market/planted.ts', text: "import { x } from '#ports/broker';" },
      { path: 'src-main/engine/planted.ts', text: "import { x } from '#adapters/journal/sqlite';" },
      { path: 'src-main/engine/planted2.ts', text: "import { readFileSync } from 'node:fs';" },
      { path: 'src-main/strategies/planted.ts', text: 'const now = Date.now();' },
      { path: 'src-main/host/planted.ts', text: "import { app } from 'electron';" },
      { path: 'src-renderer/planted.ts', text: "import { x } from '../src-main/engine/engine.ts';" },
    ];
    expect(violations(planted)).toHaveLength(planted.length);
  });

  it('has no cycle of files', () => {
    expect(cycles(everything)).toEqual([]);
    const planted = [
      { path: 'src-shared/domain/a.ts', text: "import { b } from './b.ts';" },
      { path: 'src-shared/domain/b.ts', text: "import { a } from './a.ts';" },
    ];
    expect(cycles(planted)).toHaveLength(1);
  });

  it('keeps names that say nothing out of the tree', () => {
    const empty = /(^|\/)(utils?|helpers?|common|core|manager|types)(\.tsx?|\/)/;
    expect(everything.map((file) => file.path).filter((path) => empty.test(path))).toEqual([]);
  });
});

/** Cycles of value imports, each as its list of files. */
function cycles(files: readonly SourceFile[]): string[] {
  const known = new Set(files.map((file) => file.path));
  const graph = new Map(files.map((file) => [file.path, valueImports(file).filter((path) => known.has(path))]));
  const state = new Map<string, 'open' | 'done'>();
  const found: string[] = [];
  const visit = (path: string, trail: readonly string[]): void => {
    if (state.get(path) === 'done') return;
    if (state.get(path) === 'open') {
      found.push([...trail.slice(trail.indexOf(path)), path].join(' -> '));
      return;
    }
    state.set(path, 'open');
    for (const next of graph.get(path) ?? []) visit(next, [...trail, path]);
    state.set(path, 'done');
  };
  for (const path of graph.keys()) visit(path, []);
  return found;
}

function valueImports(file: SourceFile): string[] {
  const text = file.text.replace(/import type [\s\S]*?;/g, '').replace(/export type \{[\s\S]*?;/g, '');
  return importsOf(text).flatMap((specifier) => {
    if (specifier.startsWith('.')) return [join(dirname(file.path), specifier).split(sep).join('/')];
    const layer = Object.values(LAYERS).find((candidate) => candidate.alias && specifier.startsWith(candidate.alias));
    return layer?.alias ? [`${layer.folder}/${specifier.slice(layer.alias.length)}.ts`] : [];
  });
}

describe('the entries', () => {
  /** Whatever a person, the desk or a test starts as a process of its own. */
  function entries(): readonly string[] {
    const { scripts }: { readonly scripts: Readonly<Record<string, string>> } = JSON.parse(readFileSync('package.json', 'utf8'));
    const commands = Object.values(scripts).flatMap((script) => [...script.matchAll(/\b((?:src-main|tests)\/\S+\.ts)\b/g)]);
    const processes = [...filesBelow('src-main'), ...filesBelow('tests')].filter(
      ({ path }) => /Process\.ts$/.test(path) && !path.endsWith('/inProcess.ts'),
    );
    const built = ['src-main/app/desktop.ts', 'src-main/watchdog/watchdog.ts'];
    return [...new Set([...commands.map(([, path = '']) => path), ...processes.map(({ path }) => path), ...built])];
  }

  it('check the runtime before they load anything: an old Node crashes in the database without a word', () => {
    const found = entries().filter((path) => !path.startsWith('tests/support/'));
    expect(found.length).toBeGreaterThan(15);
    const unchecked = found.filter((path) => importsOf(readFileSync(path, 'utf8'))[0] !== '#adapters/runtime/runtimeCheck');
    expect(unchecked).toEqual([]);
  });
});
