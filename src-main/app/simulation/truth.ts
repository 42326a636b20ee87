import type { Exchange } from '#exchange/exchangeApi';
import type { BrokerTruth } from '#research/audit/brokerTruth';

/** The exchange's own order book and ledger, for the auditor. */
export function truthOf(exchange: Exchange): BrokerTruth {
  return { orders: exchange.desk.orders({ status: 'all' }), ledger: exchange.desk.ledger() };
}
