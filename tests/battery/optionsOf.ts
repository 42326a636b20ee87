import { parseArgs } from 'node:util';
import { UsageError } from '#app/commandLine';

/** What the command that runs in this process was given, defaults included: the line that runs it again is made of it. */
let inForce: Readonly<Record<string, string>> = {};

/**
 * A command's options as texts, each with its default ('' = left out); `--json` is taken by every one, an unknown option by none.
 * Each takes a whole number; a run on no worker would hold without having looked. `flags` stand without a value.
 */
export function optionsOf<Name extends string>(
  args: readonly string[],
  defaults: Readonly<Record<Name, string>>,
  flags: readonly string[] = [],
): Readonly<Record<Name, string>> {
  const options: Record<string, { readonly type: 'string' | 'boolean' }> = { json: { type: 'boolean' } };
  for (const name in defaults) options[name] = { type: 'string' };
  for (const flag of flags) options[flag] = { type: 'boolean' };
  const { values: given } = parseArgs({ args: [...args], options });
  const values: Record<Name, string> = { ...defaults };
  for (const name in defaults) {
    const text = given[name];
    if (typeof text !== 'string') continue;
    if (!/^\d{1,9}$/.test(text)) throw new UsageError(`--${name} is a whole number, not '${text}'.`);
    if (name === 'workers' && Number(text) < 1) throw new UsageError('--workers is 1 or more.');
    values[name] = text;
  }
  inForce = values;
  return values;
}

/** The options of the command that ran in this process. */
export function optionsInForce(): Readonly<Record<string, string>> {
  return inForce;
}

/** The line that runs a command with these options; one with an empty value is left out. */
export function lineFor(command: string, options: Readonly<Record<string, string | number>>): string {
  const given = Object.entries(options).filter(([, value]) => value !== '');
  return ['npm run -s battery --', command, ...given.map(([name, value]) => `--${name} ${value}`)].join(' ');
}

/** Tells a finding, and the line that plays the single case again. */
export function tellFinding(finding: string, command: string, options: Readonly<Record<string, string | number>>): void {
  console.error(finding);
  console.error(`  again: ${lineFor(command, options)}`);
}
