import { z } from 'zod';
import type { Decision } from '../domain/decisions/decision.ts';
import type { Instant } from '../domain/units.ts';
import type { ActOutcome } from './desk.ts';
import { commandId, idField, noInput } from './fields.ts';
import { command, feed, query } from './verbs.ts';

/** A decision with what came after: how often it was refused again, and what it would have made. */
export interface DecisionView {
  readonly decision: Decision;
  readonly firstAt: Instant;
  readonly lastAt: Instant;
  readonly repeats: number;
  readonly counterfactual: { readonly pnlCents: number; readonly basis: string; readonly daysHeld: number } | null;
  readonly answer: 'approved' | 'declined' | null;
}

export const decisions = {
  /** The newest decisions (at most 200), newest first. */
  'decisions.recent': feed<readonly DecisionView[]>()(noInput),
  'decisions.search': query<{ readonly rows: readonly DecisionView[]; readonly total: number }>()(
    z.strictObject({
      strategyId: idField.nullable(),
      underlying: z.string().max(6).nullable(),
      verdict: z.enum(['approved', 'resized', 'refused', 'awaitingApproval']).nullable(),
      reason: z.string().max(60).nullable(),
      offset: z.number().int().min(0),
      limit: z.number().int().min(1).max(200),
    }),
  ),
  'decisions.funnel': query<
    readonly {
      readonly scanId: number;
      readonly at: Instant;
      readonly underlyings: number;
      readonly contracts: number;
      readonly candidates: number;
      readonly proposals: number;
      readonly approved: number;
      readonly funnel: Readonly<Record<string, number>>;
    }[]
  >()(z.strictObject({ limit: z.number().int().min(1).max(200) })),
  'proposal.answer': command<ActOutcome>('operator')(z.strictObject({ commandId, decisionId: idField, approve: z.boolean() })),
};
