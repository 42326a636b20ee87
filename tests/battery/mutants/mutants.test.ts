import { describe, expect, it } from 'vitest';
import { EQUIVALENTS } from './equivalents.ts';
import { judgeMutants, withoutLine } from './judgeMutants.ts';
import { mutantsOf, mutantsOfTheGate } from './mutations.ts';

const root = process.cwd();

describe('mutants of the gate', () => {
  it('flip every comparison and drop every check', () => {
    const text = "const gates = [holds('a', x <= 1 && !y), ...sizeGates(open)];";
    expect(mutantsOf('a.ts', text).map(({ name }) => name)).toEqual([
      "a.ts:1 drops holds('a', x <= 1 && !y)",
      'a.ts:1 drops ...sizeGates(open)',
      "a.ts:1 always true: holds('a', x <= 1 && !y)",
      "a.ts:1 always false: holds('a', x <= 1 && !y)",
      'a.ts:1 && becomes || in x <= 1 && !y',
      'a.ts:1 <= becomes < in x <= 1',
      'a.ts:1 <= becomes > in x <= 1',
      "a.ts:1 drops the 'not' of !y",
    ]);
  });

  it('are hundreds, and every argued one is one of them', () => {
    const all = mutantsOfTheGate(root);
    expect(all.length).toBeGreaterThan(400);
    const names = new Set(all.map(withoutLine));
    expect(EQUIVALENTS.filter(({ mutant }) => !names.has(mutant))).toEqual([]);
  });

  it('are told by the gate’s stories: every twentieth here, all of them by command', async () => {
    expect((await judgeMutants({ workers: 2, step: 20 })).survived).toEqual([]);
  }, 120_000);
});
