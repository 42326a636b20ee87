import { contract } from '#contract/contract';
import { MOST_FRAME_BYTES } from '#host/web/webServer';

export type Random = () => number;

/** A small seeded generator: a failing run is repeated by its seed. */
export function seeded(seed: number): Random {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const NAMES = Object.keys(contract);
const FIELDS = ['commandId', 'legs', 'symbol', 'positionId', 'changes', 'path', 'value', 'reason', 'verb', 'word', 'code'];
export const NASTY: readonly unknown[] = [
  null,
  '',
  '\u0000',
  '../../etc/passwd',
  "'; DROP TABLE events; --",
  '__proto__',
  'constructor',
  '%',
  '\ud800',
  '9'.repeat(400),
  'x'.repeat(70_000),
  0,
  -0,
  -1,
  1e308,
  Number.MAX_SAFE_INTEGER,
  0.1,
  true,
  [],
  {},
  [[[[[[]]]]]],
  { __proto__: null, toString: 1 },
];

/** A call whose name is right, nearly right or wrong, with anything as its input. */
export function callFrame(random: Random, id: number): unknown {
  const names = random() < 0.85 ? NAMES : ['__proto__', 'toString', 'desk', 'order.open ', 'x'.repeat(79), ''];
  const kind = random() < 0.8 ? 'call' : 'subscribe';
  const input = random() < 0.1 ? {} : value(random, 0);
  return { kind, id, name: one(random, names), input };
}

/** The text of a frame, with an empty input where the server would hang up on one so fat. */
export function fittingText(frame: unknown): string {
  const text = JSON.stringify(frame);
  return Buffer.byteLength(text) <= MOST_FRAME_BYTES ? text : JSON.stringify({ ...Object(frame), input: {} });
}

/** Text that is no frame: not JSON, not an object, a frame with more or less than it may have. */
export function brokenText(random: Random): string {
  const whole = JSON.stringify(callFrame(random, 1));
  const forms = [
    whole.slice(0, Math.floor(random() * whole.length)),
    `${whole}${whole}`,
    '[]',
    'null',
    '{"kind":"call"}',
    '{"kind":"authenticate","token":"x"}',
    `{"kind":"call","id":-1,"name":"desk.scanNow","input":{}}`,
    `{"__proto__":{"kind":"call"},"id":1}`,
    '['.repeat(5_000),
  ];
  return one(random, forms);
}

export function value(random: Random, depth: number): unknown {
  const choice = random();
  if (depth > 3 || choice < 0.4) return one(random, NASTY);
  if (choice < 0.5) return Array.from({ length: Math.floor(random() * 5) }, () => value(random, depth + 1));
  const made: Record<string, unknown> = {};
  if (random() < 0.8) made['commandId'] = `fuzz-${Math.floor(random() * 1e9)}`;
  for (let field = 0; field < random() * 5; field++) made[one(random, FIELDS)] = value(random, depth + 1);
  return made;
}

export function one<Item>(random: Random, items: readonly Item[]): Item {
  const chosen = items[Math.floor(random() * items.length)];
  if (chosen === undefined && items.length === 0) throw new Error('nothing to choose from');
  return chosen!;
}
