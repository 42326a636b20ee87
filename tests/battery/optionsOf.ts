import { parseArgs } from 'node:util';

/** A command's options as texts, each with its default; `--json` is taken by every one, an unknown option by none. */
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
    if (typeof text === 'string') values[name] = text;
  }
  return values;
}
