/** Splits a universe over worker threads; the columns are shared, only ranges and the few best candidates travel. */
import { Worker } from 'node:worker_threads';
import { joinReports, SCAN_DEFAULTS, type ScanReport, type ScanSettings } from '#domain/structures/scan/scanUniverse';
import { type Universe, universeBytes, universeOn } from '#domain/structures/scan/universe';
import { invariant } from '#domain/units';
import type { ScanAnswer, ScanRequest, ScanWorkerData, SharedParts } from './scanMessages.ts';

/** A universe in shared memory, empty. */
export function sharedUniverse(expiries: number, strikesEach: number): Universe {
  return universeOn(new SharedArrayBuffer(universeBytes(expiries, strikesEach)), expiries, strikesEach);
}

/** Parts of a scan for each thread: more would spread better, and cost a fiftieth, since every part begins with empty lists. */
const PARTS_EACH = 4;

export class ScanPool {
  private readonly workers: readonly Worker[];
  private universe: Universe | null = null;
  /** Processor time of the last scan a thread, milliseconds: what it takes where nothing else wants the processors. */
  processorMs = 0;

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

  /** Scans the whole universe on all threads. Rejects when a worker fails; the caller decides whether to try again. */
  async scan(settings: ScanSettings = SCAN_DEFAULTS): Promise<ScanReport> {
    const parts = this.newParts();
    const answers = await this.askAll({ kind: 'scan', settings, ...parts });
    const scanned = answers.flatMap((answer) => (answer.kind === 'scanned' ? [answer] : []));
    this.processorMs = scanned.reduce((sum, answer) => sum + answer.processorMs, 0) / this.workers.length;
    // In the order of the parts, whoever did them.
    const reports = scanned.flatMap((answer) => answer.reports).sort((a, b) => a.part - b.part);
    return joinReports(
      reports.map(({ report }) => report),
      settings.keep,
    );
  }

  /** Fills the universe's volatility column on all threads. */
  async appraise(slippage: number = SCAN_DEFAULTS.slippage): Promise<void> {
    await this.askAll({ kind: 'appraise', slippage, ...this.newParts() });
  }

  private newParts(): SharedParts {
    invariant(this.universe, 'attach a universe first');
    return { parts: PARTS_EACH * this.workers.length, next: new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT) };
  }

  private askAll(request: ScanRequest): Promise<ScanAnswer[]> {
    return Promise.all(this.workers.map((worker) => this.ask(worker, request)));
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
