import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { type Instant, instant } from '#domain/units';

/** Without letters that are taken for digits. */
const ALPHABET = '23456789ABCDEFGHJKMNPQRSTVWXYZ';
const CODE_LETTERS = 10;
/** So many wrong codes, from whomever, and the code is void: a new one is drawn at the desk. */
const MOST_WRONG = 5;

/** One code at a time, shown at the desk alone, for one use within its time. */
export function createPairing(wallNow: () => number) {
  let open: { readonly code: string; readonly until: Instant; wrong: number } | null = null;

  function current(): typeof open {
    if (open !== null && wallNow() >= open.until) open = null;
    return open;
  }

  return {
    draw(minutes: number): { readonly code: string; readonly until: Instant } {
      const code = drawn();
      const until = instant(wallNow() + minutes * 60_000);
      open = { code, until, wrong: 0 };
      return { code, until };
    },
    standing: (): { readonly until: Instant; readonly wrong: number } | null => {
      const now = current();
      return now === null ? null : { until: now.until, wrong: now.wrong };
    },
    /** True for the right code, once. */
    take(code: string): boolean {
      const now = current();
      if (now === null) return false;
      if (timingSafeEqual(digestOf(code), digestOf(now.code))) {
        open = null;
        return true;
      }
      now.wrong += 1;
      if (now.wrong >= MOST_WRONG) open = null;
      return false;
    },
    close(): void {
      open = null;
    },
  };
}

/** Even over the alphabet: bytes beyond its last whole multiple are drawn again. */
function drawn(): string {
  let code = '';
  while (code.length < CODE_LETTERS)
    for (const byte of randomBytes(CODE_LETTERS * 2))
      if (byte < 256 - (256 % ALPHABET.length) && code.length < CODE_LETTERS) code += ALPHABET[byte % ALPHABET.length];
  return code;
}

function digestOf(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
