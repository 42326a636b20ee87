import '#adapters/runtime/runtimeCheck';
import { runSessions } from './sessions.ts';

/** A worker's share. Arguments: first seed, count, step. */
const [from = '0', count = '0', step = '1'] = process.argv.slice(2);
const result = await runSessions(Number(from), Number(count), Number(step));
process.send?.(result, () => process.exit(0));
