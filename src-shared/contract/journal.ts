import { z } from 'zod';
import type { Trade } from '../domain/portfolio/position.ts';
import type { Cents, Instant } from '../domain/units.ts';
import type { ActOutcome } from './desk.ts';
import { commandId, idField, noInput } from './fields.ts';
import { command, feed, query } from './verbs.ts';

export interface JournalEventView {
  readonly seq: number;
  readonly at: Instant;
  readonly kind: string;
  /** One sentence in the owner's words. */
  readonly summary: string;
  readonly payload: unknown;
  readonly hash: string;
}

export interface JournalSummary {
  readonly trades: number;
  readonly wins: number;
  readonly pnl: Cents;
  readonly fees: Cents;
  readonly profitFactor: number | null;
  readonly expectancy: Cents | null;
  readonly maxDrawdown: Cents | null;
  readonly equity: readonly { readonly at: Instant; readonly equity: Cents }[];
  readonly exitReasons: Readonly<Record<string, number>>;
}

export const journal = {
  'journal.trades': feed<readonly Trade[]>()(noInput),
  'journal.summary': feed<JournalSummary>()(noInput),
  'journal.events': query<{ readonly rows: readonly JournalEventView[]; readonly total: number }>()(
    z.strictObject({
      kind: z.string().max(60).nullable(),
      text: z.string().max(100).nullable(),
      beforeSeq: z.number().int().min(1).nullable(),
      limit: z.number().int().min(1).max(500),
    }),
  ),
  /** Every event of one trade, oldest first: decision, intents, fills, exits. */
  'journal.story': query<readonly JournalEventView[]>()(z.strictObject({ tradeId: idField })),
  'journal.verify': query<{
    readonly ok: boolean;
    readonly events: number;
    readonly firstBad: number | null;
    readonly head: string;
  }>()(noInput),
  'journal.export': query<{ readonly fileName: string; readonly mediaType: string; readonly text: string }>()(
    z.strictObject({ format: z.enum(['csv', 'json', 'schema']) }),
  ),
  'journal.editNote': command<ActOutcome>()(z.strictObject({ commandId, tradeId: idField, notes: z.string().max(10_000) })),
  'journal.backup': command<ActOutcome>()(z.strictObject({ commandId })),
};
