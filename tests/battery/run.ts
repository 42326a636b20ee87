import '#app/runtimeCheck';

/**
 * The battery: proofs that nothing is lost, by command. `npm run -s battery -- <name> [options]`; every one prints one JSON object
 * as its last line and exits with 0 only if what it claims held.
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
process.exit(await run(rest));
