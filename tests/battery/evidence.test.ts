import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { batteryVerdict, NEEDED, TESTS } from '#app/desk/batteryVerdict';
import { isWhole, noteEvidence, SIZES } from './evidence.ts';
import { optionsOf } from './optionsOf.ts';

const folder = mkdtempSync(join(tmpdir(), 'strikedesk-evidence-'));
const file = join(folder, 'battery-evidence.json');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const note = (command: string, over: { build?: string; ok?: boolean; whole?: boolean } = {}): void =>
  noteEvidence(file, { build: 'one', command, at: new Date(0), ok: true, whole: true, result: { ok: true }, ...over });

describe('the evidence of the battery', () => {
  it('is green for its own build when every command held, and for no other build', () => {
    for (const command of NEEDED) note(command);
    expect(batteryVerdict(file, 'one')).toMatchObject({ green: true });
    expect(batteryVerdict(file, 'two').green).toBe(false);
  });

  it('turns red with one failure of whatever size, and green again only by a whole run', () => {
    note('swarm', { ok: false, whole: false });
    expect(batteryVerdict(file, 'one')).toMatchObject({ green: false, detail: 'not green: swarm' });
    note('swarm', { whole: false });
    expect(batteryVerdict(file, 'one').green).toBe(false);
    note('swarm');
    expect(batteryVerdict(file, 'one').green).toBe(true);
  });

  it('forgets what was proved for another build', () => {
    note('disk', { build: 'two' });
    expect(Object.keys(JSON.parse(readFileSync(file, 'utf8')).entries)).toEqual(['disk']);
  });

  it.each<[string, string, boolean]>([
    ['swarm', '--json', true],
    ['swarm', '--seeds 100000 --from-seed 7 --workers 8', true],
    ['swarm', '--seeds=100', false],
    ['swarm', '--seeds 2000 --seeds 1', false],
    ['swarm', '--seeds', false],
    ['swarm', '--seeds many', false],
    ['swarm', '--days 1', false],
    ['kill-switch', '--n 10000 --kills 10', false],
    ['kill-switch', '--throws 1', false],
    ['crash-points', '--stride 10', false],
    ['crash-points', '--double 1000', false],
    ['crash-points', '--double 5', false],
    ['sigkill', '--sessions 0', false],
    ['sigkill', '--kills 1', false],
    ['mutants', '--step 50', false],
    ['mutants', '--workers 4 --json', true],
    ['mutants', '--workers 0', false],
    ['disk', '--workers=x', false],
    ['disk', '--minutes 5', false],
    ['power', '--minutes=5', false],
    ['fuzz', '--n 100000', false],
    ['fuzz', '--n 1000000 --seed 3', true],
    ['crash-points', '--flow 4', false],
    ['disk', '--case 17', false],
    ['stress', '--n 50 --beat-ms 100', false],
    ['soak', '--days 60', false],
    ['unheard-of', '', false],
  ])('a run of %s with %j is whole: %j', (command, args, whole) => {
    expect(isWhole(command, args.split(' ').filter(Boolean))).toBe(whole);
  });

  it('comes from no run on no worker, and a number that is none is refused', () => {
    expect(() => optionsOf(['--workers', '0'], { workers: '2' })).toThrow('--workers is 1 or more');
    expect(() => optionsOf(['--n=x'], { n: '200' })).toThrow("--n is a whole number, not 'x'");
    expect(optionsOf(['--n=3', '--json'], { n: '200', name: 'any' })).toEqual({ n: '3', name: 'any' });
  });

  it('knows every option that a command has, and what each runs by itself', () => {
    const folder = (command: string): string => command.replace(/-./g, ([, letter = '']) => letter.toUpperCase());
    for (const [command, sizes] of Object.entries(SIZES)) {
      const source = readFileSync(join(import.meta.dirname, folder(command), 'run.ts'), 'utf8');
      const options = optionsIn(source);
      // An option that is left out by itself picks a single case, or another pace.
      const sized = options.filter(([name, value]) => value !== '' && !['workers', 'seed', 'from-seed'].includes(name));
      const own = Object.fromEntries(sized.map(([name, value]) => [name, Number(value)]));
      const table = Object.fromEntries(Object.entries(sizes).map(([name, { least, most }]) => [name, most ?? least]));
      expect(own, command).toEqual(table);
      expect(options.length, command).toBeGreaterThan(0);
      expect(isWhole(command, []), command).toBe(true);
    }
    expect(Object.keys(SIZES)).toEqual(expect.arrayContaining(NEEDED.filter((command) => command !== TESTS)));
  });
});

/** The options that a command declares, with their defaults, as `optionsOf` takes them. */
function optionsIn(source: string): [name: string, value: string][] {
  const named = /optionsOf\(args, \{([^}]*)\}(?:, \['verbose'\])?\)/.exec(source)?.[1] ?? '';
  const options = [...named.matchAll(/'?([a-z-]+)'?: '([^']*)'/g)].map(([, name = '', value = '']): [string, string] => [
    name,
    value,
  ]);
  // An option that the pattern does not read would be one that this test does not know.
  expect(options.length).toBe([...named.matchAll(/:/g)].length);
  return options;
}
