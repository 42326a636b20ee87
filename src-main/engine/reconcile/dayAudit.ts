import type { DayAudit } from '#ports/facts';
import { trip } from '../breakers/protect.ts';
import { notify, type Turn } from '../turn.ts';

/** The evening's audit is put on record and told; one order, duplicate or fill without proof stops everything. */
export function takeAudit(turn: Turn, audit: DayAudit): void {
  turn.emit({ kind: 'DayAudited', ...audit });
  const { unintended, duplicates, lost, head } = audit;
  const harm = unintended + duplicates + lost;
  if (harm === 0) {
    const body = `${audit.orders} orders at the broker, each proved by the journal. Its head: row ${head.seq}, ${head.hash12}`;
    return notify(turn, 'day', `${audit.date} audited`, body);
  }
  const gate = { gate: 'dayAudited', passed: false, value: harm, limit: 0, unit: 'orders' };
  trip(turn, 'audit', gate, `${audit.date}: ${audit.findings.join('; ')}`);
}
