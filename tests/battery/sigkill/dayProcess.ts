import '#adapters/runtime/runtimeCheck';
import { join } from 'node:path';
import { tradeDay } from '../journalledDay/tradeDay.ts';

/** The process that is killed. Arguments: folder, seed, minutes. Tells its parent of every order that leaves. */
const [folder = '', seed = '7', minutes = '60'] = process.argv.slice(2);
process.send?.('ready');
await tradeDay({
  folder,
  seed: Number(seed),
  minutes: Number(minutes),
  wireFile: join(folder, 'wire.txt'),
  onSent: () => process.send?.('sent'),
});
process.exit(0);
