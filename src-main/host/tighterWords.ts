import type { Tighter } from '#ports/settings/tighter';
import { directionOf } from './loosening.ts';

/** For each setting that has a direction, by dotted path: which way is tighter, in words. What is no limit of any kind is left out. */
export function tighterWords(values: unknown, path = ''): Readonly<Record<string, string>> {
  if (typeof values !== 'object' || values === null || Array.isArray(values)) return {};
  const words: Record<string, string> = {};
  for (const [name, value] of Object.entries(values)) {
    const own = path === '' ? name : `${path}.${name}`;
    const direction = directionOf(own);
    const isSection = direction === null && typeof value === 'object' && value !== null && !Array.isArray(value);
    if (isSection) Object.assign(words, tighterWords(value, own));
    else if (direction !== 'free') words[own] = wordsOf(direction);
  }
  return words;
}

function wordsOf(direction: Tighter | null): string {
  if (direction === null) return 'every change counts as looser';
  if (typeof direction !== 'string') return `tighter in this order: ${direction.join(', ')}`;
  switch (direction) {
    case 'up':
      return 'more is tighter';
    case 'down':
      return 'less is tighter';
    case 'downOrNone':
      return 'less is tighter, and 0 is no limit at all';
    case 'on':
      return 'on is tighter';
    case 'off':
      return 'off is tighter';
    case 'earlier':
      return 'earlier is tighter';
    case 'more':
      return 'a longer list is tighter';
    case 'fewer':
      return 'a shorter list is tighter';
    case 'fewerOrAll':
      return 'a shorter list is tighter, and an empty one means everything';
    case 'either':
      return 'every change counts as looser';
    case 'free':
      return '';
  }
}
