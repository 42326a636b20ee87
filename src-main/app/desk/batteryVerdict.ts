import { existsSync, readFileSync } from 'node:fs';
import { z } from 'zod';

/** Under this name a whole run of `npm test` is noted: many controls are shown by nothing else. */
export const TESTS = 'tests';

/** What must be green before real money: the battery's own commands, and the tests. */
export const NEEDED = [
  TESTS,
  'swarm',
  'crash-points',
  'sigkill',
  'gate',
  'mutants',
  'tamper',
  'kill-switch',
  'stress',
  'disk',
  'power',
  'prove-the-meter',
  'soak',
  'fuzz',
  'payloads',
  'injection',
];

const evidence = z.object({
  build: z.string(),
  entries: z.record(z.string(), z.object({ at: z.union([z.string(), z.number()]), ok: z.boolean(), result: z.unknown() })),
});

/** What the battery came to for this build: the whole, and each command that was run. */
export interface BatteryVerdict {
  readonly green: boolean;
  readonly detail: string;
  readonly entries: readonly { readonly command: string; readonly ok: boolean; readonly at: string }[];
}

/** The battery's evidence file against this build: another build's proof proves nothing about this one. */
export function batteryVerdict(file: string, build: string): BatteryVerdict {
  if (!existsSync(file))
    return {
      green: false,
      detail: 'not run yet on this machine (npm test and npm run battery, README: The battery)',
      entries: [],
    };
  let read: z.infer<typeof evidence>;
  try {
    read = evidence.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return { green: false, detail: 'the evidence file cannot be read', entries: [] };
  }
  if (read.build !== build) return { green: false, detail: `proved for ${read.build}, this is ${build}`, entries: [] };
  const entries = Object.entries(read.entries).map(([command, { at, ok }]) => ({ command, ok, at: String(at) }));
  const missing = NEEDED.filter((command) => read.entries[command]?.ok !== true);
  if (missing.length > 0) return { green: false, detail: `not green: ${missing.join(', ')}`, entries };
  return { green: true, detail: 'all green', entries };
}
