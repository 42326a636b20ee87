import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { SECRET_NAMES, type SecretStore } from '#ports/secretStore';
import { openKeychain } from './keychain.ts';
import type { SecretsFolder } from './openSecrets.ts';
import { openSealedFile } from './sealedFile.ts';

export type DurableBackend = 'keychain' | 'sealedFile';

/** Where keys were kept until now, as the data folder says; null when none were stored. */
export function recordedBackend(folder: SecretsFolder): string | null {
  return existsSync(folder.secretBackend) ? readFileSync(folder.secretBackend, 'utf8').trim() : null;
}

/**
 * Moves every secret from where it lies to another place: copied, read back, the new place recorded, and only then taken out of the
 * old one. Throws a sentence when either place cannot be had or a copy does not come back as it went in; then nothing was removed.
 */
export async function migrateSecrets(options: {
  readonly folder: SecretsFolder;
  readonly to: DurableBackend;
  readonly passphrase: string;
}): Promise<{ readonly from: string; readonly moved: readonly string[] }> {
  const { folder, to, passphrase } = options;
  const from = recordedBackend(folder);
  if (from !== 'keychain' && from !== 'sealedFile') throw new Error('No keys are stored yet: there is nothing to move.');
  if (from === to) throw new Error(`The keys lie in the ${to} already.`);
  const source = await placeOf(from, folder, passphrase);
  const target = await placeOf(to, folder, passphrase);
  const moved: string[] = [];
  for (const name of SECRET_NAMES) {
    const key = await source.read(name);
    if (!key) continue;
    await target.store(name, key);
    const back = await target.read(name);
    if (back?.keyId !== key.keyId || back.secret !== key.secret) throw new Error(`${name} did not come back from the ${to}.`);
    moved.push(name);
  }
  writeFileSync(folder.secretBackend, `${to}\n`, { mode: 0o600 });
  for (const name of SECRET_NAMES) if (moved.includes(name)) await source.remove(name);
  return { from, moved };
}

async function placeOf(backend: DurableBackend, folder: SecretsFolder, passphrase: string): Promise<SecretStore> {
  if (backend === 'sealedFile') return openSealedFile(folder.sealedSecrets, passphrase);
  const { store, why } = await openKeychain();
  if (!store) throw new Error(why);
  return store;
}
