import { DecodeError } from '../../brokers/alpaca/fields.ts';

/** The token of the next page; null after the last. A token that comes again would be asked for without end: it is malformed. */
export function pages(what: string): (token: string) => string | null {
  const seen = new Set<string>();
  return (token) => {
    if (token === '') return null;
    if (seen.has(token)) throw new DecodeError(`${what}: next_page_token ${token.slice(0, 40)} again`);
    seen.add(token);
    return token;
  };
}
