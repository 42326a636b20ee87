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
   * `holding` = seen in force now; `acting` = seen to hold something back now; `asked` = it is asked of every order that it
   * concerns, and between two orders there is nothing to see; `builtIn` = part of the program, nothing to see from outside: the
   * proofs speak for both; `off` = switched off, or none is possible here; `unknown` = cannot be told now.
   */
  readonly state: 'holding' | 'acting' | 'asked' | 'builtIn' | 'off' | 'unknown';
  /** A part of it that holds nothing back as things are, in words; empty when all of it is there. */
  readonly missing: string;
  /** Dotted path of its setting; empty where there is none. */
  readonly setting: string;
  readonly lastAt: Instant | null;
  /** What it did then, in words; empty when it did nothing as far back as was looked (`lookedBackTo`). */
  readonly lastWhat: string;
  /** Commands of the battery that prove it, with what this build's last run came to; null = not run for this build. */
  readonly proofs: readonly { readonly command: string; readonly ok: boolean | null; readonly at: string }[];
  /** Test files that exercise it; they run with `npm test`. */
  readonly tests: readonly string[];
}

/** A difference between the journal and the broker, and how it ended. */
export interface ComparedView {
  readonly subject: string;
  readonly ours: string;
  readonly theirs: string;
  readonly classification: string;
  readonly resolved: boolean;
  readonly ended: 'booked' | 'explained' | 'escalated' | 'waiting';
}

export interface SafetyView {
  readonly at: Instant;
  readonly build: string;
  readonly battery: { readonly green: boolean; readonly detail: string };
  /** What the last whole run of the tests came to for this build; null = not run for it. */
  readonly testsRun: { readonly ok: boolean | null; readonly at: string };
  readonly controls: readonly ControlView[];
  /** How far back the journal was read for what acted last and what comparisons found; null = all of it. */
  readonly lookedBackTo: Instant | null;
  /** Comparisons with the broker that found something, newest first: the last two hundred. */
  readonly reconciliations: readonly {
    readonly at: Instant;
    readonly trigger: string;
    readonly differences: readonly ComparedView[];
  }[];
  /** The books of each session's day against the broker's record, newest first; a settled day stands for its close. */
  readonly days: readonly {
    readonly at: Instant;
    readonly date: string;
    readonly stage: 'close' | 'settled';
    readonly compared: {
      readonly fills: number;
      readonly brokerFills: number;
      readonly positions: number;
      readonly activities: number;
    };
    /** Cents; everything but the last two adds up to `ours`. */
    readonly cash: {
      readonly opening: number;
      readonly fills: number;
      readonly fees: number;
      readonly elsewhere: number;
      readonly clearing: number;
      readonly activities: number;
      readonly corrections: number;
      readonly ours: number;
      readonly theirs: number;
    };
    readonly feesBooked: number;
    /** null while the broker has not said. */
    readonly feesCharged: number | null;
    readonly differences: readonly ComparedView[];
  }[];
  /** Days whose orders nobody proved against the journal: the desk was off when they closed. Oldest first. */
  readonly notAudited: readonly string[];
  readonly comparedAt: Instant | null;
}

export const safety = { 'safety.view': feed<SafetyView>()(noInput) };
