import type { SafetyView } from '#contract/safety';
import type { Instant } from '#domain/units';
import { dayAndTime } from '../../components/format/instants.ts';

/** Nothing is said to be never that was not looked for to the journal's beginning. */
export function neverOf(lookedBackTo: Instant | null): string {
  return lookedBackTo === null ? 'never' : `not since ${dayAndTime(lookedBackTo)}`;
}

/** No difference was found as far back as was looked. */
export function noneFound(lookedBackTo: Instant | null): string {
  return `No comparison has found a difference${lookedBackTo === null ? '' : ` since ${dayAndTime(lookedBackTo)}`}.`;
}

/** What is known of the tests of this build. */
export interface TestsRun {
  readonly sign: string;
  readonly tone: 'faint' | 'gain' | 'loss';
  readonly words: string;
}

export function testsRunOf({ ok, at }: SafetyView['testsRun']): TestsRun {
  if (ok === null) return { sign: '○', tone: 'faint', words: 'npm test was not run for this build on this machine' };
  return ok
    ? { sign: '✓', tone: 'gain', words: `npm test was green for this build, ${at}` }
    : { sign: '✕', tone: 'loss', words: `npm test failed for this build, ${at}` };
}
