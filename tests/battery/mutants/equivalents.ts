/** A mutant that changes nothing anybody could see, and why: argued one by one. */
export interface Equivalent {
  /** The mutant's name without its line, which moves: `file what`. */
  readonly mutant: string;
  readonly why: string;
}

export const EQUIVALENTS: readonly Equivalent[] = [
  {
    mutant: 'src-main/engine/risk/accountGates.ts > becomes >= in only.ratio > 0',
    why: 'Legs with a ratio of 0 are refused before as unsound; the ratio is never 0 here.',
  },
  {
    mutant: 'src-main/engine/risk/accountGates.ts <= becomes < in start <= 0',
    why: 'At exactly 0 the loss is divided by 0; what is not finite counts as unknown and fails all the same.',
  },
  {
    mutant: 'src-main/engine/risk/activityGates.ts > becomes >= in send.at > last',
    why: 'Of two sends at the same instant either gives the same instant.',
  },
  {
    mutant: 'src-main/engine/risk/buyingPower.ts || becomes && in free === null || whole === null',
    why: '`whole` is null exactly when `free` is: both come from the one account.',
  },
  {
    mutant: 'src-main/engine/risk/closeGates.ts > becomes >= in sizeOf(only) > 0',
    why: 'Legs with a size of 0 are refused before as unsound.',
  },
  {
    mutant: 'src-main/engine/risk/cover.ts < becomes <= in leg.ratio < 0',
    why: 'A ratio of 0 gives nothing away and needs no cover.',
  },
  {
    mutant: 'src-main/engine/risk/combinationQuote.ts > becomes >= in weight > 0',
    why: 'A weight of 0 takes nothing from either side of a quote.',
  },
  {
    mutant: 'src-main/engine/risk/marketGates.ts < becomes <= in leg.ratio < 0',
    why: 'Legs with a ratio of 0 are refused before as unsound.',
  },
  {
    mutant: 'src-main/engine/risk/openCase.ts > becomes >= in multiplier > 0',
    why: 'No contract has a multiplier of 0: it is parsed at the door, and 0 would leave every figure at 0 or not finite.',
  },
  { mutant: 'src-main/engine/risk/openCase.ts < becomes <= in leg.ratio < 0', why: 'A ratio of 0 adds a notional of 0.' },
  {
    mutant: 'src-main/engine/risk/openCase.ts > becomes >= in claimed > fromLegs',
    why: 'Where both are equal either is the larger.',
  },
  {
    mutant: 'src-main/engine/risk/secured.ts > becomes >= in cover > 0',
    why: 'Free shares of at least 1 and at least one uncovered call are known by then, so the cover is never 0.',
  },
  {
    mutant: 'src-main/engine/risk/secured.ts || becomes && in options.length !== 1 || !only || only.ratio >= 0',
    why: '`!only` says to the compiler what the length has said: with one option there is one.',
  },
  {
    mutant: 'src-main/engine/risk/secured.ts >= becomes > in only.ratio >= 0',
    why: 'Legs with a ratio of 0 are refused before as unsound.',
  },
  { mutant: 'src-main/engine/risk/secured.ts < becomes <= in leg.ratio < 0', why: 'A ratio of 0 ties up 0.' },
  {
    mutant: 'src-main/engine/risk/stressGrid.ts < becomes <= in node < profit.length',
    why: 'One node behind the end of a typed array: the write is ignored by the language.',
  },
  {
    mutant: 'src-main/engine/risk/stressGrid.ts < becomes <= in node < total.length',
    why: 'One node behind the end of a typed array: the write is ignored by the language.',
  },
];
