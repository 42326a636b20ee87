import type { Instant } from '../domain/units.ts';
import { noInput } from './fields.ts';
import { feed } from './verbs.ts';

/** One limit: what is used, what is left. */
export interface LimitView {
  readonly limit: string;
  readonly title: string;
  readonly group: 'trade' | 'account' | 'concentration' | 'loss' | 'activity' | 'greeks' | 'stress' | 'data';
  readonly used: number | null;
  readonly max: number;
  readonly unit: string;
  readonly breached: boolean;
  /** Dotted path of the setting, so that the window can jump to it. */
  readonly setting: string;
  readonly note: string;
}

export interface RiskView {
  readonly at: Instant;
  readonly limits: readonly LimitView[];
  /** What could be lost; null = without bound. */
  readonly bySector: readonly { readonly sector: string; readonly positions: number; readonly maxLossCents: number | null }[];
  readonly byUnderlying: readonly {
    readonly underlying: string;
    readonly positions: number;
    readonly maxLossCents: number | null;
    readonly deltaShares: number | null;
  }[];
  readonly stress: {
    readonly spotMoves: readonly number[];
    readonly volatilityMoves: readonly number[] /** [volatility][spot], cents; null where it could not be valued. */;
    readonly pnlCents: readonly (readonly (number | null)[])[];
  };
  readonly reconciliation: {
    readonly at: Instant | null;
    readonly differences: readonly {
      readonly kind: string;
      readonly subject: string;
      readonly ours: string;
      readonly theirs: string;
      readonly classification: string;
      readonly resolved: boolean;
    }[];
  };
}

export const risk = { 'risk.view': feed<RiskView>()(noInput) };
