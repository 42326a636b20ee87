import { isDeepStrictEqual } from 'node:util';

/**
 * A stand-in for the test runner that runs the gate's tests hundreds of times a minute: `describe`, `it` and the matchers that
 * those tests use. What it does not know throws, so that no test passes by not being understood.
 */
interface Test {
  readonly name: string;
  readonly run: () => unknown;
}

let collected: Test[] = [];
let path: string[] = [];

/** The tests that were declared since the last call. */
export function takeTests(): readonly Test[] {
  const taken = collected;
  collected = [];
  return taken;
}

export function describe(name: string, body: () => void): void {
  const before = path;
  path = [...before, name];
  body();
  path = before;
}

export function it(name: string, run: () => unknown): void {
  collected.push({ name: [...path, name].join(' > '), run });
}

class Close {
  readonly to: number;
  readonly digits: number;
  constructor(to: number, digits: number) {
    this.to = to;
    this.digits = digits;
  }
  matches(value: unknown): boolean {
    return typeof value === 'number' && Math.abs(value - this.to) < 10 ** -this.digits / 2;
  }
}

/** Equal as `toEqual` has it: properties that are undefined do not count, and a {@link Close} accepts what is near. */
function equal(actual: unknown, expected: unknown): boolean {
  if (expected instanceof Close) return expected.matches(actual);
  if (Array.isArray(expected))
    return Array.isArray(actual) && actual.length === expected.length && expected.every((each, at) => equal(actual[at], each));
  if (isPlain(actual) && isPlain(expected)) {
    const keys = new Set([...Object.keys(actual), ...Object.keys(expected)]);
    return [...keys].every((key) => equal(actual[key], expected[key]));
  }
  return isDeepStrictEqual(actual, expected);
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

function ordered(a: unknown, b: unknown, holds: (a: number, b: number) => boolean): boolean {
  return typeof a === 'number' && typeof b === 'number' && holds(a, b);
}

const MATCHERS: Readonly<Record<string, (actual: unknown, ...expected: readonly unknown[]) => boolean>> = {
  toBe: (a, b) => Object.is(a, b),
  toEqual: equal,
  toBeNull: (a) => a === null,
  toBeDefined: (a) => a !== undefined,
  toBeUndefined: (a) => a === undefined,
  toContain: (a, b) => (Array.isArray(a) ? a.includes(b) : typeof a === 'string' && a.includes(String(b))),
  toHaveLength: (a, b) => (Array.isArray(a) || typeof a === 'string') && a.length === b,
  toBeCloseTo: (a, b, digits = 2) => new Close(Number(b), Number(digits)).matches(a),
  toBeGreaterThan: (a, b) => ordered(a, b, (x, y) => x > y),
  toBeGreaterThanOrEqual: (a, b) => ordered(a, b, (x, y) => x >= y),
  toBeLessThan: (a, b) => ordered(a, b, (x, y) => x < y),
  toBeLessThanOrEqual: (a, b) => ordered(a, b, (x, y) => x <= y),
};

type Expectation = Record<string, (...expected: readonly unknown[]) => void>;

function expectation(actual: unknown, wanted: boolean): Expectation {
  return Object.fromEntries(
    Object.entries(MATCHERS).map(([name, holds]) => [
      name,
      (...expected: readonly unknown[]) => {
        if (holds(actual, ...expected) !== wanted)
          throw new Error(`${wanted ? '' : 'not '}${name}: ${String(actual)} / ${expected.map(String).join(', ')}`);
      },
    ]),
  );
}

/** Throws where the expectation does not hold. */
export function expect(actual: unknown): Expectation & { readonly not: Expectation } {
  return Object.assign(Object.create(null), expectation(actual, true), { not: expectation(actual, false) });
}
expect.closeTo = (to: number, digits = 2): Close => new Close(to, digits);
