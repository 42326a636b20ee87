/** The chain kernels as WebAssembly SIMD for the benchmarks: built anew, so that what is measured is the source's. */
import { fileURLToPath } from 'node:url';
import { SimdChain } from '../../src-main/adapters/compute/simdChain.ts';
import { buildKernels } from '../../src-main/app/packaging/buildKernels.mjs';
import type { BenchExpiry } from './pricingData.ts';

export const KERNEL_FILE = new URL('../../out/wasm/kernels.wasm', import.meta.url);

/** Builds the module to {@link KERNEL_FILE}. */
export async function builtKernels(): Promise<URL> {
  await buildKernels(fileURLToPath(KERNEL_FILE));
  return KERNEL_FILE;
}

/** Whole expiries of equally many strikes laid out in the module's memory, one after another; null where there is no SIMD. */
export function laidOut(expiries: readonly BenchExpiry[], strikesEach: number): SimdChain | null {
  const simd = SimdChain.load(KERNEL_FILE, expiries.length * strikesEach);
  if (!simd) return null;
  for (const [c, e] of expiries.entries()) {
    const at = c * strikesEach;
    simd.strikes.set(e.strikes, at);
    simd.lnStrikes.set(e.lnStrikes, at);
    simd.callMids.set(e.callMids, at);
    simd.putMids.set(e.putMids, at);
    simd.volatilities.set(e.volatilities, at);
  }
  return simd;
}
