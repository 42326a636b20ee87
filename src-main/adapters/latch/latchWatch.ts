import { existsSync, type FSWatcher, readFileSync, renameSync, watch } from 'node:fs';
import { basename, dirname } from 'node:path';
import { type Instant, instant } from '#domain/units';
import type { Latch } from '#ports/latch';
import { type KillVerbName, throwLatch } from './latchFile.ts';

export interface LatchWatchOptions {
  readonly latch: Latch;
  readonly latchFile: string;
  /** A file of this name stops the engine: its text may name the verb and a reason; one that stays empty freezes. */
  readonly dropFile: string;
  /** A look this often even if the system tells of no change, milliseconds. */
  readonly pollMs: number;
  now(): Instant;
  /** The latch says something else than before, whoever wrote it. */
  onMoved(): void;
  /** A look failed (the disk is full): told once, until one succeeds again. The next look tries again. */
  onError(error: unknown): void;
}

/**
 * A file is there before its text is. Until this long after it was first seen empty it stops entries alone, milliseconds; then it
 * was meant empty.
 */
export const EMPTY_DROP_MS = 250;

/** Watches the latch for other hands, and the folder for the dropped file. */
export function watchLatch(options: LatchWatchOptions): { stop(): void } {
  const { latch, dropFile } = options;
  let last = JSON.stringify(latch.read());
  let failing = false;
  let emptySince: number | null = null;
  let settling: NodeJS.Timeout | null = null;
  const folder = dirname(dropFile);
  const names = [basename(dropFile), basename(options.latchFile)];

  /** Nothing that fails here may end the program: it is told, and looked at again. */
  function look(): void {
    try {
      if (existsSync(dropFile)) takeDrop();
      else emptySince = null;
      failing = false;
    } catch (error) {
      if (!failing) options.onError(error);
      failing = true;
    }
    const found = JSON.stringify(latch.read());
    if (found === last) return;
    last = found;
    options.onMoved();
  }

  /** null where the system cannot watch: the poll then finds the change. */
  function watchFolder(): FSWatcher | null {
    try {
      const watching = watch(folder, (_, name) => {
        if (name === null || names.includes(name)) look();
      });
      watching.on('error', () => watching.close());
      return watching;
    } catch {
      return null;
    }
  }

  function takeDrop(): void {
    const text = readDrop(dropFile);
    if (text === '' && !staysEmpty()) return;
    throwAs(verbIn(text));
    emptySince = null;
    const taken = `${dropFile}.taken-${instant(Date.now())}`;
    renameSync(dropFile, taken);
    // Whoever was still writing has written into the file that was taken.
    const landed = readDrop(taken);
    if (landed !== text) throwAs(verbIn(landed));
  }

  function staysEmpty(): boolean {
    if (emptySince === null) {
      throwAs({ verb: 'stop-entries', reason: 'A KILL file appears in the data folder' });
      emptySince = performance.now();
      settling = setTimeout(look, EMPTY_DROP_MS + 1);
      settling.unref();
    }
    return performance.now() - emptySince >= EMPTY_DROP_MS;
  }

  function throwAs(thrown: { readonly verb: KillVerbName; readonly reason: string }): void {
    throwLatch(latch, { ...thrown, by: 'file drop', at: options.now() });
  }

  const watcher = watchFolder();
  const timer = setInterval(look, options.pollMs);
  timer.unref();
  look();
  return {
    stop() {
      watcher?.close();
      if (settling) clearTimeout(settling);
      clearInterval(timer);
    },
  };
}

function readDrop(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim().slice(0, 500);
  } catch {
    return '';
  }
}

function verbIn(text: string): { readonly verb: KillVerbName; readonly reason: string } {
  const [first = '', ...rest] = text.split(/\s+/);
  const verb: KillVerbName = first === 'stop-entries' || first === 'flatten' ? first : 'freeze';
  const named = first === verb ? rest.join(' ') : text;
  return { verb, reason: named || 'A KILL file was dropped into the data folder' };
}
