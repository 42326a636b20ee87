import type { BrokerReport, IdentifiedOrder } from '#ports/broker';
import { DecodeError } from './fields.ts';

/** Orders kept: many days of them. */
const KEPT = 5_000;

/**
 * What this process sent, as the measure of what may come back: an execution of more than was ordered, or of a contract that is
 * not in the order, is malformed, whatever the frame says of its own order.
 */
export function createSentOrders() {
  const sent = new Map<string, Pick<IdentifiedOrder, 'contracts' | 'legs'>>();
  return {
    note({ clientOrderId, contracts, legs }: IdentifiedOrder): void {
      sent.set(clientOrderId, { contracts, legs });
      for (const [oldest] of sent) if (sent.size > KEPT) sent.delete(oldest);
    },
    /** The report as it is; throws {@link DecodeError} when it cannot be about the order that was sent. */
    believed<Report extends BrokerReport>(report: Report): Report {
      if (report.kind !== 'orderFilled') return report;
      const order = sent.get(report.clientOrderId);
      if (!order) return report;
      const what = `trade update of ${report.brokerOrderId}`;
      if (report.contracts > order.contracts) throw new DecodeError(`${what}: qty is ${report.contracts} of ${order.contracts}`);
      for (const { symbol, contracts } of report.legs) {
        const leg = order.legs.find((one) => one.symbol === symbol);
        const most = (leg?.ratio ?? 0) * order.contracts;
        if (!leg) throw new DecodeError(`${what}: symbol ${symbol.slice(0, 40)} is not in the order`);
        if (Math.abs(contracts) > most) throw new DecodeError(`${what}: qty of ${symbol} is ${contracts} of ${most}`);
      }
      return report;
    },
  };
}
