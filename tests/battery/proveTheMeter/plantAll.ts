import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { PLANTS, type Plant } from './plants.ts';

export interface PlantResult {
  readonly name: string;
  /** Seeds that were run until it was noticed, or all of them. */
  readonly seeds: number;
  readonly found: { readonly seed: number; readonly finding: string } | null;
}

/** Plants each fault in a process of its own; `workers` at a time. */
export async function plantAll(
  options: { readonly from: number; readonly seeds: number; readonly workers: number },
  plants: readonly Plant[] = PLANTS,
): Promise<readonly PlantResult[]> {
  const waiting = [...plants];
  const results: PlantResult[] = [];
  await Promise.all(
    Array.from({ length: options.workers }, async () => {
      for (let plant = waiting.shift(); plant; plant = waiting.shift()) results.push(await plantOne(plant, options));
    }),
  );
  return plants.flatMap(({ name }) => results.filter((result) => result.name === name));
}

function plantOne({ name }: Plant, { from, seeds }: { readonly from: number; readonly seeds: number }): Promise<PlantResult> {
  const script = fileURLToPath(new URL('./plantedProcess.ts', import.meta.url));
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [script, name, String(from), String(seeds)], { stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    let complained = '';
    child.stdout.on('data', (chunk) => {
      said += String(chunk);
    });
    child.stderr.on('data', (chunk) => {
      complained += String(chunk);
    });
    child.once('close', (code) => {
      if (code === 0) resolve(JSON.parse(said.trim().split('\n').at(-1) ?? ''));
      else reject(new Error(`'${name}' could not be planted: ${complained.slice(0, 800)}`));
    });
  });
}
