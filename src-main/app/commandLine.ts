import { type ParseArgsConfig, parseArgs } from 'node:util';

/** A command line that cannot be followed; says which option and what was expected. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** Exit code of a command line that cannot be followed. */
export const NOT_UNDERSTOOD = 2;

/** The arguments of a command. `--help` prints its usage and ends the process; what is not understood is a {@link UsageError}. */
export function argumentsOf<Config extends ParseArgsConfig>(usage: string, config: Config): ReturnType<typeof parseArgs<Config>> {
  const args = config.args ?? process.argv.slice(2);
  if (args.includes('--help') || args.includes('-h')) {
    process.stdout.write(`${usage}\n`);
    process.exit(0);
  }
  try {
    return parseArgs(config);
  } catch (error) {
    throw new UsageError(`${inOurWords(error)}\n${usage}`);
  }
}

/** Like {@link argumentsOf}, for a command that reads them before anything else: ends with code 2 and the usage. */
export function commandLine<Config extends ParseArgsConfig>(usage: string, config: Config): ReturnType<typeof parseArgs<Config>> {
  try {
    return argumentsOf(usage, config);
  } catch (error) {
    if (error instanceof UsageError) endWith(error.message);
    throw error;
  }
}

/** Says what was not understood, and ends. */
export function endWith(message: string): never {
  process.stderr.write(`${message}\n`);
  process.exit(NOT_UNDERSTOOD);
}

/** A whole number in a range, or a {@link UsageError}. */
export function whole(name: string, text: string, min: number, max: number): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isInteger(value) || value < min || value > max)
    throw new UsageError(`${name} takes a whole number from ${min} to ${max}, not '${text}'.`);
  return value;
}

/** The parser's first sentence names the option; the rest is advice about dashes. */
function inOurWords(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return `${text.split(/\.\s|\n/)[0]?.replace(/\.$/, '') ?? text}.`;
}
