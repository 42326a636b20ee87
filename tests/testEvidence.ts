import { BUILD } from '#app/build';
import { hashOfSources } from '#app/buildHash';
import { dataFolder } from '#app/dataFolder';
import { TESTS } from '#app/desk/batteryVerdict';
import { noteEvidence } from './battery/evidence.ts';

/**
 * Notes a run of the tests beside the battery's commands, under the same rules: a part that was green proves nothing, one that failed
 * counts. A run over sources that were edited meanwhile speaks for no build. Answers in words; a data folder that cannot be written
 * makes no test fail.
 */
export function noteTests(
  counts: { readonly passed: number; readonly failed: number },
  run: { readonly whole: boolean; readonly at: Date },
): string {
  if (!BUILD.endsWith(hashOfSources())) return 'not noted: the sources changed during the run';
  const ok = counts.failed === 0 && counts.passed > 0;
  if (ok && !run.whole) return 'not noted: only a whole run is';
  const file = dataFolder().batteryEvidence;
  try {
    noteEvidence(file, { build: BUILD, command: TESTS, ok, result: counts, ...run });
    return `noted for ${BUILD} in ${file}`;
  } catch (error) {
    return `not noted: ${error instanceof Error ? error.message : String(error)}`;
  }
}
