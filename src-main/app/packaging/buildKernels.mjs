/** Builds the WebAssembly kernels from their AssemblyScript sources: `npm run build:wasm` writes out/wasm/kernels.wasm. */
import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';

const root = fileURLToPath(new URL('../../..', import.meta.url));

/** Compiles the chain kernels to `target`; throws with the compiler's own words when they do not compile. */
export async function buildKernels(target) {
  mkdirSync(dirname(target), { recursive: true });
  const flags = [
    '-O3',
    '--enable',
    'simd',
    '--enable',
    'relaxed-simd',
    '--runtime',
    'stub',
    '--noAssert',
    '--importMemory',
    '--initialMemory',
    '1',
    '--memoryBase',
    '16',
    // Vectors cross between files of the module, never to the host.
    '--disableWarning',
    '112',
  ];
  const { error, stderr } = await asc.main([
    join(root, 'src-shared/wasm', 'kernels.ts'),
    '--outFile',
    target,
    '--baseDir',
    '/',
    ...flags,
  ]);
  if (error) throw new Error(`${error.message}\n${stderr.toString()}`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const target = join(root, 'out/wasm/kernels.wasm');
  await buildKernels(target);
  console.log(`built ${target}`);
}
