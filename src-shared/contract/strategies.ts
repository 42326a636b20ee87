import { z } from 'zod';
import type { Cents } from '../domain/units.ts';
import type { ActOutcome } from './desk.ts';
import { commandId, idField, noInput } from './fields.ts';
import { command, feed } from './verbs.ts';

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
  readonly performance: {
    readonly trades: number;
    readonly wins: number;
    readonly pnl: Cents;
    readonly averagePnl: Cents | null;
    readonly profitFactor: number | null;
    readonly expectancy: Cents | null;
    readonly openPositions: number;
    readonly openRisk: Cents;
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
    z.strictObject({ commandId, strategyId: idField, mode: z.enum(['auto', 'approve', 'observe', 'off']) }),
  ),
  'strategy.configure': command<ActOutcome>()(
    z.strictObject({
      commandId,
      strategyId: idField,
      profile: z.enum(['conservative', 'moderate', 'aggressive']),
      maxPositions: z.number().int().min(0).max(100),
      maxRiskFraction: z.number().min(0.001).max(1),
      overrides: z.record(z.string(), z.unknown()),
    }),
  ),
};
