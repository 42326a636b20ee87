import { existsSync, readFileSync } from 'node:fs';
import { z } from 'zod';

/** What must be green before real money: the battery's own commands. */
export const NEEDED = [
  'swarm',
  'crash-points',
  'sigkill',
  'mutants',
  'tamper',
  'kill-switch',
  'disk',
  'power',
  'prove-the-meter',
  'fuzz',
];

const evidence = z.object({
  build: z.string(),
  entries: z.record(z.string(), z.object({ at: z.union([z.string(), z.number()]), ok: z.boolean(), result: z.unknown() })),
});

/** The battery's evidence file against this build: another build's proof proves nothing about this one. */
export function batteryVerdict(file: string, build: string): { readonly green: boolean; readonly detail: string } {
  if (!existsSync(file)) return { green: false, detail: `no evidence yet: npm run battery writes it (${build})` };
  let read: z.infer<typeof evidence>;
  try {
    read = evidence.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return { green: false, detail: 'the evidence file cannot be read' };
  }
  if (read.build !== build) return { green: false, detail: `proved for ${read.build}, this is ${build}` };
  const missing = NEEDED.filter((command) => read.entries[command]?.ok !== true);
  return missing.length > 0 ? { green: false, detail: `not green: ${missing.join(', ')}` } : { green: true, detail: 'all green' };
}
