import type { BrokerReport } from '#ports/broker';

/** The first number that is none, by its path; null when every one is finite. A chain's columns say NaN for what is not told. */
export function notFinite(value: unknown, path = ''): string | null {
  if (typeof value === 'number') return Number.isFinite(value) ? null : path;
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return null;
  for (const key of Object.keys(value)) {
    const found = notFinite(Reflect.get(value, key), `${path}.${key}`);
    if (found !== null) return found;
  }
  return null;
}

/** What is wrong with a report: a number that is none, more filled than ordered, an execution without a size, a foreign leg. */
export function wrongWith(report: BrokerReport, ordered: number, legs: readonly string[]): string | null {
  const place = notFinite(report);
  if (place !== null) return `${report.kind}${place} is not finite`;
  if (report.kind === 'orderFilled') {
    if (!(report.contracts > 0)) return `a fill of ${report.contracts}`;
    if (report.executionId === '') return 'a fill without an execution id';
    const foreign = report.legs.find(({ symbol }) => !legs.includes(symbol));
    if (foreign) return `a leg of ${foreign.symbol}`;
    const large = report.legs.find(({ contracts }) => Math.abs(contracts) > ordered);
    if (large) return `${large.contracts} of ${large.symbol} filled, ${ordered} ordered`;
  }
  if (report.kind === 'orderLookedUp' || report.kind === 'externalOrderSeen') {
    const { order } = report;
    if (order && (order.filledContracts > order.contracts || order.filledContracts < 0))
      return `${order.filledContracts} of ${order.contracts} filled`;
    if (order?.legs.some(({ symbol }) => symbol === '')) return 'a leg without a symbol';
  }
  return null;
}
