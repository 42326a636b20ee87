import { parseArgs } from 'node:util';

/**
 * A command's options as texts, each with its default; `--json` is taken by every one, an unknown option by none. Where the
 * default is a number, so must the given one be; a run on no worker, or of nothing, would hold without having looked.
 */
export function optionsOf<Name extends string>(
  args: readonly string[],
  defaults: Readonly<Record<Name, string>>,
): Readonly<Record<Name, string>> {
  const options: Record<string, { readonly type: 'string' | 'boolean' }> = { json: { type: 'boolean' } };
  for (const name in defaults) options[name] = { type: 'string' };
  const { values: given } = parseArgs({ args: [...args], options });
  const values: Record<Name, string> = { ...defaults };
  for (const name in defaults) {
    const text = given[name];
    if (typeof text !== 'string') continue;
    if (/^\d+$/.test(defaults[name]) && !/^\d{1,9}$/.test(text)) throw new Error(`--${name} is a whole number, not '${text}'.`);
    if (name === 'workers' && Number(text) < 1) throw new Error('--workers is 1 or more.');
    values[name] = text;
  }
  return values;
}
