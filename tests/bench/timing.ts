/** Timing of peers against each other: interleaved rounds, medians of ratios, outputs compared by the caller before. */

export interface BenchOptions {
  /** Only the JSON line. */
  readonly json: boolean;
  /** Fewer items and rounds: to see that it runs, not to quote. */
  readonly quick: boolean;
}

/** What was compared before it was timed. */
export interface Judged {
  readonly agreement: readonly Goal[];
}

/** What every benchmark answers, with figures of its own beside. */
export interface BenchResult {
  /** Results compared with the peers' before anything was timed. */
  readonly agreement: readonly Goal[];
  /** Times and ratios. */
  readonly goals: readonly Goal[];
}

/** Runs its job once and answers the nanoseconds per item it took. */
export type Timed = () => number | Promise<number>;

export interface Comparison {
  /** Median nanoseconds per item of each contender. */
  readonly ns: Record<string, number>;
  /** How many times longer each takes than the first one: median, lowest and highest over the rounds. */
  readonly ratio: Record<string, Spread>;
  readonly rounds: number;
  /** How many times longer `slow` takes than `quick`, within each round; undefined when one of them is missing here. */
  readonly times: (slow: string, quick: string) => Spread | undefined;
}

/** A median with the lowest and highest of its rounds. */
export interface Spread {
  readonly median: number;
  readonly low: number;
  readonly high: number;
}

/**
 * Wraps a synchronous job over `items` items as a {@link Timed}: the processor time of this thread, as the native peers measure
 * theirs, so that what else the machine does takes no side. Jobs of several threads are {@link clocked}.
 */
export function timed(items: number, job: () => void): Timed {
  return () => {
    const begun = performance.now();
    const start = process.threadCpuUsage();
    let runs = 0;
    // Systems count a thread's time in ticks of some milliseconds: a short job is repeated until they do not matter.
    do {
      job();
      runs++;
    } while (performance.now() - begun < LEAST_MS);
    const { user, system } = process.threadCpuUsage(start);
    return ((user + system) * 1e3) / items / runs;
  };
}

/** Time on the wall that a measurement takes at least. */
const LEAST_MS = 150;

/** The same by the clock on the wall: to be held against jobs of several threads. */
export function clocked(items: number, job: () => void | Promise<void>): Timed {
  return async () => {
    const start = performance.now();
    await job();
    return ((performance.now() - start) * 1e6) / items;
  };
}

const median = (values: readonly number[]) => [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
const short = (value: number) => Number(value.toPrecision(4));

/** Runs all contenders in turn, `rounds` times after one warm-up round; ratios are taken within a round. */
export async function compare(contenders: Record<string, Timed>, rounds: number): Promise<Comparison> {
  const names = Object.keys(contenders);
  const times: Record<string, number[]> = Object.fromEntries(names.map((name) => [name, []]));
  for (let round = -1; round < rounds; round++) {
    for (const name of names) {
      const ns = await contenders[name]!();
      if (round >= 0) times[name]!.push(ns);
    }
  }
  const between = (slow: string, quick: string): Spread | undefined => {
    const [slower, quicker] = [times[slow], times[quick]];
    return slower && quicker ? spreadOf(slower.map((ns, i) => ns / quicker[i]!)) : undefined;
  };
  const [first = '', ...others] = names;
  return {
    ns: Object.fromEntries(names.map((name) => [name, short(median(times[name]!))])),
    ratio: Object.fromEntries(others.map((name) => [name, between(name, first)!])),
    rounds,
    times: between,
  };
}

/** Median, lowest and highest over the rounds. */
export function spreadOf(each: readonly number[]): Spread {
  return { median: short(median(each)), low: short(Math.min(...each)), high: short(Math.max(...each)) };
}

/** Prints a comparison as a small table. */
export function show(title: string, { ns, ratio }: Comparison): void {
  console.log(`\n${title}`);
  for (const [name, time] of Object.entries(ns)) {
    const r = ratio[name];
    const line = r ? `${r.median}x (${r.low}..${r.high})` : '1';
    console.log(`  ${name.padEnd(44)} ${time.toString().padStart(10)} ns  ${line}`);
  }
}

/** Largest |a - b| / (1 + |b|). */
export function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>, count = a.length): number {
  let worst = 0;
  for (let i = 0; i < count; i++) worst = Math.max(worst, Math.abs(a[i]! - b[i]!) / (1 + Math.abs(b[i]!)));
  return worst;
}

/** One goal of a benchmark: what was reached beside what is wanted. */
export interface Goal {
  readonly goal: string;
  readonly wanted: number;
  /** null when the peer is missing here. */
  readonly reached: number | null;
  /** Lowest and highest round of a ratio. */
  readonly spread?: readonly [number, number];
  readonly met: boolean | null;
  /** Why it is out of reach: such a goal is no claim, and does not fail the benchmark. */
  readonly limit?: string;
}

function goalOf(goal: string, wanted: number, reached: Spread | number | undefined, isMet: (value: number) => boolean): Goal {
  if (reached === undefined) return { goal, wanted, reached: null, met: null };
  if (typeof reached === 'number') return { goal, wanted, reached, met: isMet(reached) };
  return { goal, wanted, reached: reached.median, spread: [reached.low, reached.high], met: isMet(reached.median) };
}

/** Judges "at least so many times faster" on the median of the rounds' ratios. */
export function atLeast(goal: string, wanted: number, reached: Spread | number | undefined): Goal {
  return goalOf(goal, wanted, reached, (value) => value >= wanted);
}

/** Judges "at most": times, errors, shares. */
export function atMost(goal: string, wanted: number, reached: Spread | number | undefined): Goal {
  return goalOf(goal, wanted, reached, (value) => value <= wanted);
}

/** Judges what must simply be so. */
export function holds(goal: string, isSo: boolean): Goal {
  return { goal, wanted: 1, reached: isSo ? 1 : 0, met: isSo };
}

/** True when every claim that could be judged here was met. */
export function allHold(goals: readonly Goal[]): boolean {
  return goals.every(({ met, limit }) => met !== false || limit !== undefined);
}

/** Prints goals, one a line. */
export function showGoals(goals: readonly Goal[]): void {
  console.log('\ngoals');
  for (const { goal, wanted, reached, spread, met, limit } of goals) {
    const mark = met === null ? 'n/a ' : met ? 'met ' : limit ? 'open' : 'MISS';
    const range = spread ? ` (${spread[0]}..${spread[1]})` : '';
    console.log(`  ${mark} ${goal.padEnd(76)} wanted ${wanted}, reached ${reached ?? 'peer missing'}${range}`);
    if (limit && met === false) console.log(`       ${limit}`);
  }
}
