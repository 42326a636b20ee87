/** Sections whose settings are limits: what is looser there lets more risk through. */
const SECTIONS = ['risk', 'failsafe', 'protection', 'trust', 'live', 'watchdog', 'supervisor'];
/** More is tighter for these, whatever their names begin with. */
const TIGHTER_UP = [
  'risk.duplicateWindowSeconds',
  'risk.noEntriesFirstMinutes',
  'risk.noEntriesLastMinutes',
  'risk.expiryDayEntryCutoffMinutes',
  'failsafe.releaseHoldSeconds',
  'live.confidence',
  'live.lockMinutes',
  'trust.expectancyDeviations',
];

/**
 * True when a change lets more risk through than before. `max…` up and `min…` or `least…` down are looser; a ceiling of 0 means
 * none; a limit that is neither a number nor listed counts as looser, since nothing is guessed with limits.
 */
export function loosens(path: string, before: unknown, after: unknown): boolean {
  const [section = '', name = ''] = path.split('.');
  // The one thing that a phone could do to let risk through.
  if (path === 'telegram.approvals') return after === true && before !== true;
  if (!SECTIONS.includes(section) || same(before, after)) return false;
  if (typeof before !== 'number' || typeof after !== 'number') return true;
  if (path === 'risk.capitalCeilingDollars') return after === 0 || (before !== 0 && after > before);
  const moreIsTighter = /^(min|least)/.test(name) || TIGHTER_UP.includes(path);
  return moreIsTighter ? after < before : after > before;
}

/** The value at a dotted path; undefined where there is none. */
export function valueAt(settings: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((value, name) => (isRecord(value) ? value[name] : undefined), settings);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
