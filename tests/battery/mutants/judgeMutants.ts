import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { UsageError } from '#app/commandLine';
import { EQUIVALENTS } from './equivalents.ts';
import { type Mutant, mutantsOfTheGate } from './mutations.ts';

export interface MutantsResult {
  readonly mutants: number;
  readonly killed: number;
  /** Number and name. */
  readonly survived: readonly { readonly mutant: number; readonly name: string }[];
  readonly equivalent: readonly { readonly where: string; readonly why: string }[];
  /** Arguments for mutants that do not exist or that the stories tell after all: each must go. */
  readonly idleArguments: readonly string[];
}

/** A mutant that says nothing for this long goes round in a circle: that is noticed, too. */
const SILENCE_MS = 30_000;
const root = join(import.meta.dirname, '../../..');

/**
 * Judges every mutant (or every `step`-th, or one alone) in `workers` processes. Throws when the stories fail on the text as it
 * is.
 */
export async function judgeMutants(options: {
  readonly workers: number;
  readonly step: number;
  readonly only?: number;
}): Promise<MutantsResult> {
  const all = mutantsOfTheGate(root);
  const isChosen = (number: number): boolean =>
    options.only === undefined ? number % options.step === 0 : number === options.only;
  const chosen = all.map((_, number) => number).filter(isChosen);
  if (chosen.length === 0) throw new UsageError(`there are mutants 0 to ${all.length - 1}, and no ${options.only}`);
  const untouched = (await judgeIn([-1])).get(-1);
  if (untouched !== null) throw new Error(`The stories fail on the gate as it is: ${untouched}`);
  const shares = Array.from({ length: options.workers }, (_, worker) =>
    chosen.filter((_, at) => at % options.workers === worker),
  );
  const told = new Map((await Promise.all(shares.map(judgeIn))).flatMap((answers) => [...answers]));
  const alive = chosen.flatMap((number) => {
    const mutant = told.get(number) === null ? all[number] : undefined;
    return mutant ? [{ ...mutant, number }] : [];
  });
  const argument = (mutant: Mutant) => EQUIVALENTS.find((equivalent) => equivalent.mutant === withoutLine(mutant));
  const aliveNames = new Set(alive.map(withoutLine));
  return {
    mutants: chosen.length,
    killed: chosen.length - alive.length,
    survived: alive.filter((mutant) => !argument(mutant)).map(({ number, name }) => ({ mutant: number, name })),
    equivalent: alive.flatMap((mutant) => {
      const known = argument(mutant);
      return known ? [{ where: mutant.name, why: known.why }] : [];
    }),
    idleArguments:
      options.step === 1 && options.only === undefined
        ? EQUIVALENTS.map(({ mutant }) => mutant).filter((name) => !aliveNames.has(name))
        : [],
  };
}

/** A mutant's name as the arguments know it: lines move when the text above them changes. */
export function withoutLine({ name }: Mutant): string {
  return name.replace(/:\d+ /, ' ').replace(/ #\d+$/, '');
}

/** What told each mutant (null: nothing did). A process that stands still is ended; the next one goes on behind it. */
async function judgeIn(numbers: readonly number[]): Promise<Map<number, string | null>> {
  const answers = new Map<number, string | null>();
  for (;;) {
    const left = numbers.filter((number) => !answers.has(number));
    const [first] = left;
    if (first === undefined) return answers;
    const before = answers.size;
    const ended = await judgeUntilSilent(left, answers);
    if (ended !== null && answers.size === before) answers.set(first, ended);
  }
}

function judgeUntilSilent(numbers: readonly number[], answers: Map<number, string | null>): Promise<string | null> {
  const script = fileURLToPath(new URL('./mutantProcess.ts', import.meta.url));
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [script, numbers.join(',')], { stdio: ['ignore', 'pipe', 'pipe'] });
    let rest = '';
    let complaint = '';
    const stop = (): void => void child.kill('SIGKILL');
    let silence = setTimeout(stop, SILENCE_MS);
    child.stdout.on('data', (chunk) => {
      clearTimeout(silence);
      silence = setTimeout(stop, SILENCE_MS);
      const lines = `${rest}${String(chunk)}`.split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        const { number, told }: { number: number; told: string | null } = JSON.parse(line);
        answers.set(number, told);
      }
    });
    child.stderr.on('data', (chunk) => {
      complaint += String(chunk);
    });
    child.once('close', (code) => {
      clearTimeout(silence);
      resolve(code === 0 ? null : complaint.trim() === '' ? 'it goes round in a circle' : complaint.slice(0, 300));
    });
  });
}
