/** A mutant that changes nothing anybody could see, and why: argued one by one. */
export interface Equivalent {
  /** The mutant's name without its line, which moves: `file what`. */
  readonly mutant: string;
  readonly why: string;
}

export const EQUIVALENTS: readonly Equivalent[] = [];
