import { judgeSession } from '../swarm/judge.ts';
import { newLife } from '../swarm/life.ts';
import { runSession } from '../swarm/session.ts';
import type { Flow } from './flows.ts';

export interface CutResult {
  readonly flow: string;
  /** Points at which the program can die in this flow: before and after every call that leaves the engine. */
  readonly points: number;
  readonly cases: number;
  readonly reached: boolean;
  readonly findings: readonly string[];
}

/**
 * Runs the flow uncut and counts its points; then once for every `stride`-th point, dying there, restarting and going on to the
 * evening; and, with `double`, dying a second time during the recovery, at each of its first `double` points.
 */
export async function cutFlow(flow: Flow, options: { readonly stride: number; readonly double: number }): Promise<CutResult> {
  let points = 0;
  const whole = await runSession(flow.plan, {
    life: () =>
      newLife(() => {
        points += 1;
      }),
  });
  const uncut = judgeSession(whole);
  const findings = uncut.findings.map((finding) => `uncut: ${finding}`);
  let cases = 1;
  const offset = options.stride > 1 ? flow.plan.seed % options.stride : 0;
  for (let cut = 1 + offset; cut <= points; cut += options.stride) {
    cases += 1;
    findings.push(...(await dyingAt(flow, [cut])));
    // The recovery's own points: each once for one of the cuts, so that all are seen without squaring the work.
    if (options.double > 0) {
      cases += 1;
      findings.push(...(await dyingAt(flow, [cut, 1 + (cut % options.double)])));
    }
  }
  return { flow: flow.name, points, cases, reached: uncut.states.includes(flow.reaches), findings };
}

/** Lives end at the given points, counted anew in each life; what is found is told with the points. */
async function dyingAt(flow: Flow, deaths: readonly number[]): Promise<string[]> {
  let lives = 0;
  const where: string[] = [];
  const record = await runSession(flow.plan, {
    life() {
      const death = deaths[lives] ?? null;
      lives += 1;
      let passed = 0;
      return newLife((point, life) => {
        passed += 1;
        if (passed !== death) return;
        where.push(point);
        life.end();
      });
    },
  });
  return judgeSession(record).findings.map(
    (finding) => `${flow.name}, died ${where.join(' and ')} (${deaths.join(', ')}): ${finding}`,
  );
}
