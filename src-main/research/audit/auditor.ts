import type { JournalRow } from '#ports/journal';
import type { EngineSettings } from '#ports/settings/settings';
import type { BrokerTruth, Finding } from './brokerTruth.ts';
import { limitBreaches } from './exposure.ts';
import { duplicateOrders, lostExecutions, unintendedOrders } from './intents.ts';
import { nakedLegs } from './nakedLegs.ts';
import { positionMismatches } from './positions.ts';
import { rateBreaches } from './rates.ts';
import { unfoundedVerdicts } from './verdicts.ts';

export interface AuditReport {
  readonly unintendedOrders: number;
  readonly duplicateOrders: number;
  readonly lostOrders: number;
  readonly limitBreaches: number;
  readonly nakedLegs: number;
  readonly positionMismatches: number;
  readonly findings: readonly Finding[];
}

/**
 * The auditor: code of its own that shares nothing with the engine's state. It reads the exchange's ledger and order book, and
 * the journal's rows, and says what does not agree. All counts of harm must be 0.
 */
export function audit(truth: BrokerTruth, rows: readonly JournalRow[], settings: EngineSettings, multiplier = 100): AuditReport {
  const findings = [
    ...unintendedOrders(truth, rows),
    ...unfoundedVerdicts(rows),
    ...duplicateOrders(truth),
    ...lostExecutions(truth, rows),
    ...limitBreaches(rows, settings),
    ...rateBreaches(rows, settings),
    ...nakedLegs(truth, rows, settings, multiplier),
    ...positionMismatches(truth, rows),
  ];
  const count = (kind: Finding['kind']): number => findings.filter((finding) => finding.kind === kind).length;
  return {
    unintendedOrders: count('unintendedOrder'),
    duplicateOrders: count('duplicateOrder'),
    lostOrders: count('lostOrder'),
    limitBreaches: count('limitBreach') + count('nakedLeg'),
    nakedLegs: count('nakedLeg'),
    positionMismatches: count('positionMismatch'),
    findings,
  };
}
