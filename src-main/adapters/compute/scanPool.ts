/** Splits a universe over worker threads; the columns are shared, only ranges and the few best candidates travel. */
import { Worker } from 'node:worker_threads';
import { joinReports, SCAN_DEFAULTS, type ScanReport, type ScanSettings } from '#domain/structures/scan/scanUniverse';
import { type Universe, universeBytes, universeOn } from '#domain/structures/scan/universe';
import { invariant } from '#domain/units';
import type { ScanAnswer, ScanRequest } from './scanMessages.ts';

/** A universe in shared memory, empty. */
export function sharedUniverse(expiries: number, strikesEach: number): Universe {
  return universeOn(new SharedArrayBuffer(universeBytes(expiries, strikesEach)), expiries, strikesEach);
}

export class ScanPool {
  private readonly workers: readonly Worker[];
  private universe: Universe | null = null;

  /** `workerFile` is the built scanWorker; `threads` 1 or more. */
  constructor(workerFile: URL, threads: number) {
    invariant(Number.isInteger(threads) && threads >= 1, `not a number of threads: ${threads}`);
    this.workers = Array.from({ length: threads }, () => new Worker(workerFile));
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
    const { universe, workers } = this;
    invariant(universe, 'attach a universe first');
    const share = Math.ceil(universe.expiries / workers.length);
    const parts = workers.map((worker, i) =>
      this.ask(worker, {
        kind: 'scan',
        from: Math.min(i * share, universe.expiries),
        to: Math.min((i + 1) * share, universe.expiries),
        settings,
      }),
    );
    return joinReports(await Promise.all(parts), settings.keep);
  }

  /** Ends the threads. */
  async close(): Promise<void> {
    await Promise.all(this.workers.map((worker) => worker.terminate()));
  }

  private tell(worker: Worker, request: ScanRequest): void {
    worker.postMessage(request);
  }

  private ask(worker: Worker, request: ScanRequest): Promise<ScanReport> {
    return new Promise((resolve, reject) => {
      const settle = (action: () => void) => {
        worker.off('message', onMessage);
        worker.off('error', onError);
        worker.off('exit', onExit);
        action();
      };
      const onMessage = (answer: ScanAnswer) =>
        settle(() => (answer.kind === 'report' ? resolve(answer.report) : reject(new Error(answer.message))));
      const onError = (error: unknown) => settle(() => reject(error));
      const onExit = (code: number) => settle(() => reject(new Error(`scan worker ended with code ${code}`)));
      worker.on('message', onMessage);
      worker.on('error', onError);
      worker.on('exit', onExit);
      this.tell(worker, request);
    });
  }
}
