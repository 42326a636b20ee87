/** Timing of peers against each other: interleaved rounds, medians of ratios, outputs compared by the caller before. */

export interface BenchOptions {
  /** Only the JSON line. */
  readonly json: boolean;
  /** Fewer items and rounds: to see that it runs, not to quote. */
  readonly quick: boolean;
}

/** Runs its job once and answers the nanoseconds per item it took. */
export type Timed = () => number | Promise<number>;

export interface Comparison {
  /** Median nanoseconds per item of each contender. */
  readonly ns: Record<string, number>;
  /** How many times longer each takes than the first one: median, lowest and highest over the rounds. */
  readonly ratio: Record<string, { readonly median: number; readonly low: number; readonly high: number }>;
  readonly rounds: number;
}

/** Wraps a synchronous job over `items` items as a {@link Timed}. */
export function timed(items: number, job: () => void): Timed {
  return () => {
    const start = performance.now();
    job();
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
  const first = times[names[0] ?? ''] ?? [];
  const ratios = names.slice(1).map((name) => {
    const each = times[name]!.map((ns, i) => ns / first[i]!);
    return [name, { median: short(median(each)), low: short(Math.min(...each)), high: short(Math.max(...each)) }] as const;
  });
  return {
    ns: Object.fromEntries(names.map((name) => [name, short(median(times[name]!))])),
    ratio: Object.fromEntries(ratios),
    rounds,
  };
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

/** One goal of a benchmark: the ratio reached beside the one wanted. */
export interface Goal {
  readonly goal: string;
  readonly wanted: number;
  /** null when the peer is missing here. */
  readonly reached: number | null;
  readonly met: boolean | null;
}

/** Judges "at least so many times faster": `reached` is the median ratio. */
export function atLeast(goal: string, wanted: number, reached: number | undefined): Goal {
  return { goal, wanted, reached: reached ?? null, met: reached === undefined ? null : reached >= wanted };
}

/** Judges "at most": times, errors, shares. */
export function atMost(goal: string, wanted: number, reached: number | undefined): Goal {
  return { goal, wanted, reached: reached ?? null, met: reached === undefined ? null : reached <= wanted };
}

/** Prints goals, one a line. */
export function showGoals(goals: readonly Goal[]): void {
  console.log('\ngoals');
  for (const { goal, wanted, reached, met } of goals) {
    console.log(
      `  ${met === null ? 'n/a ' : met ? 'met ' : 'MISS'} ${goal.padEnd(70)} wanted ${wanted}, reached ${reached ?? 'peer missing'}`,
    );
  }
}
