import type { Exchange } from '#exchange/exchangeApi';
import type { JournalRow } from '#ports/journal';
import type { EngineSettings } from '#ports/settings/settings';
import { type AuditReport, audit } from '#research/audit/auditor';
import { countRun, type RunCounts } from './summary.ts';
import { truthOf } from './truth.ts';

export interface SimulationResult extends RunCounts {
  readonly seed: number;
  readonly days: number;
  readonly wallMs: number;
  readonly equityStartCents: number;
  readonly equityEndCents: number;
  readonly unintendedOrders: number;
  readonly limitBreaches: number;
  readonly audit: AuditReport;
}

/** Puts the printed object together: counts from the journal, harm from the auditor, equity from the exchange. */
export function resultOf(run: {
  readonly seed: number;
  readonly days: number;
  readonly wallMs: number;
  readonly exchange: Exchange;
  readonly rows: readonly JournalRow[];
  readonly settings: EngineSettings;
}): SimulationResult {
  const { seed, days, wallMs, exchange, rows, settings } = run;
  const report = audit(truthOf(exchange), rows, settings);
  const counts = countRun(rows);
  const ledger = exchange.desk.ledger();
  const cleared = (kind: 'assignment' | 'expiration'): number => ledger.filter((entry) => entry.kind === kind).length;
  return {
    seed,
    days,
    wallMs: Math.round(wallMs),
    ...counts,
    assignments: cleared('assignment'),
    expirations: cleared('expiration'),
    equityStartCents: exchange.settings.clearing.startingCash,
    equityEndCents: exchange.desk.account().equity,
    unintendedOrders: report.unintendedOrders,
    limitBreaches: report.limitBreaches,
    audit: report,
  };
}

/** What must hold for exit code 0: no harm, and a journal that has a story. */
export function held(result: SimulationResult): boolean {
  const { audit: report } = result;
  return report.findings.length === 0 && result.journalEvents > 0;
}

/** The result as printed: the audit's findings only as their first few sentences. */
export function printable(result: SimulationResult, extra: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  const { audit: report, ...rest } = result;
  return {
    ...rest,
    duplicateOrders: report.duplicateOrders,
    lostOrders: report.lostOrders,
    positionMismatches: report.positionMismatches,
    ...extra,
    ...(report.findings.length === 0
      ? {}
      : { findings: report.findings.slice(0, 10).map((finding) => `${finding.kind}: ${finding.detail}`) }),
  };
}
