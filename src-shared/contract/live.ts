import { z } from 'zod';
import type { GateResult } from '../domain/decisions/decision.ts';
import type { Instant } from '../domain/units.ts';
import type { ActOutcome } from './desk.ts';
import { commandId, noInput, proofField, reasonField } from './fields.ts';
import { command, query } from './verbs.ts';

/** The way to real money: every criterion with its value, and every step with where it stands. */
export interface LiveView {
  /** Real money on this very desk: venue Alpaca live. */
  readonly isLive: boolean;
  readonly account: string;
  readonly criteria: readonly GateResult[];
  /** One-time codes: none, drawn but not yet proved by a code, or proved. */
  readonly code: 'none' | 'unconfirmed' | 'confirmed';
  /** Why no code can be kept here; empty when one can. */
  readonly codeProblem: string;
  /** Wrong codes locked everybody out until then. */
  readonly lockedUntil: Instant | null;
  readonly arming: { readonly until: Instant; readonly ceilingDollars: number; readonly by: string; readonly at: Instant } | null;
  readonly armedHours: number;
}

const code = z.string().regex(/^\d{6}$/, 'six digits');

export const live = {
  'live.view': query<LiveView>()(noInput),
  /** Draws a new secret for one-time codes. A confirmed one is replaced only with a code of it; the first needs the owner's token. */
  'live.setUpCode': command<ActOutcome & { readonly uri: string; readonly qrSvg: string }>()(
    z.strictObject({ commandId, code: code.nullable(), proof: proofField }),
  ),
  'live.confirmCode': command<ActOutcome>()(z.strictObject({ commandId, code, proof: proofField })),
  'live.arm': command<ActOutcome>()(
    z.strictObject({
      commandId,
      account: z.string().min(1).max(40),
      code,
      ceilingDollars: z.number().min(1).max(1_000_000_000),
    }),
  ),
  'live.disarm': command<ActOutcome>('operator')(z.strictObject({ commandId, reason: reasonField })),
};
