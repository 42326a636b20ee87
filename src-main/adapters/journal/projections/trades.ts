import type { Connection } from '../connection.ts';
import type { Projection } from './projector.ts';

/** One row a closed trade; its notes are the owner's latest. The whole story is the chain's row `seq`. */
export function projectTrades(db: Connection): Projection {
  const closed = db.prepare(
    `INSERT OR REPLACE INTO trades
     (trade_id, seq, position_id, entered_at, exited_at, underlying, strategy_id, pnl, fees, exit_reason, notes)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const noted = db.prepare('UPDATE trades SET notes = ? WHERE trade_id = ?');
  return ({ seq, fact }) => {
    if (fact.kind === 'PositionClosed') {
      const { trade: t } = fact;
      closed.run(
        t.tradeId,
        seq,
        t.positionId,
        t.enteredAt,
        t.exitedAt,
        t.underlying,
        t.strategyId,
        t.outcome.pnl,
        t.execution.fees,
        t.outcome.exitReason,
        t.notes,
      );
    } else if (fact.kind === 'NoteEdited') noted.run(fact.notes, fact.tradeId);
  };
}
