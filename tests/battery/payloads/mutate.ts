export type Random = () => number;

/** Chance in [0, 1) from a seed (mulberry32): the same payloads on every machine. */
export function seeded(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** What can be wrong with one field or with the text of an answer. */
export const DEEDS = [
  'dropped',
  'renamed',
  'retyped',
  'null',
  'NaN',
  'huge',
  'negative',
  'nested',
  'duplicated',
  'swapped',
  'cut off',
  'bit flipped',
  'emptied',
] as const;
export type Deed = (typeof DEEDS)[number];

type Holder = Record<string, unknown> | unknown[];
interface Place {
  readonly holder: Holder;
  readonly key: string | number;
}

/** A payload with one to three things wrong, and which. */
export function mutated(text: string, random: Random): { readonly text: string; readonly deeds: readonly Deed[] } {
  const deeds: Deed[] = [];
  let changed = text;
  for (let count = random() < 0.7 ? 1 : random() < 0.7 ? 2 : 3; count > 0; count -= 1) {
    const deed = pick(random, DEEDS);
    deeds.push(deed);
    changed = done(changed, deed, random);
  }
  return { text: changed, deeds };
}

function done(text: string, deed: Deed, random: Random): string {
  if (deed === 'cut off') return text.slice(0, Math.floor(random() * text.length));
  if (deed === 'emptied') return pick(random, ['', 'null', '[]', '{}', '""', '0', 'true', '<html></html>']);
  if (deed === 'bit flipped') {
    const at = Math.floor(random() * text.length);
    const flipped = String.fromCharCode(text.charCodeAt(at) ^ (1 << Math.floor(random() * 7)));
    return text.slice(0, at) + flipped + text.slice(at + 1);
  }
  const json = parsed(text);
  if (json === undefined) return text;
  const root: unknown[] = [json];
  const place = somewhere(root, random);
  change(place, deed, random, root);
  return JSON.stringify(root[0]) ?? '';
}

function change({ holder, key }: Place, deed: Deed, random: Random, root: unknown[]): void {
  const value = read(holder, key);
  switch (deed) {
    case 'dropped':
      return remove(holder, key);
    case 'renamed':
      if (!Array.isArray(holder)) write(holder, pick(random, [`${key}_`, String(key).toUpperCase(), '__proto', '']), value);
      return remove(holder, key);
    case 'retyped':
      return write(holder, key, retyped(value, random));
    case 'null':
      return write(holder, key, null);
    case 'NaN':
      return write(holder, key, pick(random, ['NaN', 'Infinity', '-Infinity', '1e999', 'nan', '0x10', '1,5', ' ', '--1']));
    case 'huge':
      return write(holder, key, pick(random, [1e308, 1e15, '9007199254740993', '9'.repeat(400), '1e300', '99999999999', 1e9]));
    case 'negative':
      return write(
        holder,
        key,
        typeof value === 'string' && value !== '' ? `-${value}` : typeof value === 'number' ? -value : -1,
      );
    case 'nested':
      return write(holder, key, pick(random, [{ value }, [value], [[value]], { [String(key)]: value }]));
    case 'duplicated':
      if (Array.isArray(holder)) holder.push(value);
      else write(holder, `${key}2`, value);
      return;
    case 'swapped': {
      const other = somewhere(root, random);
      const theirs = read(other.holder, other.key);
      // Only plain values: a part that holds itself could not be written down.
      if (isPlain(value) && isPlain(theirs)) {
        write(holder, key, theirs);
        write(other.holder, other.key, value);
      }
      return;
    }
  }
}

function retyped(value: unknown, random: Random): unknown {
  if (typeof value === 'string') {
    const number = Number(value);
    return Number.isFinite(number) && value !== '' ? number : pick(random, [0, true, [value], {}]);
  }
  if (typeof value === 'number') return String(value);
  if (typeof value === 'boolean') return pick(random, [String(value), Number(value), null]);
  return pick(random, ['', 0, false, 'x']);
}

/** A place at a random depth, fields of long lists not more likely than others. */
function somewhere(root: unknown[], random: Random): Place {
  let place: Place = { holder: root, key: 0 };
  for (;;) {
    const value = read(place.holder, place.key);
    if (isPlain(value) || !isHolder(value)) return place;
    const keys = Object.keys(value);
    if (keys.length === 0 || random() < 0.06) return place;
    const key = pick(random, keys);
    place = { holder: value, key: Array.isArray(value) ? Number(key) : key };
  }
}

function isHolder(value: unknown): value is Holder {
  return typeof value === 'object' && value !== null;
}
function isPlain(value: unknown): boolean {
  return typeof value !== 'object' || value === null;
}
function read(holder: Holder, key: string | number): unknown {
  return Reflect.get(holder, key);
}
function write(holder: Holder, key: string | number, value: unknown): void {
  Reflect.set(holder, key, value);
}
function remove(holder: Holder, key: string | number): void {
  if (Array.isArray(holder)) holder.splice(Number(key), 1);
  else Reflect.deleteProperty(holder, key);
}
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export function pick<Item>(random: Random, items: readonly Item[]): Item {
  const chosen = items[Math.floor(random() * items.length)];
  if (chosen === undefined && items.length === 0) throw new Error('nothing to choose from');
  return chosen!;
}
