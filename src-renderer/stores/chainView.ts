import { create } from 'zustand';

/** Which chain is on screen. null = the first that there is. */
interface ChainChoice {
  readonly underlying: string | null;
  readonly expiration: string | null;
  /** Contract whose 'why not?' is open. */
  readonly whyNot: string | null;
}

export const useChainChoice = create<ChainChoice>(() => ({ underlying: null, expiration: null, whyNot: null }));

export const showUnderlying = (underlying: string) => useChainChoice.setState({ underlying, expiration: null, whyNot: null });
export const showExpiration = (expiration: string) => useChainChoice.setState({ expiration, whyNot: null });
export const askWhyNot = (whyNot: string | null) => useChainChoice.setState({ whyNot });
