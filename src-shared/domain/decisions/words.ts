const ABBREVIATIONS: ReadonlySet<string> = new Set(['iv', 'dte', 'pop', 'vix', 'svi']);

/** 'creditToRisk' -> 'credit to risk', 'bull_put_spread' -> 'bull put spread'; abbreviations keep their capitals. */
export function wordsOf(code: string): string {
  // A sentence is already in words: its capitals and decimal points stay as they are.
  if (code.includes(' ')) return code;
  return code
    .replaceAll(/[_-]+/g, ' ')
    .replaceAll(/([a-z\d])([A-Z])/g, '$1 $2')
    .replaceAll(/([A-Z]+)([A-Z][a-z])/g, '$1 $2')
    .split(/[\s.]+/)
    .map((word) => (/^[A-Z]{2,}$/.test(word) || ABBREVIATIONS.has(word.toLowerCase()) ? word.toUpperCase() : word.toLowerCase()))
    .join(' ');
}

/** {@link wordsOf} with a capital first letter. */
export function titleOf(code: string): string {
  const words = wordsOf(code);
  return words.charAt(0).toUpperCase() + words.slice(1);
}
