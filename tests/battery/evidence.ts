import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';

/** What one command of the battery came to. */
interface Entry {
  readonly at: string;
  readonly ok: boolean;
  readonly result: unknown;
}

const known = z.object({
  build: z.string(),
  entries: z.record(z.string(), z.object({ at: z.string(), ok: z.boolean(), result: z.unknown() })),
});

/** The size from which on a run speaks for its build; also what each command runs by itself. */
const WHOLE: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  swarm: { seeds: 2_000 },
  'prove-the-meter': { seeds: 400 },
  sigkill: { n: 500 },
  power: { cuts: 1_000 },
  disk: { n: 200 },
  tamper: { rows: 10_000 },
  'kill-switch': { n: 10_000, kills: 1_000, throws: 100 },
  soak: { days: 90 },
  fuzz: { n: 100_000 },
  gate: { n: 10_000 },
};

/** Whether a run with these arguments is as large as the command asks of itself. */
export function isWhole(command: string, args: readonly string[]): boolean {
  const given = (option: string): number | null => {
    const at = args.findIndex((arg) => arg === `--${option}` || arg.startsWith(`--${option}=`));
    const arg = args[at];
    return arg === undefined ? null : Number(arg.includes('=') ? arg.slice(arg.indexOf('=') + 1) : args[at + 1]);
  };
  if ((given('stride') ?? 1) > 1) return false;
  return Object.entries(WHOLE[command] ?? {}).every(([option, least]) => (given(option) ?? least) >= least);
}

/**
 * Notes what a command came to in the evidence file, which the way to real money reads. A small run that found nothing proves
 * nothing and is left out; one that failed counts whatever its size. Another build's entries are thrown away.
 */
export function noteEvidence(
  file: string,
  run: {
    readonly build: string;
    readonly command: string;
    readonly at: Date;
    readonly ok: boolean;
    readonly whole: boolean;
    readonly result: unknown;
  },
): void {
  if (run.ok && !run.whole) return;
  const before = existsSync(file) ? entriesFor(readFileSync(file, 'utf8'), run.build) : {};
  const entries = { ...before, [run.command]: { at: run.at.toISOString(), ok: run.ok, result: run.result } };
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  // Whole or not at all: a reader never sees half a file.
  writeFileSync(`${file}.new`, `${JSON.stringify({ build: run.build, entries }, null, 1)}\n`, { mode: 0o600 });
  renameSync(`${file}.new`, file);
}

function entriesFor(text: string, build: string): Readonly<Record<string, Entry>> {
  try {
    const read = known.parse(JSON.parse(text));
    return read.build === build ? read.entries : {};
  } catch {
    return {};
  }
}
