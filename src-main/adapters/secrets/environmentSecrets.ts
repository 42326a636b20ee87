import type { SecretStore } from '#ports/secretStore';

/** Keys from the environment, for paper accounts only: `STRIKEDESK_ALPACA_KEY_ID` and `STRIKEDESK_ALPACA_SECRET`. */
export function environmentSecrets(environment: Readonly<Record<string, string | undefined>>, why: string): SecretStore {
  const keyId = environment['STRIKEDESK_ALPACA_KEY_ID'];
  const secret = environment['STRIKEDESK_ALPACA_SECRET'];
  const present = Boolean(keyId && secret);
  const refuse = (): Promise<void> =>
    Promise.reject(new Error(present ? 'Keys come from the environment here; they are changed there.' : why));
  return {
    backend: present ? 'environment' : 'none',
    detail: present ? 'STRIKEDESK_ALPACA_KEY_ID and STRIKEDESK_ALPACA_SECRET (paper only)' : why,
    read: (name) => Promise.resolve(name === 'alpaca-paper' && keyId && secret ? { keyId, secret } : null),
    store: refuse,
    remove: refuse,
  };
}
