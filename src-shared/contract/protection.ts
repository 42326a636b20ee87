import type { Instant } from '../domain/units.ts';
import { noInput } from './fields.ts';
import { feed } from './verbs.ts';

export type SeverityName = 'low' | 'medium' | 'high' | 'critical';

/** One thing that may stop the engine by itself: how bad it is, where it stands, when it last happened. */
export interface TriggerView {
  readonly trigger: string;
  readonly title: string;
  readonly severity: SeverityName;
  /** False where the severity is fixed: what cannot be journalled, or rests on a wrong state, is always critical. */
  readonly isChosen: boolean;
  /** The newest value against its limit; null where nothing was measured yet or there is nothing to measure. */
  readonly value: number | null;
  readonly limit: number | null;
  readonly unit: string;
  /** Dotted path of the limit's setting; empty where there is none. */
  readonly setting: string;
  /** True while it holds entries back. */
  readonly isTripped: boolean;
  readonly lastAt: Instant | null;
  readonly lastWhat: string;
}

export interface ProtectionView {
  readonly triggers: readonly TriggerView[];
  /** What each severity does, by the settings. */
  readonly acts: readonly { readonly severity: SeverityName; readonly does: string }[];
  /** Underlyings and strategies that rest after a stop or a losing streak. */
  readonly cooling: readonly { readonly breaker: string; readonly detail: string; readonly until: Instant }[];
}

export const protection = { 'protection.view': feed<ProtectionView>()(noInput) };
