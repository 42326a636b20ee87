import { writeFileSync } from 'node:fs';
import { migrateSecrets, recordedBackend } from '#adapters/secrets/migrateSecrets';
import { openSealedFile } from '#adapters/secrets/sealedFile';
import { dataFolder } from '#app/dataFolder';

const folder = dataFolder();
const passphrase = 'correct horse battery';
const file = await openSealedFile(folder.sealedSecrets, passphrase);
await file.store('alpaca-paper', { keyId: 'PKSTORY12345', secret: 'canary-7f3a91c2' });
await file.store('totp', { keyId: 'unconfirmed', secret: 'ABC' });
writeFileSync(folder.secretBackend, 'sealedFile\n');
const there = await migrateSecrets({ folder, to: 'keychain', passphrase });
const recordedThere = recordedBackend(folder);
const leftInFile = await (await openSealedFile(folder.sealedSecrets, passphrase)).read('alpaca-paper');
const back = await migrateSecrets({ folder, to: 'sealedFile', passphrase });
const kept = await (await openSealedFile(folder.sealedSecrets, passphrase)).read('alpaca-paper');
process.stdout.write(`${JSON.stringify({ there, recordedThere, leftInFile, back, recorded: recordedBackend(folder), kept })}\n`);
process.exit(0);
