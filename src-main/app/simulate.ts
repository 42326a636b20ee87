import '#adapters/runtime/runtimeCheck';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { NOT_UNDERSTOOD, UsageError } from './commandLine.ts';
import { simulateInProcess } from './simulation/inProcess.ts';
import { simulationOptions } from './simulation/options.ts';
import { printResult } from './simulation/printResult.ts';
import { held, printable } from './simulation/result.ts';
import { simulateSeparately } from './simulation/separateEngine.ts';

/** A journal that nobody keeps is written in memory where the system offers a folder there: its syncs then cost nothing. */
const SCRATCH = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();

/** `npm run simulate`: days on the embedded exchange as fast as the machine can; the last line is the result. */
async function main(): Promise<number> {
  const options = simulationOptions(process.argv.slice(2));
  const scratch = mkdtempSync(join(SCRATCH, 'strikedesk-'));
  if (options.journal !== null && existsSync(options.journal))
    throw new UsageError(`${options.journal} exists already; name a new file for --journal.`);
  const journalPath = options.journal ?? join(scratch, 'journal.db');
  try {
    if (options.crash > 0) {
      const { result, extra, ok } = await simulateSeparately(options, journalPath);
      printResult(printable(result, extra), options.json);
      return ok ? 0 : 1;
    }
    if (options.wire) {
      const { result: overWire, ok } = await simulateSeparately(options, journalPath);
      if (options.faults.length > 0) {
        // A fault strikes the wire and the calls within one process at different moments: there is nothing to compare.
        printResult(printable(overWire), options.json);
        return ok ? 0 : 1;
      }
      const inProcess = await simulateInProcess({ ...options, journal: null }, join(scratch, 'in-process.db'));
      const same = overWire.tradesHash === inProcess.tradesHash;
      printResult(
        printable(overWire, { tradesHash: overWire.tradesHash, inProcessTradesHash: inProcess.tradesHash, sameTrades: same }),
        options.json,
      );
      return ok && held(inProcess) && same ? 0 : 1;
    }
    const result = await simulateInProcess(options, journalPath);
    printResult(printable(result), options.json);
    return held(result) ? 0 : 1;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(error instanceof UsageError ? NOT_UNDERSTOOD : 1);
  },
);
