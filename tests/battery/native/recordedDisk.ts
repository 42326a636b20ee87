import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Compiles the recording disk into `folder` and answers with the environment that loads it; a sentence when it cannot be had. */
export function recordedDisk(
  folder: string,
  root: string,
): { readonly environment: NodeJS.ProcessEnv; readonly log: string } | string {
  if (process.platform !== 'linux') return 'the recording disk needs Linux (LD_PRELOAD)';
  mkdirSync(folder, { recursive: true });
  const library = join(folder, 'disk.so');
  const source = fileURLToPath(new URL('./disk.c', import.meta.url));
  const compiler = ['cc', 'gcc', 'clang'].find((name) => spawnSync(name, ['--version'], { stdio: 'ignore' }).status === 0);
  if (!compiler) return 'the recording disk needs a C compiler (Debian: apt-get install gcc libc6-dev)';
  const built = spawnSync(compiler, ['-O2', '-shared', '-fPIC', '-o', library, source, '-ldl', '-lpthread'], {
    encoding: 'utf8',
  });
  if (built.status !== 0) return `the recording disk does not compile: ${built.stderr.slice(0, 400)}`;
  const log = join(folder, 'disk.log');
  return { environment: { LD_PRELOAD: library, STRIKEDESK_DISK_ROOT: root, STRIKEDESK_DISK_LOG: log }, log };
}
