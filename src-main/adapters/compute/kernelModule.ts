/** The built WebAssembly module of the batch kernels, and the part of the runtime's interface that they need. */
import { readFileSync } from 'node:fs';
import { invariant } from '#domain/units';

/** Bytes of a page of WebAssembly memory. */
const PAGE = 65_536;
/** First byte free for the host: the module keeps its coefficients below. */
export const FREE_FROM = 4096;

/** The part of the WebAssembly interface used here (Node's own types leave it to the browser's library). */
interface WebAssemblyRuntime {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Memory: new (size: { initial: number }) => { readonly buffer: ArrayBuffer };
  readonly Instance: new (module: object, imports: object) => { readonly exports: Partial<Kernels> };
}

const RUNTIME_NAME: string = 'WebAssembly';
const runtime: WebAssemblyRuntime = Reflect.get(globalThis, RUNTIME_NAME);

/** The exported functions of src-shared/wasm/kernels.ts; addresses are byte offsets into the memory. */
export interface Kernels {
  readonly chainGreeks: (
    count: number,
    strikes: number,
    lnStrikes: number,
    volatilities: number,
    out: number,
    stride: number,
    lnForward: number,
    rootYears: number,
    forward: number,
    discount: number,
    deltaScale: number,
    gammaScale: number,
    vegaScale: number,
    thetaForward: number,
    thetaStrike: number,
    decayScale: number,
    rhoScale: number,
  ) => void;
  /** Answers whether any strike is left. */
  readonly impliedVolatilities: (
    count: number,
    strikes: number,
    callMids: number,
    putMids: number,
    volatilities: number,
    status: number,
    work: number,
    table: number,
    forward: number,
    rootForward: number,
    perDiscount: number,
    perRootYears: number,
  ) => number;
  /** `count` is even. */
  readonly legProfits: (
    count: number,
    logSpots: number,
    spots: number,
    factors: number,
    perFactors: number,
    profit: number,
    sign: number,
    rootVariance: number,
    perRootVariance: number,
    shift: number,
    carry: number,
    owed: number,
    signedSize: number,
    base: number,
  ) => void;
}

/** A compiled module; one instance a place of work. */
export type KernelModule = object;

/** The compiled module; null when it has not been built or this runtime has no SIMD. */
export function kernelModule(file: string | URL): KernelModule | null {
  try {
    return new runtime.Module(readFileSync(file));
  } catch {
    return null;
  }
}

/** An instance of the module over a memory of its own, `bytes` long. */
export function kernelsOver(module: KernelModule, bytes: number): { readonly kernels: Kernels; readonly buffer: ArrayBuffer } {
  const memory = new runtime.Memory({ initial: Math.ceil(bytes / PAGE) });
  const { exports } = new runtime.Instance(module, { env: { memory, abort: () => undefined } });
  const { chainGreeks, impliedVolatilities, legProfits } = exports;
  invariant(chainGreeks && impliedVolatilities && legProfits, 'the module lacks a kernel');
  return { kernels: { chainGreeks, impliedVolatilities, legProfits }, buffer: memory.buffer };
}
