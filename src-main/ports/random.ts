/** Seeded randomness: the same seed gives the same stream on every machine. */
export interface Random {
  /** Uniform in [0, 1). */
  next(): number;
  /** Standard normal. */
  normal(): number;
  /** Uniform whole number in [0, bound). */
  below(bound: number): number;
  /** An independent stream named by `label`: the same label always gives the same stream. */
  fork(label: string): Random;
}
