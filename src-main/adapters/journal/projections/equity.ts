import type { Connection } from '../connection.ts';
import type { Projection } from './projector.ts';

/** The account's equity at each reconciliation and at each day's close, in cents. */
export function projectEquity(db: Connection): Projection {
  const put = db.prepare('INSERT OR REPLACE INTO equity (at, equity, cash, closing) VALUES (?, ?, ?, ?)');
  return ({ at, fact }) => {
    if (fact.kind === 'Reconciled') put.run(at, fact.equity, fact.cash, 0);
    else if (fact.kind === 'DayClosed') put.run(at, fact.equity, fact.cash, 1);
  };
}
