/** Worker thread of the scan pool: scans its part of a universe in shared memory. */
import { parentPort, workerData } from 'node:worker_threads';
import { typescriptChain } from '#domain/pricing/chainWork';
import { appraiseUniverse, scanUniverse } from '#domain/structures/scan/scanUniverse';
import { type Universe, universeOn } from '#domain/structures/scan/universe';
import type {
  AppraiseParts,
  PartReport,
  ScanAnswer,
  ScanParts,
  ScanRequest,
  ScanWorkerData,
  SharedParts,
} from './scanMessages.ts';
import { SimdChain } from './simdChain.ts';

const { kernelFile }: ScanWorkerData = workerData;
const workshop = (kernelFile === null ? null : SimdChain.workshop(new URL(kernelFile))) ?? typescriptChain;

let universe: Universe | null = null;

function answer(request: ScanRequest): ScanAnswer | null {
  if (request.kind === 'attach') {
    universe = universeOn(request.buffer, request.expiries, request.strikesEach);
    return null;
  }
  if (!universe) return { kind: 'failed', message: 'no universe attached' };
  try {
    return request.kind === 'appraise' ? appraise(universe, request) : scan(universe, request);
  } catch (error) {
    return { kind: 'failed', message: error instanceof Error ? error.message : String(error) };
  }
}

function appraise(whole: Universe, request: AppraiseParts): ScanAnswer {
  for (const part of partsLeft(request)) {
    appraiseUniverse(whole, startOf(part, request, whole), startOf(part + 1, request, whole), request.slippage, workshop);
  }
  return { kind: 'appraised' };
}

function scan(whole: Universe, request: ScanParts): ScanAnswer {
  const before = process.threadCpuUsage();
  const reports: PartReport[] = [];
  for (const part of partsLeft(request)) {
    const [from, to] = [startOf(part, request, whole), startOf(part + 1, request, whole)];
    reports.push({ part, report: scanUniverse(whole, from, to, request.settings, workshop) });
  }
  const { user, system } = process.threadCpuUsage(before);
  return { kind: 'scanned', reports, processorMs: (user + system) / 1000 };
}

/** First expiry of a part. */
function startOf(part: number, { parts }: SharedParts, { expiries }: Universe): number {
  return Math.floor((part * expiries) / parts);
}

/** Takes parts that nobody has taken, until there is none. */
function* partsLeft({ parts, next }: SharedParts): Generator<number> {
  const counter = new Int32Array(next);
  for (let part = Atomics.add(counter, 0, 1); part < parts; part = Atomics.add(counter, 0, 1)) yield part;
}

parentPort?.on('message', (request: ScanRequest) => {
  const reply = answer(request);
  if (reply) parentPort?.postMessage(reply);
});
