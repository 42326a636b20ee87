import { closeSync, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs';
import { deserialize, serialize } from 'node:v8';
import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';

const MAGIC = 'SDTAPE1\n';
const LENGTH_BYTES = 4;
/** A block is written when it holds this much, or when {@link TapeWriter.flush} is called. */
const BLOCK_BYTES = 1 << 20;
/** Fast: a chain of a megabyte takes some milliseconds. */
const COMPRESSION = { params: { [constants.ZSTD_c_compressionLevel]: 1 } };

export interface TapeWriter {
  /** The value as it is now; typed arrays and maps keep their kind. Throws on what cannot be copied (functions). */
  append(value: unknown): void;
  flush(): void;
  close(): void;
  /** Written to the file so far. */
  bytes(): number;
}

/** A new file of compressed blocks of values, readable by its owner alone. Throws when it exists. */
export function createTape(path: string): TapeWriter {
  const file = openSync(path, 'wx', 0o600);
  writeSync(file, MAGIC);
  let waiting: Buffer[] = [];
  let bytes = 0;
  let written = MAGIC.length;

  function flush(): void {
    if (bytes === 0) return;
    const block = zstdCompressSync(Buffer.concat(waiting), COMPRESSION);
    waiting = [];
    bytes = 0;
    written += writeSync(file, Buffer.concat([lengthOf(block), block]));
  }

  return {
    append(value) {
      const frame = serialize(value);
      waiting.push(lengthOf(frame), frame);
      bytes += LENGTH_BYTES + frame.length;
      if (bytes >= BLOCK_BYTES) flush();
    },
    flush,
    bytes: () => written,
    close() {
      flush();
      fsyncSync(file);
      closeSync(file);
    },
  };
}

/** Every value, in order. A last block that was cut off by a death is left out. Throws when the file is no tape. */
export function* readTape(path: string): Generator<unknown> {
  const file = readFileSync(path);
  if (file.subarray(0, MAGIC.length).toString('latin1') !== MAGIC) throw new Error(`${path} is not a session’s tape.`);
  for (const block of framesOf(file.subarray(MAGIC.length)))
    for (const frame of framesOf(zstdDecompressSync(block))) yield deserialize(frame);
}

function* framesOf(buffer: Buffer): Generator<Buffer> {
  for (let at = 0; at + LENGTH_BYTES <= buffer.length; ) {
    const end = at + LENGTH_BYTES + buffer.readUInt32LE(at);
    if (end > buffer.length) return;
    yield buffer.subarray(at + LENGTH_BYTES, end);
    at = end;
  }
}

function lengthOf(frame: Buffer): Buffer {
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeUInt32LE(frame.length);
  return length;
}
