import { openSecrets } from '#adapters/secrets/openSecrets';
import { dataFolder } from '#app/dataFolder';

const store = await openSecrets({ environment: {}, folder: dataFolder() });
const before = await store.read('alpaca-paper');
await store.store('alpaca-paper', { keyId: 'PKSTORY12345', secret: 'canary-7f3a91c2' });
const kept = await store.read('alpaca-paper');
await store.remove('alpaca-paper');
const after = await store.read('alpaca-paper');
process.stdout.write(`${JSON.stringify({ backend: store.backend, before, kept, after })}\n`);
process.exit(0);
