import { z } from 'zod';
import type { GateResult } from '../domain/decisions/decision.ts';
import type { Cents, Instant } from '../domain/units.ts';
import type { ActOutcome } from './desk.ts';
import { commandId, idField, noInput, proofField, reasonField } from './fields.ts';
import { command, feed } from './verbs.ts';

export type RungName = 'observe' | 'propose' | 'autoSmall' | 'autoFull';

export interface StrategyView {
  readonly strategyId: string;
  readonly title: string;
  readonly summary: string;
  readonly mode: 'auto' | 'approve' | 'observe' | 'off';
  readonly profile: 'conservative' | 'moderate' | 'aggressive';
  readonly profiles: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** JSON schema of its own settings, with unit and description per field; the form is generated from it. */
  readonly schema: unknown;
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly overrides: Readonly<Record<string, unknown>>;
  readonly maxPositions: number;
  readonly maxRiskFraction: number;
  /** How far it is trusted; the mode can only hold it further back. */
  readonly trust: {
    readonly rung: RungName;
    readonly since: Instant | null;
    readonly reason: string;
    readonly by: string;
    /** The rung above with every condition and where it stands; null at the top. */
    readonly next: { readonly rung: RungName; readonly gates: readonly GateResult[] } | null;
  };
  readonly performance: {
    readonly trades: number;
    readonly wins: number;
    readonly pnl: Cents;
    readonly averagePnl: Cents | null;
    readonly profitFactor: number | null;
    readonly expectancy: Cents | null;
    readonly openPositions: number;
    /** What its positions could lose; null = without bound. */
    readonly openRisk: Cents | null;
  };
  readonly today: {
    readonly proposals: number;
    readonly approved: number;
    readonly refused: number;
    readonly topRefusals: readonly { readonly reason: string; readonly count: number }[];
  };
}

export const strategies = {
  'strategies.list': feed<readonly StrategyView[]>()(noInput),
  'strategy.setMode': command<ActOutcome>('operator')(
    z.strictObject({ commandId, strategyId: idField, mode: z.enum(['auto', 'approve', 'observe', 'off']), proof: proofField }),
  ),
  /** Down at once; up by one rung and only with its evidence. */
  'strategy.setTrust': command<ActOutcome>()(
    z.strictObject({
      commandId,
      strategyId: idField,
      rung: z.enum(['observe', 'propose', 'autoSmall', 'autoFull']),
      reason: reasonField,
      proof: proofField,
    }),
  ),
  'strategy.configure': command<ActOutcome>()(
    z.strictObject({
      commandId,
      strategyId: idField,
      profile: z.enum(['conservative', 'moderate', 'aggressive']),
      maxPositions: z.number().int().min(0).max(100),
      maxRiskFraction: z.number().min(0.001).max(1),
      overrides: z.record(z.string(), z.unknown()),
      proof: proofField,
    }),
  ),
};
