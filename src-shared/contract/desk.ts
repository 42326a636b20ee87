import { z } from 'zod';
import type { Cents, Instant } from '../domain/units.ts';
import { commandId, noInput, proofField, reasonField } from './fields.ts';
import { command, feed, query } from './verbs.ts';

export type KillStateName = 'ACTIVE' | 'REDUCING' | 'HALTED' | 'FLATTENING';

/** What became of an act, in the owner's words; a refusal carries the numbers compared. */
export interface ActOutcome {
  readonly kind: 'done' | 'refused';
  readonly message: string;
  readonly ids: readonly string[];
  readonly reasons: readonly import('../domain/decisions/decision.ts').GateResult[];
  /** The same press was answered before, as told: nothing was done now. */
  readonly repeated?: true;
}

export interface ConnectionView {
  readonly channel: 'broker' | 'updates' | 'data';
  readonly state: 'connected' | 'disconnected' | 'stale' | 'unknown';
  readonly detail: string;
  readonly since: Instant;
}

/** Always in sight: whose money, which clock, how fresh, what the kill switch says. */
export interface DeskStatus {
  readonly now: Instant;
  readonly mode: 'live' | 'paper' | 'backtest';
  /** 'embedded exchange', 'Alpaca paper', 'Alpaca live'. */
  readonly venue: string;
  /** With real money: until when new positions may be opened; null = not armed. */
  readonly armedUntil: Instant | null;
  readonly build: string;
  readonly account: {
    readonly number: string;
    readonly equity: Cents | null;
    readonly cash: Cents | null;
    readonly optionsBuyingPower: Cents | null;
    readonly dayPnl: Cents | null;
    readonly openPnl: Cents | null;
    readonly optionsLevel: number | null;
  };
  readonly clock: { readonly phase: 'open' | 'closed'; readonly nextChange: Instant | null; readonly speed: number | 'max' };
  readonly connections: readonly ConnectionView[];
  readonly data: {
    readonly ageMs: number | null;
    readonly stale: boolean;
    readonly quality: 'nbbo' | 'indicative' | 'simulated' | 'recorded';
  };
  readonly kill: {
    readonly state: KillStateName;
    readonly reason: string;
    readonly by: string;
    readonly at: Instant | null;
    /** '3 of 5 flat, 1 working, 1 without a bid' while flattening; null otherwise. */
    readonly progress: string | null;
    readonly releaseWord: string;
    readonly releaseHoldMs: number;
  };
  readonly entries: { readonly open: boolean /** Why entries are not open, in words. */; readonly blockedBy: readonly string[] };
  readonly breakers: readonly {
    readonly breaker: string;
    readonly severity: 'low' | 'medium' | 'high' | 'critical';
    readonly detail: string;
    readonly at: Instant;
  }[];
  /** Critical alerts that wait to be acknowledged, oldest first. */
  readonly alerts: readonly {
    readonly alertId: string;
    readonly title: string;
    readonly body: string;
    readonly at: Instant;
  }[];
  readonly scan: {
    readonly scanId: number;
    readonly at: Instant | null;
    readonly nextAt: Instant | null;
    readonly underlyings: number;
    readonly contracts: number;
    readonly candidates: number;
    readonly proposals: number;
    readonly approved: number;
    readonly funnel: Readonly<Record<string, number>>;
  };
  readonly counts: { readonly positions: number; readonly workingOrders: number; readonly awaitingApproval: number };
  /** Nearest danger: expiry cut-off, ex-dividend, ...; null when nothing is held. */
  readonly danger: { readonly what: string; readonly at: Instant } | null;
  /** Everything of that kind, soonest first. */
  readonly dangers: readonly { readonly what: string; readonly at: Instant }[];
  /** For how long open positions have had no data in the session, milliseconds. */
  readonly unattendedMs: number;
}

export interface NotificationView {
  readonly id: number;
  readonly at: Instant;
  readonly kind: 'fill' | 'exit' | 'breach' | 'connection' | 'killSwitch' | 'approval' | 'assignment' | 'day' | 'error';
  readonly title: string;
  readonly body: string;
  readonly urgent: boolean;
}

export const desk = {
  'desk.status': feed<DeskStatus>()(noInput),
  /** Each item is the newest list (at most 200), newest first. */
  'desk.notifications': feed<readonly NotificationView[]>()(noInput),
  'desk.about': query<{
    readonly version: string;
    readonly build: string;
    readonly dataFolder: string;
    readonly settingsFile: string;
    readonly journalFile: string;
    readonly platform: string;
  }>()(noInput),
  'desk.setSpeed': command<ActOutcome>()(
    z.strictObject({ commandId, speed: z.union([z.number().min(0.1).max(100_000), z.literal('max')]) }),
  ),
  'desk.scanNow': command<ActOutcome>('operator')(z.strictObject({ commandId })),
  'killSwitch.throw': command<ActOutcome>('operator')(
    z.strictObject({ commandId, verb: z.enum(['stopEntries', 'freeze', 'flatten']), reason: reasonField }),
  ),
  /** The release button goes down; the answer's only id is the nonce that `killSwitch.release` must name. */
  'killSwitch.beginRelease': command<ActOutcome>()(z.strictObject({ commandId })),
  /** The hold is measured by the program from the nonce's birth on; a nonce works once and not for long. */
  'killSwitch.release': command<ActOutcome>()(
    z.strictObject({
      commandId,
      word: z.string().max(40),
      nonce: z.string().regex(/^[0-9a-f]{32}$/),
      reason: reasonField,
      proof: proofField,
    }),
  ),
  'killSwitch.history':
    query<
      readonly {
        readonly at: Instant;
        readonly from: KillStateName;
        readonly to: KillStateName;
        readonly reason: string;
        readonly by: string;
      }[]
    >()(noInput),
  'alert.acknowledge': command<ActOutcome>('operator')(z.strictObject({ commandId, alertId: z.string().regex(/^a\d{1,9}$/) })),
  'breaker.reset': command<ActOutcome>()(
    z.strictObject({ commandId, breaker: z.string().min(1).max(60), reason: reasonField, proof: proofField }),
  ),
};
