import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { controlsOf, plantAll } from './plantAll.ts';
import { PLANTS } from './plants.ts';

describe('the meter', () => {
  it('has at least a dozen planted faults to find, each with a name of its own', () => {
    expect(PLANTS.length).toBeGreaterThanOrEqual(12);
    expect(new Set(PLANTS.map(({ name }) => name)).size).toBe(PLANTS.length);
  });

  it('finds the text of every planted fault where it is to be broken, once', () => {
    for (const { name, edits } of PLANTS)
      for (const { file, find } of edits) expect(readFileSync(file, 'utf8').split(find).length - 1, `${name}: ${find}`).toBe(1);
  });

  it('notices a program that is broken on purpose', async () => {
    const some = PLANTS.filter(({ name }) =>
      /not on the disk|mixed up|counts as never sent|positions are not looked at|rest on the one before|a stop does not|time stop does not|can be switched off/.test(
        name,
      ),
    );
    expect(some).toHaveLength(8);
    const results = await plantAll({ from: 1, seeds: 40, workers: 2 }, some);
    expect(results.filter(({ found }) => found === null).map(({ name }) => name)).toEqual([]);
    // The same sessions of the program as it is hold: what was noticed is the plant.
    const controls = await controlsOf(results, 2);
    expect(controls.length).toBe(new Set(results.map(({ story, found }) => `${story} ${found?.seed}`)).size);
    expect(controls.filter(({ findings }) => findings.length > 0)).toEqual([]);
  }, 120_000);
});
