import type { Position, Trade } from '#domain/portfolio/position';
import { cents, instant } from '#domain/units';
import type { DecisionFilter, DecisionRecord, JournalQueries, OrderRecord, RefusalRecord, RowRange } from '#ports/journalQueries';
import type { Connection } from './connection.ts';
import { journalIdOf } from './identity.ts';
import { type EventRow, journalRows, parseRow } from './rows.ts';
import { verifyAt } from './verify.ts';

/** Reads the chain and its read models; never writes. */
export function createQueries(db: Connection, path: string): JournalQueries {
  return {
    journalId: journalIdOf(db),
    rows: (fromSeq) => journalRows(db, fromSeq),
    events: (filter) => events(db, filter),
    within: (range, wanted) => within(db, range, wanted),
    refusalsWithin: (range) => refusalsWithin(db, range),
    mentioning: (ids, limit) => mentioning(db, ids, limit),
    decisions: (filter) => decisions(db, filter),
    orders: (limit) => db.prepare<[number], RawOrder>(`${ORDERS} ORDER BY seq DESC LIMIT ?`).all(limit).map(orderOf),
    ordersOf: (positionId) =>
      db.prepare<[string], RawOrder>(`${ORDERS} WHERE position_id = ? ORDER BY seq`).all(positionId).map(orderOf),
    positions: (limit) =>
      db
        .prepare<[number], { position: string; status: string }>(
          'SELECT position, status FROM positions ORDER BY opened_at DESC, position_id LIMIT ?',
        )
        .all(limit)
        .map(({ position }): Position => JSON.parse(position)),
    trades: (limit) => trades(db, limit),
    equity(points) {
      const rows = db
        .prepare<[], { at: number; equity: number; cash: number }>('SELECT at, equity, cash FROM equity ORDER BY at')
        .all();
      const stride = Math.max(1, Math.ceil(rows.length / points));
      return rows
        .filter((_, index) => (rows.length - 1 - index) % stride === 0)
        .map((row) => ({ at: instant(row.at), equity: cents(row.equity), cash: cents(row.cash) }));
    },
    verify: () => verifyAt(db, path),
  };
}

function events(db: Connection, filter: Parameters<JournalQueries['events']>[0]): ReturnType<JournalQueries['events']> {
  const where = ['1 = 1'];
  const bound: (string | number)[] = [];
  if (filter.kinds) {
    where.push(`kind IN (${filter.kinds.map(() => '?').join(', ')})`);
    bound.push(...filter.kinds);
  }
  if (filter.text) {
    where.push('instr(lower(fact), lower(?)) > 0');
    bound.push(filter.text);
  }
  const total = db
    .prepare(`SELECT COUNT(*) FROM events WHERE ${where.join(' AND ')}`)
    .pluck()
    .get(...bound);
  if (filter.beforeSeq !== null) {
    where.push('seq < ?');
    bound.push(filter.beforeSeq);
  }
  const rows = db
    .prepare<(string | number)[], EventRow>(`SELECT * FROM events WHERE ${where.join(' AND ')} ORDER BY seq DESC LIMIT ?`)
    .all(...bound, filter.limit);
  return { rows: rows.map(parseRow), total: Number(total) };
}

function within(
  db: Connection,
  { from, to }: RowRange,
  { kind, text, limit }: Parameters<JournalQueries['within']>[1],
): ReturnType<JournalQueries['within']> {
  const held = text === null ? '' : 'AND instr(fact, ?) > 0';
  const bound = text === null ? [] : [text];
  return db
    .prepare<(string | number)[], EventRow>(
      `SELECT * FROM events WHERE kind = ? AND seq BETWEEN ? AND ? ${held} ORDER BY seq DESC LIMIT ?`,
    )
    .all(kind, from, to, ...bound, limit)
    .map(parseRow);
}

/** With MAX, SQLite takes the other columns from the row that holds it. */
const NEWEST_REFUSALS = `SELECT reasons, decision_id, underlying, MAX(last_at) AS last_at FROM decisions
  WHERE verdict = 'refused' AND`;

function refusalsWithin(db: Connection, { from, to }: RowRange): RefusalRecord[] {
  const decided = `${NEWEST_REFUSALS} seq BETWEEN ? AND ? GROUP BY reasons`;
  const repeated = `${NEWEST_REFUSALS} decision_id IN (
      SELECT json_extract(repeat.value, '$.decisionId') FROM events, json_each(events.fact, '$.repeats') repeat
      WHERE kind = 'RefusalsRepeated' AND events.seq BETWEEN ? AND ?)
    GROUP BY reasons`;
  return [decided, repeated].flatMap((query) =>
    db
      .prepare<[number, number], { reasons: string; decision_id: string; underlying: string; last_at: number }>(query)
      .all(from, to)
      .map((row) => ({
        reasons: row.reasons.split(' '),
        decisionId: row.decision_id,
        underlying: row.underlying,
        lastAt: instant(row.last_at),
      })),
  );
}

