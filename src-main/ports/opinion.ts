import type { OpinionResult } from '#domain/decisions/opinion';
import type { Instant } from '#domain/units';

/** One question to a language model. It holds everything that the adapter gets to know. */
export interface ModelQuestion {
  /** Whole address of an OpenAI-compatible chat completions endpoint. */
  readonly address: string;
  readonly model: string;
  /** The model's own key; null = none is sent. */
  readonly key: string | null;
  /** What the program says to the model. */
  readonly instructions: string;
  /** What the model is asked about, strangers' texts included. */
  readonly text: string;
  readonly timeoutMs: number;
  /** Longest answer, characters. */
  readonly mostCharacters: number;
}

export interface ModelReply {
  readonly result: OpinionResult;
  /** SHA-256 of the answer's text; null when there was none. The text of an answer that is no opinion is not kept. */
  readonly answerHash: string | null;
  readonly answerCharacters: number;
}

/** A question on its way. The reply never fails and never takes longer than the question's time-out. */
export interface OpenQuestion {
  readonly reply: Promise<ModelReply>;
  /** The answer is not wanted any more. */
  stop(): void;
}

/** Asks once. Returns at once. */
export type AskModel = (question: ModelQuestion) => OpenQuestion;

/** A question, on the disk before it leaves. */
export interface OpinionAsked {
  readonly kind: 'OpinionAsked';
  readonly opinionId: string;
  readonly decisionId: string;
  readonly model: string;
  /** Scheme, host and port that it goes to. */
  readonly origin: string;
  /** Exactly what is sent: the instructions and the text, from which keys and the account's number were taken out. */
  readonly prompt: string;
  /** SHA-256 of `prompt`. */
  readonly promptHash: string;
  /** The machine's clock, not the market's. */
  readonly wallAt: Instant;
  readonly by: string;
}

/** What became of it. It changes nothing else: no state is made of these facts. */
export interface OpinionEnded {
  readonly kind: 'OpinionEnded';
  readonly opinionId: string;
  readonly decisionId: string;
  readonly result: OpinionResult;
  /** False: the proposal had been decided meanwhile; then it is on record and shown to nobody as current. */
  readonly current: boolean;
  readonly answerHash: string | null;
  readonly answerCharacters: number;
  /** From the question to here, milliseconds of the machine's clock. */
  readonly ms: number;
}

export type OpinionFact = OpinionAsked | OpinionEnded;
