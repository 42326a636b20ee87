/** C++ peers: compiled when a compiler is there, driven line by line so that their rounds interleave with ours. */
import { type ChildProcessWithoutNullStreams, spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const cache = join(import.meta.dirname, '../../node_modules/.cache/strikedesk-bench');

/** Compiles native/<source> once per content; answers the program's path, or why there is none. */
export function compile(source: string, flags: readonly string[]): { program: string } | { missing: string } {
  const file = join(import.meta.dirname, 'native', source);
  const key = createHash('sha256').update(readFileSync(file)).update(flags.join(' ')).digest('hex').slice(0, 16);
  const program = join(cache, `${source}-${key}`);
  if (existsSync(program)) return { program };
  mkdirSync(cache, { recursive: true });
  const done = spawnSync('g++', ['-std=c++17', '-o', program, file, ...flags], { encoding: 'utf8' });
  if (done.error) return { missing: 'no g++' };
  if (done.status !== 0) return { missing: done.stderr.split('\n').find((line) => line.includes('error')) ?? 'does not compile' };
  return { program };
}

/** One running peer. */
export class NativePeer {
  private readonly child: ChildProcessWithoutNullStreams;
  private readonly waiting: ((line: string) => void)[] = [];

  constructor(program: string, args: readonly string[] = []) {
    this.child = spawn(program, args);
    createInterface({ input: this.child.stdout }).on('line', (line) => this.waiting.shift()?.(line));
  }

  /** Sends one command and waits for its one line of answer. */
  ask(command: string): Promise<string> {
    return new Promise((resolve) => {
      this.waiting.push(resolve);
      this.child.stdin.write(`${command}\n`);
    });
  }

  /** Hands over columns of doubles. */
  async load(columns: readonly Float64Array[]): Promise<void> {
    const file = join(mkdtempSync(join(tmpdir(), 'strikedesk-bench-')), 'columns.bin');
    const head = Float64Array.of(columns[0]?.length ?? 0);
    writeFileSync(file, Buffer.concat([head, ...columns].map((c) => Buffer.from(c.buffer, c.byteOffset, c.byteLength))));
    await this.ask(`load ${file}`);
  }

  /** Nanoseconds per item of one run of a command. */
  async time(command: string): Promise<number> {
    return Number((await this.ask(command)).split(' ')[0]);
  }

  /** The doubles a command writes. */
  async results(command: string): Promise<Float64Array> {
    const file = join(mkdtempSync(join(tmpdir(), 'strikedesk-bench-')), 'results.bin');
    await this.ask(`dump ${command} ${file}`);
    const bytes = readFileSync(file);
    return new Float64Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
  }

  close(): void {
    this.child.stdin.end();
  }
}
