/** Builds the WebAssembly kernels from their AssemblyScript sources: `npm run build:wasm` writes out/wasm/*.wasm. */
import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';

const root = fileURLToPath(new URL('../../..', import.meta.url));
/** AssemblyScript sources, one kernel a file. */
const KERNELS = ['chainGreeks'];

/** Compiles one kernel to `target`; throws with the compiler's own words when it does not compile. */
export async function buildKernel(name, target) {
  mkdirSync(dirname(target), { recursive: true });
  const flags = [
    '-O3',
    '--enable',
    'simd',
    '--runtime',
    'stub',
    '--noAssert',
    '--importMemory',
    '--initialMemory',
    '1',
    '--memoryBase',
    '16',
  ];
  const { error, stderr } = await asc.main([
    join(root, 'src-shared/wasm', `${name}.ts`),
    '--outFile',
    target,
    '--baseDir',
    '/',
    ...flags,
  ]);
  if (error) throw new Error(`${error.message}\n${stderr.toString()}`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const name of KERNELS) {
    const target = join(root, 'out/wasm', `${name}.wasm`);
    await buildKernel(name, target);
    console.log(`built ${target}`);
  }
}
