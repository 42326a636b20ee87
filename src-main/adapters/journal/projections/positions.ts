import type { Position } from '#domain/portfolio/position';
import { canonicalJson } from '../canonicalJson.ts';
import type { Connection } from '../connection.ts';
import type { Projection } from './projector.ts';

/** One row a position, as last journalled. */
export function projectPositions(db: Connection): Projection {
  const put = db.prepare(
    `INSERT INTO positions (position_id, seq, opened_at, updated_at, status, underlying, strategy_id, position)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (position_id) DO UPDATE SET
       seq = excluded.seq, updated_at = excluded.updated_at, status = excluded.status, position = excluded.position`,
  );
  const close = db.prepare("UPDATE positions SET status = 'closed', seq = ?, updated_at = ? WHERE position_id = ?");
  const keep = (seq: number, at: number, position: Position): void => {
    const { positionId, openedAt, status, underlying, strategyId } = position;
    put.run(positionId, seq, openedAt, at, status, underlying, strategyId, canonicalJson(position));
  };
  return ({ seq, at, fact }) => {
    if (fact.kind === 'PositionOpened' || fact.kind === 'PositionChanged') keep(seq, at, fact.position);
    else if (fact.kind === 'PositionClosed') close.run(seq, at, fact.positionId);
  };
}
