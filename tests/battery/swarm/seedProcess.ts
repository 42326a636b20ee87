import '#adapters/runtime/runtimeCheck';
import { judgeSession } from './judge.ts';
import { planOf } from './plan.ts';
import { runSession } from './session.ts';

/** Judges the seeds it is given, one message each; with `again` each is run twice and must write the same journal. */
process.on('message', async ({ seeds, again }: { readonly seeds: readonly number[]; readonly again: boolean }) => {
  for (const seed of seeds) process.send?.(await judged(seed, again));
  process.send?.('done');
});
process.send?.('ready');

async function judged(seed: number, again: boolean) {
  try {
    const first = judgeSession(await runSession(planOf(seed)));
    if (!again) return first;
    const second = judgeSession(await runSession(planOf(seed)));
    if (first.journalHash === second.journalHash) return first;
    return { ...first, findings: [...first.findings, `determinism: ${first.journalHash} and ${second.journalHash}`] };
  } catch (error) {
    return { seed, failed: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}
