/** Splits a universe over worker threads; the columns are shared, only ranges and the few best candidates travel. */
import { Worker } from 'node:worker_threads';
import { joinReports, SCAN_DEFAULTS, type ScanReport, type ScanSettings } from '#domain/structures/scan/scanUniverse';
import { type Universe, universeBytes, universeOn } from '#domain/structures/scan/universe';
import { invariant } from '#domain/units';
import type { ScanAnswer, ScanRequest, ScanWorkerData } from './scanMessages.ts';

/** A universe in shared memory, empty. */
export function sharedUniverse(expiries: number, strikesEach: number): Universe {
  return universeOn(new SharedArrayBuffer(universeBytes(expiries, strikesEach)), expiries, strikesEach);
}

export class ScanPool {
  private readonly workers: readonly Worker[];
  private universe: Universe | null = null;
  /** Processor time of the busiest thread in the last scan, milliseconds: what it takes where nothing else wants the processor. */
  busiestMs = 0;

  /**
   * `workerFile` is the built scanWorker; `threads` 1 or more; `kernelFile` the built chain kernels: without them (or where they
   * do not load) the threads work in TypeScript.
   */
  constructor(workerFile: URL, threads: number, kernelFile: URL | null = null) {
    invariant(Number.isInteger(threads) && threads >= 1, `not a number of threads: ${threads}`);
    const workerData: ScanWorkerData = { kernelFile: kernelFile?.href ?? null };
    this.workers = Array.from({ length: threads }, () => new Worker(workerFile, { workerData }));
  }

  /** Shows the workers a universe made by {@link sharedUniverse}; write its columns between scans. */
  attach(universe: Universe): void {
    const { buffer, expiries, strikesEach } = universe;
    invariant(buffer instanceof SharedArrayBuffer, 'a pool needs a universe in shared memory');
    this.universe = universe;
    for (const worker of this.workers) this.tell(worker, { kind: 'attach', buffer, expiries, strikesEach });
  }

  /** Scans the whole universe, every worker its equal share. Rejects when a worker fails; the caller decides whether to try again. */
  async scan(settings: ScanSettings = SCAN_DEFAULTS): Promise<ScanReport> {
    const answers = await this.share((from, to) => ({ kind: 'scan', from, to, settings }));
    this.busiestMs = Math.max(...answers.map((answer) => (answer.kind === 'report' ? answer.processorMs : 0)));
    const reports = answers.flatMap((answer) => (answer.kind === 'report' ? [answer.report] : []));
    return joinReports(reports, settings.keep);
  }

  /** Fills the universe's volatility column, every worker its share. */
  async appraise(slippage: number = SCAN_DEFAULTS.slippage): Promise<void> {
    await this.share((from, to) => ({ kind: 'appraise', from, to, slippage }));
  }

  private share(request: (from: number, to: number) => ScanRequest): Promise<ScanAnswer[]> {
    const { universe, workers } = this;
    invariant(universe, 'attach a universe first');
    const share = Math.ceil(universe.expiries / workers.length);
    const end = (part: number) => Math.min(part * share, universe.expiries);
    return Promise.all(workers.map((worker, i) => this.ask(worker, request(end(i), end(i + 1)))));
  }

  /** Ends the threads. */
  async close(): Promise<void> {
    await Promise.all(this.workers.map((worker) => worker.terminate()));
  }

  private tell(worker: Worker, request: ScanRequest): void {
    worker.postMessage(request);
  }

  private ask(worker: Worker, request: ScanRequest): Promise<ScanAnswer> {
    return new Promise((resolve, reject) => {
      const settle = (action: () => void) => {
        worker.off('message', onMessage);
        worker.off('error', onError);
        worker.off('exit', onExit);
        action();
      };
      const onMessage = (answer: ScanAnswer) =>
        settle(() => (answer.kind === 'failed' ? reject(new Error(answer.message)) : resolve(answer)));
      const onError = (error: unknown) => settle(() => reject(error));
      const onExit = (code: number) => settle(() => reject(new Error(`scan worker ended with code ${code}`)));
      worker.on('message', onMessage);
      worker.on('error', onError);
      worker.on('exit', onExit);
      this.tell(worker, request);
    });
  }
}
