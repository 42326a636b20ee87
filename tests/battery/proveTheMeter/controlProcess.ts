import '#adapters/runtime/runtimeCheck';
import { judgeSession } from '../swarm/judge.ts';
import { planOf } from '../swarm/plan.ts';
import { runSession } from '../swarm/session.ts';
import { storyOf } from '../swarm/stories.ts';
import type { Control, ControlResult } from './plantAll.ts';

/** Judges sessions of the program as it is, with nothing planted. Argument: the sessions, as JSON. */
const sessions: readonly Control[] = JSON.parse(process.argv[2] ?? '[]');
const results: ControlResult[] = [];
for (const { story, seed } of sessions) {
  const { findings } = judgeSession(await runSession(story === null ? planOf(seed) : storyOf(story, seed)));
  results.push({ story, seed, findings });
}
process.stdout.write(`${JSON.stringify(results)}\n`);
