import type { Decision } from '#domain/decisions/decision';
import type { Verdict } from '../risk/verdict.ts';

/**
 * Completes a ranked decision with the risk engine's answer: its gates are added, its reasons and size are the gate's.
 * `awaitingApproval` = the strategy asks the owner first, so an approval by the gate waits for his.
 */
export function settleDecision(decision: Decision, verdict: Verdict, awaitingApproval = false): Decision {
  const gates = [...decision.gates, ...verdict.gates];
  if (verdict.kind === 'refused') {
    return { ...decision, gates, verdict: 'refused', reasons: verdict.reasons, stage: 'risk', contracts: 0 };
  }
  const kind = awaitingApproval ? 'awaitingApproval' : verdict.kind;
  return { ...decision, gates, verdict: kind, reasons: verdict.reasons, stage: 'risk', contracts: verdict.approved.contracts };
}
