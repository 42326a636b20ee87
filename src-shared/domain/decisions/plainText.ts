/**
 * Text of strangers as plain text: in its usual form (full-width letters become letters), without control characters, marks that
 * turn the direction of writing, invisible letters and towers of accents; blanks are single. At most `most` characters.
 */
export function plainText(text: string, most: number): string {
  const usual = text
    .slice(0, most * 4)
    .normalize('NFKC')
    .replaceAll(/\s+/gu, ' ')
    .replaceAll(/[\p{C}\p{Variation_Selector}\u115F\u1160\u2800\u3164\uFFA0]/gu, '')
    .replaceAll(/(\p{M}{2})\p{M}+/gu, '$1')
    .replaceAll(/ +/g, ' ')
    .trim();
  return usual.length > most ? `${usual.slice(0, most - 1).replace(/[\uD800-\uDBFF]$/, '')}…` : usual;
}

/** What a link, an image, markup or a script begins with, in plain text. */
const MARKUP = [
  /<[a-z!/?]/i,
  /\]\s*[([:]/,
  /!\s*\[/,
  /\b[a-z][a-z0-9+.-]*\s*:\s*\/\s*\//i,
  /\bwww\s*[.。｡]/i,
  /\b(?:javascript|vbscript|data|file|mailto|blob)\s*:/i,
  /&(?:#\w+|[a-z]{2,8});/i,
  /[\p{L}\p{N}-]+[.。｡]\p{L}{2,}\s*[/:?#]/u,
  /[\p{L}\p{N}._-]+@[\p{L}\p{N}-]+[.。｡]\p{L}{2,}/u,
];

/** True when a text is more than words: a link, an address, an image, markup or a script. */
export function holdsMarkup(text: string): boolean {
  const plain = plainText(text, text.length + 1);
  return MARKUP.some((form) => form.test(text) || form.test(plain));
}

/** Takes the place of a number: figures come from the desk. */
export const STRUCK = '▒';

/**
 * A model's sentence as it may be shown: plain text whose marks of formatting are gone, whose numbers are struck out, and in which
 * nothing reads as an address (`evil.example` becomes `evil. example`).
 */
export function spokenText(text: string, most: number): string {
  const words = plainText(text, most)
    .replaceAll(/[`*_~#|<>[\]{}\\^=]/g, '')
    .replaceAll(/\p{N}+(?:[.,:/'’-]\p{N}+)*(?:\s?%)?/gu, STRUCK)
    .replaceAll(/(\S)[.。｡](?=\p{L})/gu, '$1. ');
  return plainText(words, most);
}
