import type { EngineView } from '#engine/view';
import { appSettings } from '#ports/settings/appSettings';
import { strategyBlock } from '#ports/settings/settings';
import { STRATEGY_TIGHTER, TIGHTER, type Tighter } from '#ports/settings/tighter';

const DEFAULTS: unknown = appSettings.parse({});
const DEFAULT_BLOCK: unknown = strategyBlock.parse({});

/**
 * True when a change lets more risk through than before, by the direction of each setting that it touches. Absent means the
 * default. What has no direction counts as looser, since nothing is guessed with limits. A path may name a setting, a section or
 * a strategy's block.
 */
export function loosens(path: string, before: unknown, after: unknown): boolean {
  const was = before === undefined ? defaultOf(path) : before;
  const is = after === undefined ? defaultOf(path) : after;
  if (same(was, is)) return false;
  const direction = directionOf(path);
  if (direction === null && isRecord(was) && isRecord(is))
    return [...new Set([...Object.keys(was), ...Object.keys(is)])].some((name) =>
      loosens(`${path}.${name}`, was[name], is[name]),
    );
  return direction === null || isLooser(direction, was, is);
}

/** The direction of the setting at a path; null for a section, and for what is not marked. */
export function directionOf(path: string): Tighter | null {
  const [section = '', , name = ''] = path.split('.');
  // The simulated exchange: its market and its rules, nothing that money is at stake with.
  if (section === 'exchange') return 'free';
  if (section === 'strategies') return leafOf(valueAt(STRATEGY_TIGHTER, name));
  return leafOf(valueAt(TIGHTER, path));
}

function leafOf(found: unknown): Tighter | null {
  if (typeof found === 'string') return isDirection(found) ? found : null;
  return Array.isArray(found) ? found.map(String) : null;
}

const DIRECTIONS = ['up', 'down', 'downOrNone', 'on', 'off', 'earlier', 'more', 'fewer', 'fewerOrAll', 'either', 'free'] as const;

function isDirection(word: string): word is (typeof DIRECTIONS)[number] {
  return DIRECTIONS.some((known) => known === word);
}

function isLooser(direction: Tighter, was: unknown, is: unknown): boolean {
  if (typeof direction !== 'string') {
    const wanted = direction.indexOf(wordOf(is));
    const before = direction.indexOf(wordOf(was));
    return wanted < 0 || before < 0 || wanted < before;
  }
  switch (direction) {
    case 'free':
      return false;
    case 'up':
      return !(numberOf(is) > numberOf(was));
    case 'down':
      return !(numberOf(is) < numberOf(was));
    case 'downOrNone':
      return !(numberOf(is) > 0) || (was !== 0 && !(numberOf(is) < numberOf(was)));
    case 'on':
      return is !== true;
    case 'off':
      return is !== false;
    case 'earlier':
      return typeof is !== 'string' || typeof was !== 'string' || !(is < was);
    case 'more':
      return !isWithin(was, is);
    case 'fewer':
      return !isWithin(is, was);
    case 'fewerOrAll':
      return isEmpty(is) || (!isEmpty(was) && !isWithin(is, was));
    case 'either':
      return true;
  }
}

/** What is neither a number nor a text is no number: it compares with nothing, and counts as looser. A window may send anything. */
function numberOf(value: unknown): number {
  return typeof value === 'number' || typeof value === 'string' ? Number(value) : Number.NaN;
}

/** The empty word, which no direction has, for what is none: an object need not even have a text. */
function wordOf(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
}

/** Every member of one list is in the other. */
function isWithin(small: unknown, large: unknown): boolean {
  return Array.isArray(small) && Array.isArray(large) && small.every((member) => large.includes(member));
}

function isEmpty(list: unknown): boolean {
  return !Array.isArray(list) || list.length === 0;
}

function defaultOf(path: string): unknown {
  const block = /^strategies\.[^.]+(?:\.(.+))?$/.exec(path);
  if (!block) return valueAt(DEFAULTS, path);
  return block[1] === undefined ? DEFAULT_BLOCK : valueAt(DEFAULT_BLOCK, block[1]);
}

/** Why the account does not count as flat, in words; null when nothing is held or worked, by our books and by the broker's. */
export function notFlat({
  reconciled,
  positions,
  works,
  brokerPositions,
}: Pick<EngineView, 'reconciled' | 'positions' | 'works' | 'brokerPositions'>): string | null {
  if (!reconciled) return 'the account was not looked at yet';
  if (positions.length > 0) return `held: ${positions.map(({ position }) => position.positionId).join(', ')}`;
  if (brokerPositions.length > 0) return `held at the broker: ${brokerPositions.map(({ symbol }) => symbol).join(', ')}`;
  const worked = [...works.values()].filter(({ outcome }) => outcome === null);
  return worked.length === 0 ? null : `worked: ${worked.map(({ intentId }) => intentId).join(', ')}`;
}

/** The value at a dotted path; undefined where there is none. */
export function valueAt(settings: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((value, name) => (isRecord(value) ? value[name] : undefined), settings);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
