import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { simulateInProcess } from '#app/simulation/inProcess';
import { isoDate } from '#domain/units';
import { optionsOf } from '../optionsOf.ts';
import { olderCopies } from './olderCopy.ts';
import type { TamperResult } from './tamperWithEach.ts';

/** Every deed to every row of a journal of at least `--rows` rows, and older copies of a whole journal put back. */
export async function run(args: readonly string[]): Promise<number> {
  const values = optionsOf(args, { rows: '10000', seed: '7', workers: '2' });
  const started = performance.now();
  const folder = mkdtempSync(join(tmpdir(), 'strikedesk-tamper-'));
  try {
    const workers = Number(values.workers);
    const paths = [];
    for (let worker = 0; worker < workers; worker += 1) paths.push(join(folder, `journal-${worker}.db`));
    const rows = await growJournals(paths, Number(values.rows), Number(values.seed));
    const shares = await Promise.all(paths.map((path, worker) => share(path, worker, workers)));
    const copies = await olderCopies(join(folder, 'older'), Number(values.seed));
    const deeds = shares.reduce((sum, result) => sum + result.deeds, 0);
    const detected = shares.reduce((sum, result) => sum + result.detected, 0);
    const ok = detected === deeds && rows >= Number(values.rows) && copies.missed === 0 && copies.copies > 0;
    const missed = shares.flatMap((result) => result.missed).slice(0, 20);
    console.log(
      JSON.stringify({ ok, rows, deeds, detected, missed, olderCopies: copies, wallMs: Math.round(performance.now() - started) }),
    );
    return ok ? 0 : 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The same journal for each worker, long enough: days of real trading until it is. Answers with its length. */
async function growJournals(paths: readonly string[], rows: number, seed: number): Promise<number> {
  const ROWS_A_DAY = 1_500;
  const options = {
    seed,
    days: Math.ceil(rows / ROWS_A_DAY) + 1,
    start: isoDate('2026-01-05'),
    wire: false,
    crash: 0,
    faults: [],
    journal: null,
    json: true,
  };
  const results = await Promise.all(paths.map((path) => simulateInProcess(options, path)));
  return results[0]?.journalEvents ?? 0;
}

function share(path: string, from: number, stride: number): Promise<TamperResult> {
  const script = fileURLToPath(new URL('./tamperProcess.ts', import.meta.url));
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [script, path, String(from), String(stride)], { stdio: ['ignore', 'pipe', 'inherit'] });
    let said = '';
    child.stdout.on('data', (chunk) => {
      said += String(chunk);
    });
    child.once('close', (code) =>
      code === 0 ? resolve(JSON.parse(said)) : reject(new Error(`a share of the rows ended with ${code}: ${said.slice(0, 400)}`)),
    );
  });
}
