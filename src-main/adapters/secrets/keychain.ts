import { z } from 'zod';
import type { ApiKey, SecretName, SecretStore } from '#ports/secretStore';

const SERVICE = 'Strikedesk';
/** A keychain that waits for somebody to unlock it must not hold up the start. */
const ANSWER_MS = 4_000;
const apiKey = z.object({ keyId: z.string().min(1), secret: z.string().min(1) });

/** The part of keytar that is used. */
interface Keytar {
  getPassword(service: string, account: string): Promise<string | null>;
  setPassword(service: string, account: string, password: string): Promise<void>;
  deletePassword(service: string, account: string): Promise<boolean>;
}

/**
 * The operating system's keychain. Loaded only here and only now: where its library is missing (a server without libsecret) or
 * nothing answers, there is no store and `why` says so; the start goes on.
 */
export async function openKeychain(): Promise<
  { readonly store: SecretStore; readonly why: '' } | { readonly store: null; readonly why: string }
> {
  try {
    const loaded: { default: Keytar } = await import('keytar');
    const keytar = loaded.default;
    await inTime(keytar.getPassword(SERVICE, 'probe'));
    return { store: keychainStore(keytar), why: '' };
  } catch (error) {
    const reason = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
    return { store: null, why: `no keychain here: ${reason}` };
  }
}

function keychainStore(keytar: Keytar): SecretStore {
  return {
    backend: 'keychain',
    detail: KEYCHAINS[process.platform] ?? 'the system’s Secret Service',
    async read(name) {
      const text = await inTime(keytar.getPassword(SERVICE, name));
      return text === null ? null : parseKey(text);
    },
    store: (name: SecretName, { keyId, secret }: ApiKey) =>
      inTime(keytar.setPassword(SERVICE, name, JSON.stringify({ keyId, secret }))),
    async remove(name) {
      await inTime(keytar.deletePassword(SERVICE, name));
    },
  };
}

const KEYCHAINS: Readonly<Record<string, string>> = { darwin: 'macOS Keychain', win32: 'Windows Credential Manager' };

/** What was stored, checked; nothing of it goes into an error. */
export function parseKey(text: string): ApiKey {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    value = null;
  }
  const parsed = apiKey.safeParse(value);
  if (!parsed.success) throw new Error('The stored key is not readable; store it again.');
  return parsed.data;
}

function inTime<Answer>(asked: Promise<Answer>): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('the keychain did not answer (is it locked?)')), ANSWER_MS);
    asked.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
