/** Worker thread of the scan pool: scans its part of a universe in shared memory. */
import { parentPort, workerData } from 'node:worker_threads';
import { typescriptChain } from '#domain/pricing/chainWork';
import { appraiseUniverse, scanUniverse } from '#domain/structures/scan/scanUniverse';
import { type Universe, universeOn } from '#domain/structures/scan/universe';
import type { ScanAnswer, ScanRequest, ScanWorkerData } from './scanMessages.ts';
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
    if (request.kind === 'appraise') {
      appraiseUniverse(universe, request.from, request.to, request.slippage, workshop);
      return { kind: 'appraised' };
    }
    const before = process.threadCpuUsage();
    const report = scanUniverse(universe, request.from, request.to, request.settings, workshop);
    const { user, system } = process.threadCpuUsage(before);
    return { kind: 'report', report, processorMs: (user + system) / 1000 };
  } catch (error) {
    return { kind: 'failed', message: error instanceof Error ? error.message : String(error) };
  }
}

parentPort?.on('message', (request: ScanRequest) => {
  const reply = answer(request);
  if (reply) parentPort?.postMessage(reply);
});
