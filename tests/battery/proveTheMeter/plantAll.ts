import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { StoryName } from '../swarm/stories.ts';
import { PLANTS, type Plant } from './plants.ts';

export interface PlantResult {
  readonly name: string;
  /** The sessions in which it was looked for; null: the mixed ones. */
  readonly story: StoryName | null;
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

/** A session of the program as it is, at which a planted one was found out. */
export interface Control {
  readonly story: StoryName | null;
  readonly seed: number;
}

export interface ControlResult extends Control {
  /** Must be empty: what is said of the program as it is says nothing of a plant. */
  readonly findings: readonly string[];
}

/** Every session at which a plant was found, once, on the program as it is: the plants were found, and not a mood of the judge. */
export async function controlsOf(results: readonly PlantResult[], workers: number): Promise<readonly ControlResult[]> {
  const sessions = new Map<string, Control>();
  for (const { story, found } of results) if (found !== null) sessions.set(`${story} ${found.seed}`, { story, seed: found.seed });
  const controls = [...sessions.values()];
  const shares = Array.from({ length: workers }, (_, worker) => controls.filter((_control, at) => at % workers === worker));
  const done = await Promise.all(
    shares.map((share) =>
      share.length === 0
        ? []
        : answerOf<readonly ControlResult[]>('./controlProcess.ts', [JSON.stringify(share)], 'the program as it is'),
    ),
  );
  return done.flat();
}

function plantOne({ name }: Plant, { from, seeds }: { readonly from: number; readonly seeds: number }): Promise<PlantResult> {
  return answerOf<PlantResult>('./plantedProcess.ts', [name, String(from), String(seeds)], `'${name}'`);
}

/** The last line that a process of its own says. */
function answerOf<Answer>(file: string, args: readonly string[], what: string): Promise<Answer> {
  const script = fileURLToPath(new URL(file, import.meta.url));
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [script, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
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
      else reject(new Error(`${what} could not be run: ${complained.slice(0, 800)}`));
    });
  });
}
