import '#adapters/runtime/runtimeCheck';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { JOURNAL_FILE, tradeDay } from '../journalledDay/tradeDay.ts';
import { witnessed } from '../journalledDay/witnessed.ts';
import type { DiskCase, DiskCaseResult } from './cases.ts';

/** The variable that `native/disk.c` reads. */
const ARM = 'STRIKEDESK_DISK_FAIL';

/**
 * The process whose disk fails: runs each case it is given (JSON in the third argument) in a fresh folder below the watched root
 * and prints one result a line. The wire lies outside the root: it is the other side's, and never fails.
 */
const [root = '', outside = '', list = '[]', seed = '7', minutes = '30'] = process.argv.slice(2);
const cases: readonly DiskCase[] = JSON.parse(list);
for (const [number, each] of cases.entries()) {
  const folder = join(root, String(number));
  mkdirSync(folder);
  const result = await runCase(each, folder, join(outside, `wire-${number}.txt`));
  process.stdout.write(`${JSON.stringify(result)}\n`);
  rmSync(folder, { recursive: true, force: true });
}

async function runCase(each: DiskCase, folder: string, wireFile: string): Promise<DiskCaseResult> {
  let sentAtFault: number | null = null;
  let sent = 0;
  const day = await tradeDay({
    folder,
    seed: Number(seed),
    minutes: Number(minutes),
    wireFile,
    onSent: (count) => {
      sent = count;
    },
    prepare(journal) {
      const append = journal.writer.append;
      Object.assign(journal.writer, {
        append: (...args: Parameters<typeof append>) => {
          try {
            return append(...args);
          } catch (error) {
            sentAtFault ??= sent;
            throw error;
          }
        },
      });
      process.env[ARM] = [each.nth, each.errno, each.lasts ? 'on' : 'once', each.operation, each.file ?? ''].join(',');
    },
  });
  delete process.env[ARM];
  const { lost, refused } = witnessed(join(folder, JOURNAL_FILE), day.sent);
  return {
    ...each,
    reached: sentAtFault !== null,
    sent: day.sent.length,
    sentAfterFault: sentAtFault === null ? 0 : day.sent.length - sentAtFault,
    isHalted: day.isHalted,
    thrown: day.thrown,
    alerts: day.alerts,
    lost,
    refused,
  };
}
