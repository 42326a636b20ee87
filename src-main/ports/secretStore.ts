/** Where secrets lie. 'none' = nothing that may hold them is at hand. */
export type SecretBackend = 'keychain' | 'sealedFile' | 'environment' | 'none';

/** The broker's keys, the secret of the owner's one-time codes (its `keyId` says how far it was used), the phone bot's token, a language model's key (its `keyId` is the origin that it is for). */
export const SECRET_NAMES = ['alpaca-paper', 'alpaca-live', 'totp', 'telegram', 'opinion'] as const;
export type SecretName = (typeof SECRET_NAMES)[number];

export interface ApiKey {
  readonly keyId: string;
  readonly secret: string;
}

/** Keeps the broker's keys. What it holds never goes into a log, the journal or a window. */
export interface SecretStore {
  readonly backend: SecretBackend;
  /** In the owner's words: which keychain, which file, or why there is none. */
  readonly detail: string;
  read(name: SecretName): Promise<ApiKey | null>;
  /** Throws a sentence when this backend cannot keep it. */
  store(name: SecretName, key: ApiKey): Promise<void>;
  remove(name: SecretName): Promise<void>;
}
