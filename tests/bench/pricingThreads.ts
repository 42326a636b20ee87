/** The kernels on one thread and on all of this machine's, in turn: how much of a second thread arrives. */
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { THREAD_JOBS, type ThreadJob } from './threadJobs.ts';
import { type BenchOptions, type Comparison, clocked, compare, show } from './timing.ts';

const SIZES: Readonly<Record<ThreadJob, number>> = {
  greeks: 1_000_000,
  implied: 1_000_000,
  americanFast: 100_000,
  americanPrecise: 10_000,
};

const TITLES: Readonly<Record<ThreadJob, string>> = {
  greeks: 'price + 5 greeks of a million options',
  implied: 'implied volatility of a million',
  americanFast: 'American, a hundred thousand from premium surfaces',
  americanPrecise: 'American, ten thousand by collocation',
};

/** Threads that hold their shares of one job. */
class Crew {
  private readonly workers: readonly Worker[];

  private constructor(workers: readonly Worker[]) {
    this.workers = workers;
  }

  static async of(job: ThreadJob, size: number, threads: number): Promise<Crew> {
    const file = new URL('./threadWorker.ts', import.meta.url);
    const workers = Array.from(
      { length: threads },
      (_, i) => new Worker(file, { workerData: { job, size: size / threads, seed: 101 + i } }),
    );
    await Promise.all(workers.map(answerOf));
    return new Crew(workers);
  }

  /** Runs every share; resolves when the last thread is done. */
  async run(): Promise<void> {
    const answers = this.workers.map(answerOf);
    for (const worker of this.workers) worker.postMessage('run');
    await Promise.all(answers);
  }

  async close(): Promise<void> {
    await Promise.all(this.workers.map((worker) => worker.terminate()));
  }
}

function answerOf(worker: Worker): Promise<void> {
  return new Promise((done, fail) => {
    worker.once('message', () => done());
    worker.once('error', fail);
  });
}

export async function threadsBench(rounds: number, options: BenchOptions): Promise<Record<string, Comparison | number>> {
  const threads = availableParallelism();
  const results: Record<string, Comparison | number> = { threads };
  for (const job of ['greeks', 'implied', 'americanFast', 'americanPrecise'] as const) {
    const size = options.quick ? SIZES[job] / 10 : SIZES[job];
    const alone = THREAD_JOBS[job](size, 101);
    const crew = await Crew.of(job, size, threads);
    const comparison = await compare(
      {
        'one thread': clocked(alone.items, alone.run),
        [`all ${threads} threads`]: clocked(size, () => crew.run()),
      },
      rounds,
    );
    await crew.close();
    results[job] = comparison;
    if (!options.json) show(`${TITLES[job]}, ns each`, comparison);
  }
  return results;
}
