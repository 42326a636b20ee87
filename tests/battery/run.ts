import '#adapters/runtime/runtimeCheck';
import { BUILD } from '#app/build';
import { dataFolder } from '#app/dataFolder';
import { isWhole, noteEvidence } from './evidence.ts';

/**
 * The battery: proofs that nothing is lost, by command. `npm run -s battery -- <name> [options]`; every one prints one JSON object
 * as its last line and exits with 0 only if what it claims held. What it came to is noted in the data folder
 * (`battery-evidence.json`): real money is armed only for a build that the battery has proved.
 */
const COMMANDS: Readonly<Record<string, () => Promise<{ run(args: readonly string[]): Promise<number> }>>> = {
  swarm: () => import('./swarm/run.ts'),
  'prove-the-meter': () => import('./proveTheMeter/run.ts'),
  'crash-points': () => import('./crashPoints/run.ts'),
  sigkill: () => import('./sigkill/run.ts'),
  power: () => import('./power/run.ts'),
  disk: () => import('./disk/run.ts'),
  tamper: () => import('./tamper/run.ts'),
  soak: () => import('./soak/run.ts'),
  fuzz: () => import('./fuzz/run.ts'),
  'kill-switch': () => import('./killSwitch/run.ts'),
  mutants: () => import('./mutants/run.ts'),
};

// Without a name: the swarm.
const given = process.argv.slice(2);
const [name = 'swarm', ...rest] = given[0]?.startsWith('--') || given.length === 0 ? ['swarm', ...given] : given;
const command = COMMANDS[name];
if (!command) {
  console.error(
    `The battery has: ${Object.keys(COMMANDS).join(', ')}. For example: npm run -s battery -- power --cuts 100 --json`,
  );
  process.exit(2);
}
const { run } = await command();
const lastLine = listen();
const code = await run(rest);
const result = objectIn(lastLine());
if (result !== null && !('skipped' in result))
  noteEvidence(dataFolder().batteryEvidence, {
    build: BUILD,
    command: name,
    at: new Date(),
    ok: code === 0,
    whole: isWhole(name, rest),
    result,
  });
process.exit(code);

/** Hears what is printed; answers with the last line of it. */
function listen(): () => string {
  let tail = '';
  const print = console.log;
  console.log = (...said: unknown[]) => {
    tail = said.map(String).join(' ');
    print(...said);
  };
  return () => tail.trim().split('\n').at(-1) ?? '';
}

function objectIn(line: string): object | null {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' ? value : null;
  } catch {
    return null;
  }
}
