import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

/** RFC 6238 with the values that every authenticator takes: SHA-1, six digits, thirty seconds. */
export const STEP_MS = 30_000;
const DIGITS = 6;
/** Steps before and after the present one that still count: clocks differ a little. */
const WINDOW = 1;
const SECRET_BYTES = 20;
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

export function newSecret(): string {
  return base32(randomBytes(SECRET_BYTES));
}

/** The code of a step (RFC 4226, section 5.3). */
export function codeAt(secret: string, counter: number): string {
  const message = Buffer.alloc(8);
  message.writeBigUInt64BE(BigInt(counter));
  const digest = createHmac('sha1', bytesOf(secret)).update(message).digest();
  const offset = digest[digest.length - 1]! & 0xf;
  const number = digest.readUInt32BE(offset) & 0x7fffffff;
  return String(number % 10 ** DIGITS).padStart(DIGITS, '0');
}

/** The step that a code belongs to, when that step is later than `after`; null for a wrong or a used code. */
export function stepOf(secret: string, code: string, now: number, after: number): number | null {
  const present = Math.floor(now / STEP_MS);
  let found: number | null = null;
  for (let counter = present - WINDOW; counter <= present + WINDOW; counter++) {
    const expected = Buffer.from(codeAt(secret, counter));
    const given = Buffer.from(code);
    const same = given.length === expected.length && timingSafeEqual(given, expected);
    if (same && counter > after) found = counter;
  }
  return found;
}

/** What an authenticator reads from the QR code. */
export function uriOf(secret: string, account: string): string {
  const label = encodeURIComponent(`Strikedesk:${account}`);
  return `otpauth://totp/${label}?secret=${secret}&issuer=Strikedesk&algorithm=SHA1&digits=${DIGITS}&period=${STEP_MS / 1000}`;
}

function base32(bytes: Buffer): string {
  let text = '';
  let bits = 0;
  let held = 0;
  for (const byte of bytes) {
    held = (held << 8) | byte;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      text += ALPHABET[(held >>> bits) & 31];
    }
  }
  return bits > 0 ? text + ALPHABET[(held << (5 - bits)) & 31] : text;
}

function bytesOf(text: string): Buffer {
  const bytes: number[] = [];
  let bits = 0;
  let held = 0;
  for (const letter of text) {
    held = ((held << 5) | ALPHABET.indexOf(letter)) & 0xfff;
    bits += 5;
    if (bits >= 8) {
      bits -= 8;
      bytes.push((held >>> bits) & 0xff);
    }
  }
  return Buffer.from(bytes);
}
