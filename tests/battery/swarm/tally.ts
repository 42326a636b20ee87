import type { SessionJudgement } from './judge.ts';
import { FAULT_CLASSES } from './plan.ts';

const RATIOS = ['completeness', 'soundness', 'fields', 'causality'] as const;
const HARM = ['unintendedOrders', 'duplicateOrders', 'lostOrders', 'nakedLegs', 'limitBreaches', 'positionMismatches'] as const;

/** States without which a run has not looked everywhere. */
export const STATES_TO_REACH = [
  'approval:given',
  'approval:refused',
  'breaker:tripped',
  'clock:jumped',
  'command:done',
  'command:refused',
  'decision:approved',
  'decision:awaitingApproval',
  'decision:refused',
  'difference:assigned',
  'difference:expired',
  'difference:external',
  'exit:expired',
  'exit:roll',
  'halt:told',
  'fill:partial',
  'exit:orphanRepair',
  'exit:owner',
  'exit:partialFillCleanup',
  'exit:stopLoss',
  'exit:takeProfit',
  'judged:exitDue',
  'judged:legTaken',
  'judged:openingInShock',
  'kill:ACTIVE',
  'kill:FLATTENING',
  'kill:HALTED',
  'kill:REDUCING',
  'order:inDoubt',
  'order:proved absent',
  'order:proved found',
  'position:adopted',
  'position:opened',
  'report:cancelRefused',
  'report:orderCancelled',
  'report:orderFilled',
  'report:orderRejected',
  'report:submissionFailed',
  'restarted',
  'work:abandoned',
  'work:filled',
  'work:notFilled',
  'work:partiallyFilled',
] as const;

export interface Failure {
  readonly seed: number;
  readonly findings: readonly string[];
}

/** Adds up judgements as they come. */
export class SwarmTally {
  private sessions = 0;
  private orders = 0;
  private readonly harm = new Map<string, number>();
  private readonly matched = new Map<string, { matched: number; of: number }>();
  private readonly faults = new Map<string, number>(FAULT_CLASSES.map((name) => [name, 0]));
  private readonly states = new Map<string, number>(STATES_TO_REACH.map((name) => [name, 0]));
  readonly failures: Failure[] = [];

  take(judgement: SessionJudgement): void {
    this.sessions += 1;
    this.orders += judgement.orders;
    for (const kind of HARM) this.harm.set(kind, (this.harm.get(kind) ?? 0) + judgement[kind]);
    for (const name of RATIOS) {
      const before = this.matched.get(name) ?? { matched: 0, of: 0 };
      const { matched, of } = judgement.ratios[name];
      this.matched.set(name, { matched: before.matched + matched, of: before.of + of });
    }
    for (const [name, times] of Object.entries(judgement.faults)) this.faults.set(name, (this.faults.get(name) ?? 0) + times);
    for (const state of judgement.states) this.states.set(state, (this.states.get(state) ?? 0) + 1);
    if (judgement.findings.length > 0) this.failures.push({ seed: judgement.seed, findings: judgement.findings });
  }

  fail(seed: number, reason: string): void {
    this.sessions += 1;
    this.failures.push({ seed, findings: [reason] });
  }

  /**
   * The object that a run prints. `leastFaults` = how often each fault class should have struck; `judgesReach` = whether classes
   * that were rarer and states that were never reached fail the run, or are only told (a short run cannot come everywhere).
   */
  result(run: { readonly seeds: number; readonly wallMs: number; readonly leastFaults: number; readonly judgesReach: boolean }) {
    const ratio = (name: (typeof RATIOS)[number]): number => {
      const { matched, of } = this.matched.get(name) ?? { matched: 0, of: 0 };
      return of === 0 ? 1 : matched / of;
    };
    const rare = [...this.faults].filter(([, times]) => times < run.leastFaults).map(([name]) => name);
    const unreached = [...this.states].filter(([, times]) => times === 0).map(([name]) => name);
    const harm = Object.fromEntries(HARM.map((kind) => [kind, this.harm.get(kind) ?? 0]));
    const ratios = {
      auditCompleteness: ratio('completeness'),
      auditSoundness: ratio('soundness'),
      auditFields: ratio('fields'),
      auditCausality: ratio('causality'),
    };
    const ok =
      this.failures.length === 0 &&
      HARM.every((kind) => (this.harm.get(kind) ?? 0) === 0) &&
      Object.values(ratios).every((value) => value === 1) &&
      (!run.judgesReach || (rare.length === 0 && unreached.length === 0)) &&
      this.sessions === run.seeds;
    return {
      ok,
      seeds: run.seeds,
      sessions: this.sessions,
      ordersAudited: this.orders,
      ...harm,
      ...ratios,
      faultClasses: Object.fromEntries([...this.faults].sort()),
      statesReached: Object.fromEntries([...this.states].sort()),
      judgesReach: run.judgesReach,
      rareFaults: rare,
      unreachedStates: unreached,
      // No harm in n sessions: with 95 % confidence less than 3/n of all sessions do harm (the rule of three).
      upperBound95: this.failures.length === 0 && this.sessions > 0 ? 3 / this.sessions : null,
      sessionsPerSecond: Math.round((this.sessions / (run.wallMs / 1000)) * 10) / 10,
      wallMs: Math.round(run.wallMs),
      failures: this.failures.slice(0, 10),
    };
  }
}
