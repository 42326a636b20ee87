import { createInterface } from 'node:readline';
import { watchOrders } from './protocol.ts';
import { watch } from './watch.ts';

/**
 * The watchdog: a process of its own that outlives the engine's. The first line on its input holds its orders, keys included;
 * a line `end` says that the desk ends in order. When the input closes without it, the engine has died: it is watched on until
 * its entries are gone or another engine has taken over.
 */
const input = createInterface({ input: process.stdin });
let watching: ReturnType<typeof watch> | null = null;

input.on('line', (line) => {
  if (line === 'end') watching?.end('the desk ended in order');
  else watching ??= watch(watchOrders.parse(JSON.parse(line)), () => process.exit(0));
});
input.on('close', () => {
  if (watching) watching.orphan();
  else process.exit(2);
});
// A terminal that closes takes the desk with it, not what watches over its orders.
process.on('SIGHUP', () => {});
process.on('SIGINT', () => {});
