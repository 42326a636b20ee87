import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CONTROLS } from '#host/safety/controls';
import { appSettings } from '#ports/settings/appSettings';
import { TRIGGERS } from '#ports/settings/protectionSettings';
import { SIZES } from '../battery/evidence.ts';

const ENGINE = join(import.meta.dirname, '../../src-main/engine');
const riskSource = sourcesIn(['risk']);
const source = sourcesIn(['risk', 'scanner', 'commands', 'entries']);

function sourcesIn(folders: readonly string[]): string {
  return folders
    .flatMap((folder) => readdirSync(join(ENGINE, folder)).map((name) => readFileSync(join(ENGINE, folder, name), 'utf8')))
    .join('\n');
}

describe('the catalogue of controls', () => {
  it('is the forty-two, numbered in order', () => {
    expect(CONTROLS.map(({ number }) => number)).toEqual(Array.from({ length: 42 }, (_, place) => place + 1));
    expect(new Set(CONTROLS.map(({ title }) => title)).size).toBe(42);
  });

  it('speaks of gates and breakers that the engine has', () => {
    const gates = CONTROLS.flatMap((control) => control.gates);
    expect(gates.filter((gate) => !source.includes(`'${gate}'`))).toEqual([]);
    const breakers = CONTROLS.flatMap((control) => control.breakers);
    expect(breakers.filter((breaker) => !TRIGGERS.some((trigger) => trigger === breaker))).toEqual([]);
  });

  it('has a control for every gate that the engine asks: a refusal shows somewhere', () => {
    const gates = new Set(CONTROLS.flatMap((control) => control.gates));
    const asked = new Set(
      [...riskSource.matchAll(/(?:\b(?:atMost|atLeast|below|above|holds)\(\s*|gate: )'(\w+)'/g)].map(([, gate = '']) => gate),
    );
    expect(asked.size).toBeGreaterThan(50);
    expect([...asked].filter((gate) => !gates.has(gate))).toEqual([]);
    // Nothing is said twice: a refusal is one control acting.
    const all = CONTROLS.flatMap((control) => control.gates);
    expect(all.filter((gate, place) => all.indexOf(gate) !== place)).toEqual([]);
  });

  it('points at settings that exist', () => {
    const defaults: Record<string, unknown> = { ...appSettings.parse({}) };
    for (const { setting } of CONTROLS.filter((control) => control.setting !== '')) {
      const [section = '', field = ''] = setting.split('.');
      const block = defaults[section];
      expect(typeof block === 'object' && block !== null && field in block, setting).toBe(true);
    }
  });

  it('names for each what really exercises it: commands of the battery, and test files that are there and speak of it', () => {
    const root = join(import.meta.dirname, '../..');
    for (const { title, proofs, tests } of CONTROLS) {
      expect(proofs.length + tests.length, title).toBeGreaterThan(0);
      expect(
        proofs.filter((command) => !(command in SIZES)),
        title,
      ).toEqual([]);
      for (const file of tests) expect(readFileSync(join(root, file), 'utf8'), file).toMatch(/\bit(\.each)?[(<]/);
    }
    // No scheduler, second writer, backup or restart guard takes part in any of the battery's commands.
    for (const title of ['Rate limits', 'One writer', 'Backups', 'Comes back with care'])
      expect(CONTROLS.find((control) => control.title === title)?.proofs, title).toEqual([]);
  });
});
