import { judgeSession } from '../swarm/judge.ts';
import { newLife } from '../swarm/life.ts';
import { runSession } from '../swarm/session.ts';
import type { Flow } from './flows.ts';

export interface CutResult {
  readonly flow: string;
  /** Points at which the program can die in this flow (see `Life.passing` in `../swarm/life.ts`). */
  readonly points: number;
  /** Cases in which it died once, and in which it died again during the recovery. */
  readonly singles: number;
  readonly doubles: number;
  /** Second deaths that did not come: the recovery had no such point before the evening. They count as neither. */
  readonly withoutSecond: number;
  readonly reached: boolean;
  readonly findings: readonly CutFinding[];
}

/** What was found, and the points of the deaths with which it was (none: uncut). */
export interface CutFinding {
  readonly deaths: readonly number[];
  readonly finding: string;
}

interface Choice {
  /** Every so many points one is a cut. */
  readonly stride: number;
  /** Points of the recovery among which the second death is; 0: no second deaths. */
  readonly double: number;
  /** This case alone: one death, or two. */
  readonly only?: readonly number[];
}

/**
 * Runs the flow uncut and counts its points; then once for every `stride`-th point, dying there, restarting and going on to the
 * evening; and, with `double`, dying a second time during the recovery, at one of its first `double` points.
 */
export async function cutFlow(flow: Flow, choice: Choice): Promise<CutResult> {
  let points = 0;
  const whole = await runSession(flow.plan, {
    life: () =>
      newLife(() => {
        points += 1;
      }),
  });
  const uncut = judgeSession(whole);
  const findings: CutFinding[] = uncut.findings.map((finding) => ({ deaths: [], finding: `${flow.name}, uncut: ${finding}` }));
  const died = { singles: 0, doubles: 0, withoutSecond: 0 };
  for (const deaths of choice.only ? [choice.only] : cases(flow, points, choice)) {
    const result = await dyingAt(flow, deaths);
    findings.push(...result.findings.map((finding) => ({ deaths, finding })));
    // The first life is the uncut one until it dies: a point that it does not pass would be a fault of this harness.
    if (result.times === 0) findings.push({ deaths, finding: `${flow.name}: nobody died at ${deaths.join(', ')}` });
    else if (result.times === 2) died.doubles += 1;
    else if (deaths.length === 2) died.withoutSecond += 1;
    else died.singles += 1;
  }
  return { flow: flow.name, points, ...died, reached: uncut.states.includes(flow.reaches), findings };
}

function* cases(flow: Flow, points: number, { stride, double }: Choice): Generator<readonly number[]> {
  const offset = stride > 1 ? flow.plan.seed % stride : 0;
  for (let cut = 1 + offset; cut <= points; cut += stride) {
    yield [cut];
    // The recovery's own points: each once for one of the cuts, so that all are seen without squaring the work.
    if (double > 0) yield [cut, 1 + (cut % double)];
  }
}

/** Lives end at the given points, counted anew in each life; what is found is told with the points. */
async function dyingAt(
  flow: Flow,
  deaths: readonly number[],
): Promise<{ readonly times: number; readonly findings: readonly string[] }> {
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
  const told = judgeSession(record).findings;
  const findings = told.map((finding) => `${flow.name}, died ${where.join(' and ')} (${deaths.join(', ')}): ${finding}`);
  return { times: where.length, findings };
}
