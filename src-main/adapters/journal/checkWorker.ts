import { parentPort, workerData } from 'node:worker_threads';
import { checkWhole } from './backup.ts';
import type { CheckAnswer, CheckOrder } from './checkThread.ts';
import { openConnection } from './connection.ts';
import { refuseNewer } from './migrate.ts';
import { syncFile } from './syncFolder.ts';
import { verifyAt } from './verify.ts';

/** A check's thread: it has a connection of its own, which only reads, and ends with its answer. */
const order: CheckOrder = workerData;
parentPort?.postMessage(answerTo(order));

function answerTo({ kind, file }: CheckOrder): CheckAnswer {
  try {
    if (kind === 'journal') return { verdict: verifyInUse(file) };
    const verdict = checkWhole(file);
    syncFile(file);
    return { verdict };
  } catch (error) {
    return { refused: error instanceof Error ? error.message : String(error) };
  }
}

function verifyInUse(file: string): ReturnType<typeof verifyAt> {
  const db = openConnection(file, { readonly: true, create: false });
  try {
    refuseNewer(db);
    return verifyAt(db, file);
  } finally {
    db.close();
  }
}
