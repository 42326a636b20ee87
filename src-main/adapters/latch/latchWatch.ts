import { existsSync, type FSWatcher, readFileSync, renameSync, watch } from 'node:fs';
import { basename, dirname } from 'node:path';
import { type Instant, instant } from '#domain/units';
import type { Latch } from '#ports/latch';
import { type KillVerbName, throwLatch } from './latchFile.ts';

export interface LatchWatchOptions {
  readonly latch: Latch;
  readonly latchFile: string;
  /** A file of this name stops the engine: its text may name the verb and a reason; an empty one freezes. */
  readonly dropFile: string;
  /** A look this often even if the system tells of no change, milliseconds. */
  readonly pollMs: number;
  now(): Instant;
  /** The latch says something else than before, whoever wrote it. */
  onMoved(): void;
}

/** Watches the latch for other hands, and the folder for the dropped file. */
export function watchLatch(options: LatchWatchOptions): { stop(): void } {
  const { latch, dropFile } = options;
  let last = JSON.stringify(latch.read());
  const folder = dirname(dropFile);
  const names = [basename(dropFile), basename(options.latchFile)];

  function look(): void {
    if (existsSync(dropFile)) takeDrop();
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
    throwLatch(latch, { ...verbIn(text), by: 'file drop', at: options.now() });
    renameSync(dropFile, `${dropFile}.taken-${instant(Date.now())}`);
  }

  const watcher = watchFolder();
  const timer = setInterval(look, options.pollMs);
  timer.unref();
  look();
  return {
    stop() {
      watcher?.close();
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
