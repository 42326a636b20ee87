import { openSecrets } from '#adapters/secrets/openSecrets';
import { dataFolder } from '#app/dataFolder';

const store = await openSecrets({ environment: {}, folder: dataFolder() });
process.stdout.write(`${store.backend}\n`);
process.exit(0);
