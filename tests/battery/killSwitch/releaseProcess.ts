import '#adapters/runtime/runtimeCheck';
import { openLatchFile } from '#adapters/latch/latchFile';

/** A process that releases whatever a death has thrown, as soon as it sees it, for as long as it lives. */
const latch = openLatchFile(process.argv[2] ?? '');
process.stdout.write('ready\n');
for (;;) {
  const seen = latch.read();
  if (seen.by === 'restart') latch.replace(seen, { ...seen, state: 'ACTIVE', by: 'engine' });
}
