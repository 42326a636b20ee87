const SECRET = '[secret]';

/**
 * Takes the secrets of an adapter out of a text that comes from outside: an HTTP error may echo the headers of the request that
 * failed, and what an adapter hands on is journalled for ever.
 */
export function withoutSecrets(text: string, secrets: readonly string[]): string {
  return secrets.reduce((clean, secret) => (secret === '' ? clean : clean.replaceAll(secret, SECRET)), text);
}
