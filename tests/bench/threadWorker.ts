/** A thread of the pricing benchmark: makes its share, says so, and runs it each time it is told to. */
import { parentPort, workerData } from 'node:worker_threads';
import { THREAD_JOBS, type ThreadJob } from './threadJobs.ts';

const { job, size, seed }: { job: ThreadJob; size: number; seed: number } = workerData;
const share = THREAD_JOBS[job](size, seed);
parentPort?.on('message', () => {
  share.run();
  parentPort?.postMessage('done');
});
parentPort?.postMessage('ready');
