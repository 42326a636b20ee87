import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createRandom } from '#exchange/random';
import { JOURNAL_FILE } from '../journalledDay/tradeDay.ts';
import { witnessed } from '../journalledDay/witnessed.ts';
import { recordedDisk } from '../native/recordedDisk.ts';
import { DiskImage, type DiskOperation, readRecord } from './image.ts';
import { WIRE_FILE } from './wireFile.ts';

export interface PowerResult {
  readonly durability: 'full' | 'normal';
  readonly cuts: number;
  /** Orders on the wire at a cut whose intent the journal did not hold after it, over all cuts. */
  readonly lostIntents: number;
  /** Cuts after which at least one was lost. */
  readonly badCuts: number;
  /** Journals that could not be opened or verified afterwards. */
  readonly refusedJournals: number;
  readonly ordersOnTheWire: number;
  readonly syncs: number;
  readonly firstLoss: string | null;
}

export interface PowerOptions {
  readonly seed: number;
  readonly cuts: number;
  readonly minutes: number;
  readonly durability: 'full' | 'normal';
}

/**
 * Trades a morning on a disk that records every write and sync, then lets the power fail at `cuts` places in that record and
 * opens what is left: every order that had reached the wire must have its intent in the journal, and the chain must verify.
 * A sentence instead of a result when the recording disk cannot be had here.
 */
export function losePower(options: PowerOptions): PowerResult | string {
  const folder = mkdtempSync(join(tmpdir(), 'strikedesk-power-'));
  try {
    const root = join(folder, 'disk');
    mkdirSync(root);
    const disk = recordedDisk(folder, root);
    if (typeof disk === 'string') return disk;
    const script = fileURLToPath(new URL('./dayProcess.ts', import.meta.url));
    const args = [script, root, String(options.seed), String(options.minutes), options.durability];
    const done = spawnSync(process.execPath, args, { env: { ...process.env, ...disk.environment }, encoding: 'utf8' });
    if (done.status !== 0) throw new Error(`the day on the recorded disk failed: ${done.stdout}${done.stderr}`);
    return cutAll(readRecord(disk.log), join(folder, 'after'), options);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function cutAll(record: readonly DiskOperation[], after: string, options: PowerOptions): PowerResult {
  const random = createRandom(options.seed, 'power');
  const cuts = placesToCut(record, options);
  const image = new DiskImage();
  const onWire: string[] = [];
  let done = 0;
  const tally = { lostIntents: 0, badCuts: 0, refusedJournals: 0, firstLoss: null as string | null };
  for (const place of cuts) {
    for (; done < place; done += 1) {
      const operation = record[done]!;
      if (operation.kind === 'written' && operation.path.endsWith(WIRE_FILE)) onWire.push(operation.data.toString('utf8').trim());
      else image.apply(operation);
    }
    const verdict = lossAfter(image.afterPowerLoss(random), after, onWire);
    if (verdict.lost.length > 0) tally.badCuts += 1;
    if (verdict.refused !== null) tally.refusedJournals += 1;
    tally.lostIntents += verdict.lost.length;
    if (verdict.lost.length > 0 || verdict.refused !== null)
      tally.firstLoss ??= `after ${place} of ${record.length} disk operations: ${verdict.refused ?? `${verdict.lost[0]} is on the wire, its intent is gone`}`;
  }
  const syncs = record.filter(({ kind }) => kind === 'synced').length;
  return { durability: options.durability, cuts: cuts.length, ...tally, ordersOnTheWire: onWire.length, syncs };
}

/** Half of the cuts follow an order to the wire at once (the dangerous moments), the others lie anywhere. */
function placesToCut(record: readonly DiskOperation[], { seed, cuts }: PowerOptions): number[] {
  const random = createRandom(seed, 'places');
  const sends = record.flatMap((operation, place) =>
    operation.kind === 'written' && operation.path.endsWith(WIRE_FILE) ? [place + 1] : [],
  );
  const places: number[] = [];
  for (let n = 0; n < cuts; n += 1) {
    const near = n % 2 === 0 && sends.length > 0 ? sends[random.below(sends.length)]! + random.below(4) : null;
    places.push(Math.min(record.length, near ?? 1 + random.below(record.length)));
  }
  return places.sort((one, other) => one - other);
}

function lossAfter(
  files: ReadonlyMap<string, Buffer>,
  folder: string,
  onWire: readonly string[],
): { readonly lost: readonly string[]; readonly refused: string | null } {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  for (const [name, content] of files) if (name.startsWith(JOURNAL_FILE)) writeFileSync(join(folder, name), content);
  return witnessed(join(folder, JOURNAL_FILE), onWire);
}
