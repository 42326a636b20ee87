/**
 * The batch kernels as one module, built by `npm run build:wasm`; the host passes byte offsets into the memory that it hands in.
 * This folder is AssemblyScript, not TypeScript: no tsconfig includes it.
 */
export { chainGreeks } from './chainGreeks';
export { impliedVolatilities } from './chainImpliedVolatility';
export { legProfits } from './legProfits';
