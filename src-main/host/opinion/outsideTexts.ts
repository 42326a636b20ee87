import { plainText } from '#domain/decisions/plainText';

/** Where a text comes from that the desk did not write. */
export const OUTSIDE_SOURCES = ['ownerNote', 'companyName', 'brokerMessage', 'haltReason', 'bookDifference'] as const;
export type OutsideSource = (typeof OUTSIDE_SOURCES)[number];

export interface OutsideText {
  readonly source: OutsideSource;
  readonly text: string;
}

/** Keys, tokens and ids of orders are long runs of letters and digits; OCC symbols are the one such run that says something. */
const CODE = /[A-Za-z0-9_-]{20,}/g;
const OCC_SYMBOL = /^[A-Z]{1,6}\d{6}[CP]\d{8}$/;
const TAKEN_OUT = '[taken out]';

/**
 * Makes texts such as a model may be shown: plain, at most `most` characters, without anything that looks like a key, and without
 * `forbidden` (the account's number), however it is spaced.
 */
export function cleaner(most: number, forbidden: readonly string[]): (text: string) => string {
  const known = forbidden.map(spaced);
  return (text) => {
    const plain = plainText(text, text.length + 1);
    const unnamed = known.reduce((clean, word) => clean.replaceAll(word, TAKEN_OUT), plain);
    const uncoded = unnamed.replaceAll(CODE, (run) =>
      OCC_SYMBOL.test(run) || !/\d/.test(run) || !/[A-Za-z]/.test(run) ? run : TAKEN_OUT,
    );
    return plainText(uncoded, most);
  };
}

/** The word with anything that is no letter or digit between its letters, in capitals or not. */
function spaced(word: string): RegExp {
  const letters = [...word]
    .filter((letter) => /[\p{L}\p{N}]/u.test(letter))
    .map((letter) => `\\u{${letter.codePointAt(0)?.toString(16)}}`);
  // A word of a letter or two would be taken out of every sentence.
  return letters.length < 4 ? /(?!)/gu : new RegExp(letters.join('[^\\p{L}\\p{N}]*'), 'giu');
}

/**
 * The texts between marks that nobody outside can know. Each is one line of JSON, so that no text can end its line, and no text
 * can hold the mark.
 */
export function fenced(texts: readonly OutsideText[], mark: string): string {
  return texts
    .map(({ source, text }) => `[${mark} untrusted ${source}]\n${JSON.stringify(text.replaceAll(mark, ''))}\n[${mark} end]`)
    .join('\n');
}