function mentioning(db: Connection, ids: readonly string[], limit: number): ReturnType<JournalQueries['mentioning']> {
  if (ids.length === 0) return [];
  const where = ids.map(() => 'instr(fact, ?) > 0').join(' OR ');
  const quoted = ids.map((id) => JSON.stringify(id));
  return db
    .prepare<(string | number)[], EventRow>(`SELECT * FROM events WHERE ${where} ORDER BY seq LIMIT ?`)
    .all(...quoted, limit)
    .map(parseRow);
}

interface RawDecision {
  readonly fact: string;
  readonly last_at: number;
  readonly repeats: number;
  readonly counterfactual_pnl: number | null;
  readonly counterfactual_basis: string | null;
  readonly counterfactual_days: number | null;
  readonly answer: string | null;
}

function decisions(db: Connection, filter: DecisionFilter): { rows: DecisionRecord[]; total: number } {
  const where = ['1 = 1'];
  const bound: (string | number)[] = [];
  const equal = (column: string, value: string | null): void => {
    if (value === null) return;
    where.push(`${column} = ?`);
    bound.push(value);
  };
  equal('d.strategy_id', filter.strategyId);
  equal('d.underlying', filter.underlying);
  equal('d.verdict', filter.verdict);
  if (filter.reason !== null) {
    where.push("instr(' ' || d.reasons || ' ', ' ' || ? || ' ') > 0");
    bound.push(filter.reason);
  }
  const condition = where.join(' AND ');
  const total = db
    .prepare(`SELECT COUNT(*) FROM decisions d WHERE ${condition}`)
    .pluck()
    .get(...bound);
  const rows = db
    .prepare<(string | number)[], RawDecision>(
      `SELECT e.fact, d.last_at, d.repeats, d.counterfactual_pnl, d.counterfactual_basis, d.counterfactual_days, d.answer
       FROM decisions d JOIN events e ON e.seq = d.seq WHERE ${condition} ORDER BY d.seq DESC LIMIT ? OFFSET ?`,
    )
    .all(...bound, filter.limit, filter.offset);
  return { rows: rows.map(decisionOf), total: Number(total) };
}

function decisionOf(row: RawDecision): DecisionRecord {
  const fact: { decision: DecisionRecord['decision'] } = JSON.parse(row.fact);
  return {
    decision: fact.decision,
    lastAt: instant(row.last_at),
    repeats: row.repeats,
    counterfactual:
      row.counterfactual_pnl === null
        ? null
        : {
            pnlCents: cents(row.counterfactual_pnl),
            basis: row.counterfactual_basis ?? '',
            daysHeld: row.counterfactual_days ?? 0,
          },
    answer: row.answer === 'approved' || row.answer === 'declined' ? row.answer : null,
  };
}

function trades(db: Connection, limit: number): Trade[] {
  return db
    .prepare<[number], { fact: string; notes: string }>(
      'SELECT e.fact, t.notes FROM trades t JOIN events e ON e.seq = t.seq ORDER BY t.exited_at DESC, t.seq DESC LIMIT ?',
    )
    .all(limit)
    .map(({ fact, notes }): Trade => {
      const closed: { trade: Trade } = JSON.parse(fact);
      return { ...closed.trade, notes };
    });
}

const ORDERS = `SELECT intent_id, attempt, seq, created_at, updated_at, position_id, underlying, purpose, contracts, net_limit,
  rung, state, filled, filled_value, client_order_id, broker_order_id, message FROM orders`;

interface RawOrder {
  readonly intent_id: string;
  readonly attempt: number;
  readonly seq: number;
  readonly created_at: number;
  readonly updated_at: number;
  readonly position_id: string;
  readonly underlying: string;
  readonly purpose: string;
  readonly contracts: number;
  readonly net_limit: number;
  readonly rung: number;
  readonly state: string;
  readonly filled: number;
  readonly filled_value: number;
  readonly client_order_id: string | null;
  readonly broker_order_id: string | null;
  readonly message: string;
}

function orderOf(row: RawOrder): OrderRecord {
  return {
    intentId: row.intent_id,
    attempt: row.attempt,
    seq: row.seq,
    createdAt: instant(row.created_at),
    updatedAt: instant(row.updated_at),
    positionId: row.position_id,
    underlying: row.underlying,
    purpose: row.purpose === 'open' ? 'open' : 'close',
    contracts: row.contracts,
    netLimit: row.net_limit,
    rung: row.rung,
    state: row.state,
    filled: row.filled,
    fillPrice: row.filled > 0 ? row.filled_value / row.filled : null,
    clientOrderId: row.client_order_id,
    brokerOrderId: row.broker_order_id,
    message: row.message,
  };
}
