import '#adapters/runtime/runtimeCheck';
import { createInterface } from 'node:readline';
import { watchOrders } from './protocol.ts';
import { watch } from './watch.ts';

/**
 * The watchdog: a process of its own that outlives the engine's. The first line on its input holds its orders, keys included;
 * a line `end` says that the desk ends in order, `take back` that it does and that entries may be left. When the input closes without it, the engine has died: it is watched on until
 * its entries are gone or another engine has taken over.
 */
let watching: ReturnType<typeof watch> | null = null;

function hear(line: string): void {
  if (line === 'end') watching?.end('the desk ended in order');
  else if (line === 'take back') watching?.leave();
  else watching ??= watch(watchOrders.parse(JSON.parse(line)), () => process.exit(0));
}

const port = parentPort();
if (port !== null) port.on('message', ({ data }) => hear(data));
else {
  const input = createInterface({ input: process.stdin });
  input.on('line', hear);
  input.on('close', () => {
    if (watching) watching.orphan();
    else process.exit(2);
  });
}
// A terminal that closes takes the desk with it, not what watches over its orders.
process.on('SIGHUP', () => {});
process.on('SIGINT', () => {});

/** Electron's line to a process of its own; null under plain Node. */
function parentPort(): { on(event: 'message', listener: (message: { readonly data: string }) => void): void } | null {
  return Reflect.get(process, 'parentPort') ?? null;
}
