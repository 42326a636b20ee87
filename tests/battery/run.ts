import '#adapters/runtime/runtimeCheck';
import { BUILD } from '#app/build';
import { endWith, UsageError } from '#app/commandLine';
import { dataFolder } from '#app/dataFolder';
import { isWhole, noteEvidence } from './evidence.ts';
import { lineFor, optionsInForce } from './optionsOf.ts';

/**
 * The battery: proofs that nothing is lost, by command. `npm run -s battery -- <name> [options]`; every one prints one JSON object
 * as its last line and exits with 0 only if what it claims held; otherwise the line that runs the same again, its defaults
 * included, is printed last on stderr. What it came to is noted in the data folder (`battery-evidence.json`): real money is armed
 * only for a build that the battery has proved. 2: it could not be tried here.
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
  payloads: () => import('./payloads/run.ts'),
  injection: () => import('./injection/run.ts'),
  'kill-switch': () => import('./killSwitch/run.ts'),
  stress: () => import('./stress/run.ts'),
  gate: () => import('./gate/run.ts'),
  mutants: () => import('./mutants/run.ts'),
};

const USAGE = `npm run -s battery -- [<command>] [options] [--json]
  swarm            [--seeds n] [--from-seed s] [--workers n] [--verbose]   days with faults mixed by seed (without a command)
  prove-the-meter  [--seeds n] [--from-seed s] [--workers n] [--plant k]   the battery on a program that is broken on purpose
  crash-points     [--stride n] [--double n] [--workers n] [--flow k [--cut n [--second n]]]   canonical flows, cut at every call
  sigkill          [--n n] [--seed s] [--workers n] [--sessions n] [--kills n]   the real process, the real database
  power            [--cuts n] [--seed s] [--minutes n]         the power fails; the check must fail without the sync
  disk             [--n n] [--seed s] [--minutes n] [--workers n] [--case k]   the n-th write fails
  tamper           [--rows n] [--seed s] [--workers n]         every deed to every row of a journal
  soak             [--days n] [--seed s] [--verbose]           months without a restart
  fuzz             [--n n] [--seed s]                          payloads of strangers, viewers and forged phones; of owners and a port
  payloads         [--n n] [--seed s]                          the broker's answers and frames, spoilt
  injection        [--n n] [--seed s]                          strangers' texts before a language model that obeys them
  kill-switch      [--n n] [--from-seed s] [--workers n] [--throws n] [--kills n]   thrown at any instant
  stress           [--n n] [--seed s] [--beat-ms n]            the engine stands still or dies; the watchdog's time
  gate             [--n n] [--seed s]                          any order and account: a verdict with reasons, monotone in risk
  mutants          [--workers n] [--step n] [--mutant k]       the gate with each comparison flipped, each check dropped`;

// Without a name: the swarm.
const given = process.argv.slice(2);
if (given.includes('--help') || given.includes('-h')) {
  console.log(USAGE);
  process.exit(0);
}
const [name = 'swarm', ...rest] = given[0]?.startsWith('--') || given.length === 0 ? ['swarm', ...given] : given;
const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
if (!command) endWith(`There is no command '${name}'.\n${USAGE}`);
const notWhole = rest.findIndex((arg, at) => rest[at - 1]?.startsWith('--') && !arg.startsWith('--') && !/^\d+$/.test(arg));
if (notWhole > 0) endWith(`${rest[notWhole - 1]} takes a whole number, not '${rest[notWhole]}'.\n${USAGE}`);
const { run } = await command();
const lastLine = listen();
const code = await Promise.resolve()
  .then(() => run(rest))
  .catch((error: unknown) => {
    if (isOfParser(error)) endWith(`${name}: ${error.message.split(/\.\s|\n/)[0]}.\n${USAGE}`);
    if (error instanceof UsageError) endWith(`${name}: ${error.message}\n${USAGE}`);
    // It broke in the middle: that is no proof either.
    console.error(error);
    console.log(JSON.stringify({ ok: false, error: error instanceof Error ? error.message : String(error) }));
    return 1;
  });
if (code !== 0) console.error(`the same again: ${lineFor(name, optionsInForce())}`);
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

/** What `parseArgs` throws at an option that a command does not have. */
function isOfParser(error: unknown): error is Error {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS');
}

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
