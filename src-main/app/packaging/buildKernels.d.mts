/** Compiles one kernel of src-shared/wasm to `target`; throws with the compiler's own words when it does not compile. */
export function buildKernel(name: string, target: string): Promise<void>;
