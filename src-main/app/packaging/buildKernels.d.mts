/** Compiles the chain kernels of src-shared/wasm to `target`; throws with the compiler's own words when they do not compile. */
export function buildKernels(target: string): Promise<void>;
