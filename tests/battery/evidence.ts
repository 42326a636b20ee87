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

/** How an option may differ from what the command runs by itself: only towards more. */
interface Size {
  readonly least?: number;
  readonly most?: number;
}

/** Who looks and from where on: none of it makes a run smaller. */
const FREE = ['json', 'verbose', 'seed', 'from-seed'];

/**
 * The size from which on a run speaks for its build; also what each command runs by itself. What is not listed makes no whole run:
 * a single case of it, or another pace than the product's.
 */
export const SIZES: Readonly<Record<string, Readonly<Record<string, Size>>>> = {
  swarm: { seeds: { least: 2_000 } },
  'prove-the-meter': { seeds: { least: 800 } },
  'crash-points': { stride: { least: 1, most: 1 }, double: { least: 25, most: 25 } },
  sigkill: { n: { least: 500 }, sessions: { least: 1 }, kills: { least: 25 } },
  power: { cuts: { least: 1_000 }, minutes: { least: 60 } },
  disk: { n: { least: 200 }, minutes: { least: 90 } },
  tamper: { rows: { least: 10_000 } },
  'kill-switch': { n: { least: 10_000 }, kills: { least: 1_000 }, throws: { least: 100 } },
  soak: { days: { least: 90 } },
  fuzz: { n: { least: 1_000_000 } },
  stress: { n: { least: 50 } },
  gate: { n: { least: 10_000 } },
  payloads: { n: { least: 1_000_000 } },
  injection: { n: { least: 520 } },
  mutants: { step: { least: 1, most: 1 } },
};

/** Whether a run with these arguments is as large as the command asks of itself: every option is known and reduces nothing. */
export function isWhole(command: string, args: readonly string[]): boolean {
  const sizes = SIZES[command];
  if (!sizes) return false;
  return args.every((arg, at) => {
    const [, option = '', inline] = /^--([^=]+)(?:=(.*))?$/.exec(arg) ?? [];
    // A value; its option was looked at before it.
    if (option === '') return at > 0 && args[at - 1]?.startsWith('--') === true && !args[at - 1]?.includes('=');
    if (option === 'workers') return Number(inline ?? args[at + 1]) >= 1;
    if (FREE.includes(option)) return true;
    const size = Object.hasOwn(sizes, option) ? sizes[option] : undefined;
    const value = Number((inline ?? args[at + 1]) || Number.NaN);
    return size !== undefined && value >= (size.least ?? value) && value <= (size.most ?? value);
  });
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
