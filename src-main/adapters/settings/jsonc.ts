/** Raised with a line and column that the owner can find. */
export class JsoncError extends Error {
  override readonly name = 'JsoncError';
}

/**
 * Parses JSON with line comments, block comments and trailing commas. Comments become blanks of equal length, so that the
 * position in an error is the position in the file.
 */
export function parseJsonc(text: string): unknown {
  const plain = blankOut(text);
  try {
    const parsed: unknown = JSON.parse(plain);
    return parsed;
  } catch (error) {
    throw new JsoncError(`is not valid JSON: ${placed(error instanceof Error ? error.message : String(error), plain)}`);
  }
}

const TOKENS = /"(?:[^"\\\n]|\\.)*"|\/\/[^\n]*|\/\*[\s\S]*?\*\//g;
const TRAILING_COMMA = /"(?:[^"\\\n]|\\.)*"|,(?=\s*[}\]])/g;

function blankOut(text: string): string {
  return text
    .replace(/^\uFEFF/, ' ')
    .replace(TOKENS, (token) => (token.startsWith('"') ? token : token.replace(/[^\n]/g, ' ')))
    .replace(TRAILING_COMMA, (token) => (token === ',' ? ' ' : token));
}

function placed(message: string, text: string): string {
  const position = /position (\d+)/.exec(message)?.[1];
  if (position === undefined) return message;
  const before = text.slice(0, Number(position)).split('\n');
  return `line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}: ${message.replace(/ in JSON at position.*$/, '')}`;
}
