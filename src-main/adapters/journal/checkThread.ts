import { Worker } from 'node:worker_threads';
import type { ChainVerdict } from '#ports/journalQueries';
import { JournalRefused } from './migrate.ts';

/** `copy`: a file that nobody writes, checked whole and synced; `journal`: the chain of one that is in use. */
export interface CheckOrder {
  readonly kind: 'copy' | 'journal';
  readonly file: string;
}

export type CheckAnswer = { readonly verdict: ChainVerdict } | { readonly refused: string };

/**
 * Checks on a thread of its own: a walk over the chain takes some microseconds a row, and over the rows of a year the engine would
 * stand still for longer than its watchdog bears. Throws {@link JournalRefused} with the check's sentence.
 */
export function checkOnThread(order: CheckOrder): Promise<ChainVerdict> {
  return new Promise((resolve, reject) => {
    // The sources run as they are under Node; the build lays the thread's file beside this one.
    const script = import.meta.url.endsWith('.ts') ? 'checkWorker.ts' : 'checkWorker.js';
    const worker = new Worker(new URL(`./${script}`, import.meta.url), { workerData: order });
    worker.once('message', (answer: CheckAnswer) => {
      if ('verdict' in answer) resolve(answer.verdict);
      else reject(new JournalRefused(answer.refused));
    });
    worker.once('error', reject);
    worker.once('exit', (code) => reject(new JournalRefused(`The check of ${order.file} ended without an answer (${code}).`)));
  });
}
