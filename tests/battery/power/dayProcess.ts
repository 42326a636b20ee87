import '#adapters/runtime/runtimeCheck';
import { join } from 'node:path';
import { tradeDay } from '../journalledDay/tradeDay.ts';
import { WIRE_FILE } from './wireFile.ts';

/** The process that trades on the recorded disk. Arguments: folder, seed, minutes, `full` or `normal`. */
const [folder = '', seed = '7', minutes = '30', durability = 'full'] = process.argv.slice(2);
const day = await tradeDay({
  folder,
  seed: Number(seed),
  minutes: Number(minutes),
  wireFile: join(folder, WIRE_FILE),
  prepare(journal) {
    // The planted fault that this check must find: what better-sqlite3 does when nobody asks for more.
    if (durability === 'normal') journal.db.pragma('synchronous = NORMAL');
  },
});
process.stdout.write(`${JSON.stringify({ sent: day.sent.length, thrown: day.thrown })}\n`);
process.exit(day.thrown === null && !day.isHalted ? 0 : 1);
