/** What a language model may say about a proposal: one of these words, some of those, how sure it is, and a sentence. Nothing else is read. */
export const STANCES = ['agree', 'disagree', 'unsure'] as const;
export type Stance = (typeof STANCES)[number];

export const CONCERNS = [
  'earningsSoon',
  'eventRisk',
  'wideMarkets',
  'lowLiquidity',
  'tooLargeForAccount',
  'correlatedWithHeld',
  'poorRewardForRisk',
  'volatilityFalling',
  'volatilityRising',
  'trendAgainst',
  'assignmentRisk',
  'notEnoughFacts',
  'none',
] as const;
export type Concern = (typeof CONCERNS)[number];

/** Longest sentence of an opinion, characters. */
export const MOST_REASON = 600;
export const MOST_CONCERNS = 6;

export interface Opinion {
  readonly stance: Stance;
  readonly concerns: readonly Concern[];
  /** How sure the model says it is, 0..1. */
  readonly confidence: number;
  /** Plain text without numbers, links or markup: see `spokenText`. */
  readonly reason: string;
}

/** Why there is no opinion. */
export const NO_OPINION = [
  'unreachable', // no connection, or the server answered with an error
  'redirected', // it pointed somewhere else; nobody went there
  'late', // no whole answer within the time-out
  'tooLong',
  'notJson',
  'toolCalls', // it wanted to call something; there is nothing to call
  'notTheSchema', // other fields, other words, more than one answer
  'markup', // its sentence held a link, an image, markup or a script
  'secretInAnswer', // it gave back a key of ours
  'stopped', // the desk ended meanwhile
] as const;
export type NoOpinion = (typeof NO_OPINION)[number];

export type OpinionResult =
  | { readonly kind: 'given'; readonly opinion: Opinion }
  | { readonly kind: 'none'; readonly why: NoOpinion; readonly detail: string };
