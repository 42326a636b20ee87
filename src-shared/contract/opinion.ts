import { z } from 'zod';
import type { NoOpinion, Opinion } from '../domain/decisions/opinion.ts';
import type { Instant } from '../domain/units.ts';
import type { ActOutcome } from './desk.ts';
import { commandId, idField, noInput } from './fields.ts';
import { command, feed } from './verbs.ts';

/** One question to a language model about a proposal. Instants are the machine's own clock. */
export interface OpinionRow {
  readonly opinionId: string;
  readonly decisionId: string;
  readonly askedAt: Instant;
  readonly model: string;
  readonly by: string;
  /**
   * `asking`: no answer yet. `given`: before you answered. `none`: there is no opinion, `why` says why. `overtaken`: the answer came
   * after the proposal was decided; it is in the journal only.
   */
  readonly state: 'asking' | 'given' | 'none' | 'overtaken';
  /** Only when `given`. */
  readonly opinion: Opinion | null;
  readonly why: NoOpinion | null;
  readonly detail: string;
  readonly ms: number | null;
}

/** Second opinions: whether any can be asked, and what was said. The key is never in it. */
export interface OpinionView {
  readonly enabled: boolean;
  /** Why none can be asked now; empty when one can. */
  readonly problem: string;
  readonly model: string;
  /** Scheme, host and port. */
  readonly origin: string;
  /** The origin that the stored key is for; it is sent to no other. Empty: no key. */
  readonly keyFor: string;
  /** Why no key can be kept here; empty when one can. */
  readonly storeProblem: string;
  readonly askedWithinADay: number;
  readonly mostPerDay: number;
  /** Newest first. */
  readonly opinions: readonly OpinionRow[];
}

/** What a header may carry. */
const key = z
  .string()
  .min(8)
  .max(512)
  .regex(/^[\x21-\x7e]+$/, 'the key has blanks or letters that no key has');

export const opinion = {
  'opinion.view': feed<OpinionView>()(noInput),
  /** Asks and answers at once: what the model says comes with the feed. It has no effect on the proposal. */
  'opinion.ask': command<ActOutcome>()(z.strictObject({ commandId, decisionId: idField })),
  /** For the address that is set now. The key goes in and never comes out. */
  'opinion.storeKey': command<ActOutcome>()(z.strictObject({ commandId, key })),
  'opinion.forgetKey': command<ActOutcome>()(z.strictObject({ commandId })),
};
