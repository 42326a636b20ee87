import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { recordedDisk } from '../native/recordedDisk.ts';
import { broken, type DiskCase, type DiskCaseResult } from './cases.ts';

export interface DiskResult {
  readonly cases: number;
  /** Cases in which the journal felt the fault. */
  readonly reached: number;
  readonly ordersSent: number;
  /** Place of the case in the list given (from 1), what failed, and what did not hold; a fault that never came is one of them. */
  readonly findings: readonly DiskFinding[];
}

export interface DiskFinding {
  readonly case: number;
  readonly fault: string;
  readonly finding: string;
}

type Numbered<Case> = Case & { readonly number: number };

/** Runs the cases on `workers` processes. A sentence instead of a result when the failing disk cannot be had here. */
export async function failDisk(
  cases: readonly DiskCase[],
  options: { readonly seed: number; readonly minutes: number; readonly workers: number },
): Promise<DiskResult | string> {
  const folder = mkdtempSync(join(tmpdir(), 'strikedesk-disk-'));
  try {
    const numbered = cases.map((each, place) => ({ ...each, number: place + 1 }));
    const shares = Array.from({ length: options.workers }, (_, worker) =>
      numbered.filter((_case, place) => place % options.workers === worker),
    );
    const results = await Promise.all(shares.map((share, worker) => runShare(share, join(folder, String(worker)), options)));
    const said = results.find((result) => typeof result === 'string');
    if (typeof said === 'string') return said;
    const all = results.flatMap((result) => (typeof result === 'string' ? [] : result));
    return {
      cases: all.length,
      reached: all.filter(({ reached }) => reached).length,
      ordersSent: all.reduce((sum, { sent }) => sum + sent, 0),
      findings: all.flatMap((result) =>
        broken(result).map((finding) => ({ case: result.number, fault: nameOf(result), finding })),
      ),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function nameOf({ operation, nth, errno, lasts, file }: DiskCase): string {
  return `${operation} ${nth}${file === undefined ? '' : ` to ${file}`}, errno ${errno}${lasts ? ' and on' : ''}`;
}

async function runShare(
  share: readonly Numbered<DiskCase>[],
  folder: string,
  { seed, minutes }: { readonly seed: number; readonly minutes: number },
): Promise<readonly Numbered<DiskCaseResult>[] | string> {
  const root = join(folder, 'disk');
  const outside = join(folder, 'wire');
  mkdirSync(root, { recursive: true });
  mkdirSync(outside);
  const disk = recordedDisk(join(folder, 'native'), root);
  if (typeof disk === 'string') return disk;
  const { STRIKEDESK_DISK_LOG: _unused, ...environment } = disk.environment;
  const script = fileURLToPath(new URL('./faultProcess.ts', import.meta.url));
  const child = spawn(process.execPath, [script, root, outside, JSON.stringify(share), String(seed), String(minutes)], {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const results: Numbered<DiskCaseResult>[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => results.push(JSON.parse(line)));
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  if (code !== 0 || results.length !== share.length)
    throw new Error(`the process with the failing disk ended with ${code} after ${results.length} of ${share.length} cases`);
  return results;
}
