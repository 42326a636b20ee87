import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import type { Random } from '#ports/random';

export type DiskOperation =
  | { readonly kind: 'opened' | 'synced' | 'removed'; readonly path: string }
  | { readonly kind: 'written'; readonly path: string; readonly offset: number; readonly data: Buffer }
  | { readonly kind: 'truncated'; readonly path: string; readonly size: number }
  | { readonly kind: 'renamed'; readonly path: string; readonly to: string };

/** What a disk may write of one request while the power fails. */
const SECTOR_BYTES = 512;
const HEAD_BYTES = 17;

/** Reads the record that `native/disk.c` kept; see its `record` for the layout. A half-written last record is left out. */
export function readRecord(file: string): DiskOperation[] {
  const bytes = readFileSync(file);
  const operations: DiskOperation[] = [];
  for (let at = 0; at + HEAD_BYTES <= bytes.length; ) {
    const kind = bytes.readUInt8(at);
    const pathLength = bytes.readUInt32LE(at + 1);
    const size = bytes.readUInt32LE(at + 5);
    const offset = Number(bytes.readBigUInt64LE(at + 9));
    const end = at + HEAD_BYTES + pathLength + size;
    if (end > bytes.length) break;
    const path = bytes.toString('utf8', at + HEAD_BYTES, at + HEAD_BYTES + pathLength);
    const data = bytes.subarray(end - size, end);
    operations.push(operationOf(kind, path, offset, data));
    at = end;
  }
  return operations;
}

function operationOf(kind: number, path: string, offset: number, data: Buffer): DiskOperation {
  switch (kind) {
    case 1:
      return { kind: 'opened', path };
    case 2:
      return { kind: 'written', path, offset, data };
    case 3:
      return { kind: 'truncated', path, size: offset };
    case 4:
      return { kind: 'synced', path };
    case 5:
      return { kind: 'removed', path };
    case 6:
      return { kind: 'renamed', path, to: data.toString('utf8') };
    default:
      throw new Error(`unknown record kind ${kind}: the recorder and its reader differ`);
  }
}

type Change = Extract<DiskOperation, { kind: 'written' | 'truncated' }>;

/** The bytes of a file; grows in place, since thousands of writes are laid over it. */
class Content {
  private bytes = Buffer.alloc(4096);
  private length = 0;

  apply(change: Change): void {
    if (change.kind === 'truncated') return this.cut(change.size);
    const end = change.offset + change.data.length;
    this.reserve(end);
    change.data.copy(this.bytes, change.offset);
    this.length = Math.max(this.length, end);
  }

  copy(): Content {
    const twin = new Content();
    twin.bytes = Buffer.from(this.bytes.subarray(0, this.length));
    twin.length = this.length;
    return twin;
  }

  read(): Buffer {
    return this.bytes.subarray(0, this.length);
  }

  private cut(size: number): void {
    this.reserve(size);
    this.bytes.fill(0, Math.min(size, this.length));
    this.length = size;
  }

  private reserve(size: number): void {
    if (size <= this.bytes.length) return;
    const larger = Buffer.alloc(Math.max(size, this.bytes.length * 2));
    this.bytes.copy(larger);
    this.bytes = larger;
  }
}

interface FileState {
  /** What a sync promised to keep. */
  readonly durable: Content;
  /** Done since, and promised by nobody. */
  pending: Change[];
}

/**
 * What lies on the disk, promised and not promised, after any prefix of the record. Only what a sync covered is sure; of the rest
 * the disk may have written anything: each later write is kept, lost, or torn at a sector, in any combination.
 */
export class DiskImage {
  private readonly files = new Map<string, FileState>();

  apply(operation: DiskOperation): void {
    switch (operation.kind) {
      case 'opened':
        this.file(operation.path);
        return;
      case 'written':
      case 'truncated':
        this.file(operation.path).pending.push(operation);
        return;
      case 'synced': {
        const file = this.files.get(operation.path);
        // A folder's sync covers names; names are taken to be kept at once.
        if (!file) return;
        for (const change of file.pending) file.durable.apply(change);
        file.pending = [];
        return;
      }
      case 'removed':
        this.files.delete(operation.path);
        return;
      case 'renamed': {
        const file = this.files.get(operation.path);
        if (!file) return;
        this.files.delete(operation.path);
        this.files.set(operation.to, file);
      }
    }
  }

  /** The files as they might be found after the power failed here, by name. SQLite's shared memory is gone with the machine. */
  afterPowerLoss(random: Random): Map<string, Buffer> {
    const found = new Map<string, Buffer>();
    // Most losses take everything that was not synced; the others take some of it.
    const everything = random.next() < 0.5;
    for (const [path, file] of this.files) {
      if (path.endsWith('-shm')) continue;
      const content = file.durable.copy();
      if (!everything)
        for (const change of file.pending) {
          const luck = random.next();
          if (luck < 0.4) content.apply(change);
          else if (luck < 0.7 && change.kind === 'written') content.apply(torn(change, random));
        }
      found.set(basename(path), content.read());
    }
    return found;
  }

  private file(path: string): FileState {
    const known = this.files.get(path);
    if (known) return known;
    const fresh: FileState = { durable: new Content(), pending: [] };
    this.files.set(path, fresh);
    return fresh;
  }
}

function torn(change: Extract<Change, { kind: 'written' }>, random: Random): Change {
  const sectors = Math.floor(change.data.length / SECTOR_BYTES);
  return { ...change, data: change.data.subarray(0, Math.floor(random.next() * (sectors + 1)) * SECTOR_BYTES) };
}
