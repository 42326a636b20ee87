import type { Instant } from '../domain/units.ts';
import { noInput } from './fields.ts';
import { feed } from './verbs.ts';

/** One thing that stands between a decision and the owner's money. */
export interface ControlView {
  readonly number: number;
  readonly group: 'gate' | 'orders' | 'reconciliation' | 'killSwitch' | 'record';
  readonly title: string;
  /** How it works, in a sentence. */
  readonly how: string;
  /**
   * `holding` = seen in force now; `acting` = it holds something back now; `builtIn` = part of the program, nothing to see from
   * outside: the proofs speak for it; `off` = switched off, or none is possible here; `unknown` = cannot be told now.
   */
  readonly state: 'holding' | 'acting' | 'builtIn' | 'off' | 'unknown';
  /** Dotted path of its setting; empty where there is none. */
  readonly setting: string;
  readonly lastAt: Instant | null;
  /** What it did then, in words; empty when it never did anything. */
  readonly lastWhat: string;
  /** Commands of the battery that prove it, with what this build's last run came to; null = not run for this build. */
  readonly proofs: readonly { readonly command: string; readonly ok: boolean | null; readonly at: string }[];
}

export interface SafetyView {
  readonly at: Instant;
  readonly build: string;
  readonly battery: { readonly green: boolean; readonly detail: string };
  readonly controls: readonly ControlView[];
  /** Comparisons with the broker that found something, newest first. */
  readonly reconciliations: readonly {
    readonly at: Instant;
    readonly trigger: string;
    readonly differences: readonly { readonly subject: string; readonly classification: string; readonly resolved: boolean }[];
  }[];
  readonly comparedAt: Instant | null;
}

export const safety = { 'safety.view': feed<SafetyView>()(noInput) };
