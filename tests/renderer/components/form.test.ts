import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { engineSettings } from '#ports/settings/settings';
import { parseText, rangeOf, textOfValue } from '../../../src-renderer/components/form/fieldText.ts';
import { type FormField, fieldsOf, valueAt } from '../../../src-renderer/components/form/schema.ts';

const schema = z.toJSONSchema(
  z.object({
    universe: z
      .array(z.string().regex(/^[A-Z.]{1,6}$/))
      .min(1)
      .default(['SPY'])
      .meta({ unit: 'symbols', description: 'Scanned' }),
    risk: z
      .object({
        maxPositions: z.number().int().min(1).max(500).default(20).meta({ unit: 'positions', description: 'Open at once' }),
        trailing: z.number().min(0).max(1).nullable().default(null).meta({ unit: 'fraction', description: 'May be off' }),
        moves: z.array(z.number().min(-0.9).max(2)).default([-0.1, 0]).meta({ unit: 'fractions', description: 'Grid' }),
        enabled: z.boolean().default(true).meta({ unit: 'on/off', description: 'Switch' }),
        profile: z.enum(['normal', 'fast']).default('normal').meta({ unit: 'profile', description: 'Ladder' }),
        cutoff: z
          .string()
          .regex(/^([01]\d|2[0-3]):[0-5]\d$/)
          .default('15:00')
          .meta({ unit: 'time', description: 'Time' }),
      })
      .prefault({}),
  }),
);

const fields = fieldsOf(schema);

function field(path: string): FormField {
  const found = fields.find((candidate) => candidate.path === path);
  if (!found) throw new Error(`no field ${path}`);
  return found;
}

describe('a form made from a JSON schema', () => {
  it('finds every field with its path, unit, range and description', () => {
    expect(fields.map((entry) => entry.path)).toEqual([
      'universe',
      'risk.maxPositions',
      'risk.trailing',
      'risk.moves',
      'risk.enabled',
      'risk.profile',
      'risk.cutoff',
    ]);
    expect(field('risk.maxPositions')).toMatchObject({
      group: 'risk',
      unit: 'positions',
      description: 'Open at once',
      initial: 20,
    });
    expect(rangeOf(field('risk.maxPositions'))).toBe('1 to 500');
    expect(field('risk.trailing').nullable).toBe(true);
  });

  it('reads numbers and names the field that is wrong', () => {
    expect(parseText(field('risk.maxPositions'), '25')).toEqual({ ok: true, value: 25 });
    expect(parseText(field('risk.maxPositions'), '501')).toEqual({
      ok: false,
      problem: 'max positions must be 1 to 500, not 501',
    });
    expect(parseText(field('risk.maxPositions'), '2.5')).toEqual({
      ok: false,
      problem: 'max positions must be a whole number, not 2.5',
    });
    expect(parseText(field('risk.maxPositions'), '')).toEqual({ ok: false, problem: 'max positions must be a number, not “”' });
    expect(parseText(field('risk.maxPositions'), 'NaN').ok).toBe(false);
    expect(parseText(field('risk.trailing'), '')).toEqual({ ok: true, value: null });
  });

  it('reads lists, choices, switches and patterned text', () => {
    expect(parseText(field('universe'), 'SPY, QQQ IWM')).toEqual({ ok: true, value: ['SPY', 'QQQ', 'IWM'] });
    expect(parseText(field('universe'), 'spy').ok).toBe(false);
    expect(parseText(field('universe'), '').ok).toBe(false);
    expect(parseText(field('risk.moves'), '-0.15, 0, 0.15')).toEqual({ ok: true, value: [-0.15, 0, 0.15] });
    expect(parseText(field('risk.moves'), '-0.95').ok).toBe(false);
    expect(parseText(field('risk.enabled'), 'false')).toEqual({ ok: true, value: false });
    expect(parseText(field('risk.profile'), 'slow').ok).toBe(false);
    expect(parseText(field('risk.cutoff'), '15:00')).toEqual({ ok: true, value: '15:00' });
    expect(parseText(field('risk.cutoff'), '25:00').ok).toBe(false);
  });

  it('shows every default of the real settings as a text that reads back as the same value', () => {
    const real = fieldsOf(z.toJSONSchema(engineSettings)).filter((entry) => entry.shape.kind !== 'data');
    const values: unknown = engineSettings.parse({});
    expect(real.length).toBeGreaterThan(80);
    for (const entry of real) {
      const value = valueAt(values, entry.path);
      expect({ path: entry.path, parsed: parseText(entry, textOfValue(entry, value)) }).toEqual({
        path: entry.path,
        parsed: { ok: true, value },
      });
      expect(entry.unit, entry.path).not.toBe('');
      expect(entry.description, entry.path).not.toBe('');
    }
  });
});
