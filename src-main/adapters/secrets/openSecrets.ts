import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import type { SecretBackend, SecretStore } from '#ports/secretStore';
import { environmentSecrets } from './environmentSecrets.ts';
import { openKeychain } from './keychain.ts';
import { openSealedFile } from './sealedFile.ts';

export interface SecretsFolder {
  readonly sealedSecrets: string;
  readonly secretBackend: string;
}

/**
 * Chooses where keys lie, once: the keychain where there is one; a sealed file only when the owner says so
 * (`STRIKEDESK_SECRETS=sealed-file` with `STRIKEDESK_PASSPHRASE`); else the environment, for paper. The choice is recorded as
 * soon as it holds keys, and another one then stops the start: keys must not change their place unnoticed.
 */
export async function openSecrets(options: {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly folder: SecretsFolder;
}): Promise<SecretStore> {
  const { environment, folder } = options;
  const store = await choose(environment, folder);
  const recorded = existsSync(folder.secretBackend) ? readFileSync(folder.secretBackend, 'utf8').trim() : null;
  if (recorded !== null && isDurable(recorded) && recorded !== store.backend)
    throw new Error(
      `Keys were kept in the ${recorded} until now, and this start would use ${store.backend} (${store.detail}). Make the ${recorded} available again, or move the keys on purpose: npm run -s secrets -- migrate --to keychain|sealed-file. Keys that are lost are stored anew after deleting ${folder.secretBackend}.`,
    );
  return {
    ...store,
    async store(name, key) {
      await store.store(name, key);
      writeFileSync(folder.secretBackend, `${store.backend}\n`, { mode: 0o600 });
    },
  };
}

function isDurable(backend: string): boolean {
  return backend === 'keychain' || backend === 'sealedFile';
}

async function choose(environment: Readonly<Record<string, string | undefined>>, folder: SecretsFolder): Promise<SecretStore> {
  const wanted: SecretBackend | string = environment['STRIKEDESK_SECRETS'] ?? '';
  if (wanted === 'sealed-file') return openSealedFile(folder.sealedSecrets, environment['STRIKEDESK_PASSPHRASE'] ?? '');
  if (wanted !== 'environment') {
    const keychain = await openKeychain();
    if (keychain.store) return keychain.store;
    return environmentSecrets(environment, keychain.why);
  }
  return environmentSecrets(environment, 'STRIKEDESK_SECRETS says environment, but no key is set there');
}
