const SECRET = '[secret]';
/** A text may be cut in the middle of a secret: so many of its characters in a row are taken for it. */
const PIECE = 12;

/**
 * Takes the secrets of an adapter out of a text that comes from outside: an HTTP error may echo the headers of the request that
 * failed, and what an adapter hands on is journalled for ever.
 */
export function withoutSecrets(text: string, secrets: readonly string[]): string {
  return secrets.reduce(
    (clean, secret) => (secret === '' ? clean : withoutPieces(clean.replaceAll(secret, SECRET), secret)),
    text,
  );
}

/**
 * The same for every text in an answer that was just made, in place: order updates, account, faults and a line's state hold what the
 * other side wrote. Secrets shorter than a piece are left: they would be found in symbols and ids.
 */
export function cleaned<Answer extends object>(answer: Answer, secrets: readonly string[]): Answer {
  clean(
    answer,
    secrets.filter(({ length }) => length >= PIECE),
  );
  return answer;
}

function clean(holder: object, secrets: readonly string[]): void {
  const entries: readonly (readonly [string, unknown])[] = Object.entries(holder);
  for (const [name, value] of entries) {
    if (typeof value === 'object' && value !== null) clean(value, secrets);
    if (typeof value !== 'string') continue;
    const told = withoutSecrets(value, secrets);
    if (told !== value) Reflect.set(holder, name, told);
  }
}

function withoutPieces(text: string, secret: string): string {
  let left = text;
  for (let at = 0; at + PIECE <= left.length; at += 1) {
    if (!secret.includes(left.slice(at, at + PIECE))) continue;
    let end = at + PIECE;
    while (end < left.length && secret.includes(left.slice(at, end + 1))) end += 1;
    left = `${left.slice(0, at)}${SECRET}${left.slice(end)}`;
  }
  return left;
}
