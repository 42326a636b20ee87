import { fork } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { openLatchFile } from '#adapters/latch/latchFile';
import { instant } from '#domain/units';
import { createRandom } from '#exchange/random';

export interface LatchKills {
  readonly kills: number;
  /** Records of the last writes that were said and not found, or a state that lets trading go on. */
  readonly latchesLost: number;
}

/** Longest life after the first word, milliseconds. */
const LONGEST_MS = 12;

/** SIGKILL on a process that writes the latch: what was thrown must be found thrown, and no later than what was said. */
export async function killLatchWriters(n: number, seed: number, workers: number): Promise<LatchKills> {
  const folder = mkdtempSync(join(tmpdir(), 'strikedesk-latch-'));
  try {
    const lost = await Promise.all(
      Array.from({ length: workers }, async (_, worker) => {
        const random = createRandom(seed).fork(`latch ${worker}`);
        let count = 0;
        for (let kill = worker; kill < n; kill += workers) count += await killOne(join(folder, `latch-${worker}`), random);
        return count;
      }),
    );
    return { kills: n, latchesLost: lost.reduce((sum, count) => sum + count, 0) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function killOne(file: string, random: { next(): number }): Promise<number> {
  openLatchFile(file).write({ state: 'ACTIVE', reason: 'before', by: 'battery', at: instant(0) });
  const script = fileURLToPath(new URL('./latchProcess.ts', import.meta.url));
  const child = fork(script, [file], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  const exited = new Promise<NodeJS.Signals | null>((resolve) => child.once('exit', (_code, signal) => resolve(signal)));
  let said = -1;
  const spoke = new Promise<void>((resolve) => {
    child.on('message', (count: number) => {
      said = count;
      resolve();
    });
  });
  await Promise.race([spoke, exited]);
  await pause(random.next() * LONGEST_MS);
  child.kill('SIGKILL');
  const signal = await exited;
  if (signal !== 'SIGKILL') throw new Error('the process that writes the latch ended by itself');
  const { state, by, reason } = openLatchFile(file).read();
  return state !== 'ACTIVE' && by === 'battery' && Number(reason) >= said ? 0 : 1;
}
