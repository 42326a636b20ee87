/**
 * The columns of one expiry and the kernels that work on them, as a place of work: fill the columns, call, read the columns. Two
 * make it: TypeScript anywhere, and WebAssembly SIMD over its own memory where its module has been built.
 */
import { type ChainIvTerms, impliedVolatilityChain } from './chainImpliedVolatility.ts';
import { allocateChainGreeks, type ChainGreeks, chainGreeks, type ExpiryTerms } from './chainKernel.ts';

export interface ChainWork {
  /** Given, dollars; ln of the strikes for {@link price} alone. */
  readonly strikes: Float64Array;
  readonly lnStrikes: Float64Array;
  /** Given for {@link imply}, dollars per share; NaN or 0 where there is none. */
  readonly callMids: Float64Array;
  readonly putMids: Float64Array;
  /** Annual fractions: made by {@link imply}, given for {@link price}. */
  readonly volatilities: Float64Array;
  /** Index into `CHAIN_IV_STATUS`, made by {@link imply}. */
  readonly status: Uint8Array;
  /** Made by {@link price}. */
  readonly greeks: ChainGreeks;
  /** As `impliedVolatilityChain` over the first `count` strikes; returns how many got a volatility. */
  imply(terms: ChainIvTerms, count: number): number;
  /** As `chainGreeks` over the first `count` strikes. */
  price(terms: ExpiryTerms, count: number): void;
}

/** Makes a place of work for up to `capacity` strikes. */
export type ChainWorkshop = (capacity: number) => ChainWork;

/** The kernels in TypeScript. */
export const typescriptChain: ChainWorkshop = (capacity) => {
  const column = () => new Float64Array(capacity);
  const [strikes, lnStrikes, callMids, putMids, volatilities] = [column(), column(), column(), column(), column()];
  const status = new Uint8Array(capacity);
  const greeks = allocateChainGreeks(capacity);
  return {
    strikes,
    lnStrikes,
    callMids,
    putMids,
    volatilities,
    status,
    greeks,
    imply: (terms, count) => impliedVolatilityChain(terms, strikes, callMids, putMids, volatilities, status, count),
    price: (terms, count) => chainGreeks(terms, strikes, lnStrikes, volatilities, greeks, count),
  };
};
