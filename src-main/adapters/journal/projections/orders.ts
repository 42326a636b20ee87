import type { BrokerReport } from '#ports/broker';
import { composeClientOrderId } from '#ports/clientOrderId';
import { canonicalJson } from '../canonicalJson.ts';
import type { Connection } from '../connection.ts';
import { journalIdOf } from '../identity.ts';
import type { Projection } from './projector.ts';

/** One row an attempt, and one row an execution. `filled_value` is the sum of net price times units. */
export function projectOrders(db: Connection): Projection {
  const journalId = journalIdOf(db);
  const intended = db.prepare(
    `INSERT OR REPLACE INTO orders
     (intent_id, attempt, seq, created_at, updated_at, position_id, underlying, purpose, contracts, net_limit, rung, state, client_order_id)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'intended', ?)`,
  );
  const moved = db.prepare(
    `UPDATE orders SET state = ?, updated_at = ?, broker_order_id = COALESCE(?, broker_order_id), message = COALESCE(?, message)
     WHERE intent_id = ? AND attempt = ?`,
  );
  const filled = db.prepare(
    'UPDATE orders SET filled = filled + ?, filled_value = filled_value + ? WHERE intent_id = ? AND attempt = ?',
  );
  const execution = db.prepare(
    `INSERT OR IGNORE INTO fills (execution_id, seq, at, intent_id, attempt, contracts, net_price, legs)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  return ({ seq, at, fact, hash }) => {
    switch (fact.kind) {
      case 'OrderIntended': {
        const { request: r } = fact;
        const wireId = composeClientOrderId(journalId, r.intentId, r.attempt, hash);
        intended.run(
          r.intentId,
          r.attempt,
          seq,
          at,
          at,
          fact.positionId,
          r.underlying,
          r.purpose,
          r.contracts,
          r.netLimit,
          fact.rung,
          wireId,
        );
        return;
      }
      case 'OrderReported': {
        const { report, intentId, attempt } = fact;
        const next = stateAfter(report);
        if (next === null) return;
        if (report.kind === 'orderFilled') {
          const once = execution.run(
            report.executionId,
            seq,
            at,
            intentId,
            attempt,
            report.contracts,
            report.netPrice,
            canonicalJson(report.legs),
          );
          if (once.changes === 0) return;
          filled.run(report.contracts, report.contracts * report.netPrice, intentId, attempt);
        }
        moved.run(next.state, at, brokerIdIn(report), next.message, intentId, attempt);
        return;
      }
      case 'OrderInDoubt':
        moved.run('inDoubt', at, null, fact.fault.message, fact.intentId, fact.attempt);
        return;
      case 'OrderProved':
        if (fact.outcome === 'absent') moved.run('rejected', at, null, fact.evidence, fact.intentId, fact.attempt);
        return;
      case 'CancelRequested':
        moved.run('cancelPending', at, null, fact.reason, fact.intentId, fact.attempt);
        return;
      default:
        return;
    }
  };
}

function brokerIdIn(report: BrokerReport): string | null {
  return 'brokerOrderId' in report ? report.brokerOrderId : null;
}

function stateAfter(report: BrokerReport): { readonly state: string; readonly message: string | null } | null {
  switch (report.kind) {
    case 'orderAccepted':
      return { state: 'pending', message: null };
    case 'orderWorking':
      return { state: 'working', message: null };
    case 'orderFilled':
      return { state: report.complete ? 'filled' : 'partiallyFilled', message: null };
    case 'orderCancelled':
      return { state: 'cancelled', message: null };
    case 'orderExpired':
      return { state: 'expired', message: null };
    case 'orderRejected':
      return { state: 'rejected', message: report.message };
    case 'submissionFailed':
      return { state: report.certainty === 'notSent' ? 'rejected' : 'inDoubt', message: report.fault.message };
    default:
      return null;
  }
}
