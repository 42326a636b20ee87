import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const FOLDERS: Readonly<Record<string, string>> = {
  '#domain/': 'src-shared/domain/',
  '#contract/': 'src-shared/contract/',
  '#wire/': 'src-shared/wire/',
};

/** Every file that these reach by any import, types included, and every package. */
function reachedFrom(entries: readonly string[], textOf = (file: string) => readFileSync(file, 'utf8')) {
  const files = new Set<string>();
  const packages = new Set<string>();
  const visit = (file: string): void => {
    if (files.has(file)) return;
    files.add(file);
    for (const [, specifier = ''] of textOf(file).matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)) {
      if (specifier.startsWith('.')) visit(relative('.', resolve(dirname(file), specifier)));
      else if (specifier.startsWith('#')) {
        const alias = Object.keys(FOLDERS).find((name) => specifier.startsWith(name));
        visit(alias === undefined ? `src-main/${specifier.slice(1)}.ts` : `${FOLDERS[alias]}${specifier.slice(alias.length)}.ts`);
      } else packages.add(specifier);
    }
  };
  for (const entry of entries) visit(entry);
  return { files: [...files].sort(), packages: [...packages].sort() };
}

const filesIn = (folder: string): string[] => readdirSync(folder).map((name) => join(folder, name));
/** The one file that knows the desk: it hands looks and a pen to the rest. */
const JOINED = ['src-main/host/opinion/opinionDesk.ts', 'src-main/host/opinion/textsOn.ts'];
const CORE = [
  ...filesIn('src-main/host/opinion').filter((file) => !JOINED.includes(file)),
  ...filesIn('src-main/adapters/opinion'),
];

describe('a second opinion', () => {
  it('knows the words of a decision, a question and an answer, and no way to command anything: not even a type of one', () => {
    const { files, packages } = reachedFrom(CORE);
    expect(CORE.length).toBeGreaterThan(4);
    expect(files).toEqual([
      'src-main/adapters/opinion/chatCompletions.ts',
      'src-main/adapters/opinion/closedAnswer.ts',
      'src-main/host/opinion/outsideTexts.ts',
      'src-main/host/opinion/prompt.ts',
      'src-main/host/opinion/secondOpinion.ts',
      'src-main/ports/opinion.ts',
      'src-shared/domain/decisions/decision.ts',
      'src-shared/domain/decisions/opinion.ts',
      'src-shared/domain/decisions/plainText.ts',
      'src-shared/domain/units.ts',
    ]);
    expect(packages).toEqual(['node:crypto', 'zod']);
  });

  it('is found out when it reaches for more', () => {
    const planted = "import type { OperatorCommand } from '#ports/commands';";
    const { files } = reachedFrom(['src-main/host/opinion/prompt.ts'], (file) =>
      file.endsWith('prompt.ts') ? planted : readFileSync(file, 'utf8'),
    );
    expect(files).toContain('src-main/ports/commands.ts');
  });

  it('is joined to the desk without its commands, its switch, its settings’ pen or its broker', () => {
    for (const file of JOINED) {
      const text = readFileSync(file, 'utf8');
      const reaching = /\bissue\b|\.latch\b|settings\.change|\.engine\b|takeNotice|actsOf|\.phone\b|\.watchdog\b|backUp/.exec(
        text,
      );
      expect(reaching, file).toBeNull();
      // Of the key store it reads its own key only.
      expect(
        [...text.matchAll(/secrets\.(?:read|store|remove)\((\w+)/g)].every(([, name]) => name === 'NAME'),
        file,
      ).toBe(true);
    }
  });

  it('uses the network in one place, and that one follows no redirect', () => {
    const callers = CORE.filter((file) => /\bfetch\(|WebSocket|node:(?:http|net|tls|dgram)/.test(readFileSync(file, 'utf8')));
    expect(callers).toEqual(['src-main/adapters/opinion/chatCompletions.ts']);
    expect(readFileSync('src-main/adapters/opinion/chatCompletions.ts', 'utf8')).toContain("redirect: 'manual'");
  });
});
