import '#adapters/runtime/runtimeCheck';
import { openLatchFile } from '#adapters/latch/latchFile';
import { instant } from '#domain/units';

/** Throws the latch, says so, and goes on writing it until it is killed. Argument: the file. */
const [file = ''] = process.argv.slice(2);
const latch = openLatchFile(file);
const states = ['REDUCING', 'HALTED', 'FLATTENING'] as const;
latch.write({ state: 'HALTED', reason: '0', by: 'battery', at: instant(1) });
process.send?.(0);
for (let count = 1; ; count += 1) {
  latch.write({ state: states[count % states.length] ?? 'HALTED', reason: String(count), by: 'battery', at: instant(count) });
  // The word follows the write: what was said must be found.
  if (count % 5 === 0) process.send?.(count);
  if (count % 5 === 0) await new Promise((resolve) => setImmediate(resolve));
}
