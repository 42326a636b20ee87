/** The chain itself and the first read models. Shipped: never edited; a change is a new migration. */
export const journalTables = `
CREATE TABLE meta (
  key TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE events (
  seq INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  kind TEXT NOT NULL,
  fact TEXT NOT NULL,
  hash TEXT NOT NULL
) STRICT;
CREATE INDEX events_by_kind ON events (kind, seq);

CREATE TABLE chain_head (
  only_one INTEGER PRIMARY KEY CHECK (only_one = 1),
  seq INTEGER NOT NULL,
  hash TEXT NOT NULL
) STRICT;

CREATE TRIGGER events_never_updated BEFORE UPDATE ON events
BEGIN SELECT RAISE(ABORT, 'the journal is append-only: a correction is a new entry'); END;
CREATE TRIGGER events_never_deleted BEFORE DELETE ON events
BEGIN SELECT RAISE(ABORT, 'the journal is append-only: nothing is deleted'); END;
CREATE TRIGGER events_without_gap BEFORE INSERT ON events
WHEN NEW.seq <> (SELECT COALESCE(MAX(seq), 0) + 1 FROM events)
BEGIN SELECT RAISE(ABORT, 'the journal has no gaps'); END;

CREATE TABLE decisions (
  decision_id TEXT PRIMARY KEY,
  seq INTEGER NOT NULL,
  at INTEGER NOT NULL,
  scan_id INTEGER NOT NULL,
  strategy_id TEXT NOT NULL,
  underlying TEXT NOT NULL,
  structure TEXT NOT NULL,
  verdict TEXT NOT NULL,
  stage TEXT NOT NULL,
  reasons TEXT NOT NULL,
  contracts REAL NOT NULL,
  last_at INTEGER NOT NULL,
  repeats INTEGER NOT NULL DEFAULT 0,
  counterfactual_pnl INTEGER,
  counterfactual_basis TEXT,
  counterfactual_days REAL,
  answer TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX decisions_by_seq ON decisions (seq);

CREATE TABLE orders (
  intent_id TEXT NOT NULL,
  attempt INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  position_id TEXT NOT NULL,
  underlying TEXT NOT NULL,
  purpose TEXT NOT NULL,
  contracts REAL NOT NULL,
  net_limit REAL NOT NULL,
  rung INTEGER NOT NULL,
  state TEXT NOT NULL,
  filled REAL NOT NULL DEFAULT 0,
  filled_value REAL NOT NULL DEFAULT 0,
  client_order_id TEXT,
  broker_order_id TEXT,
  message TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (intent_id, attempt)
) STRICT, WITHOUT ROWID;
CREATE INDEX orders_by_seq ON orders (seq);
CREATE INDEX orders_by_position ON orders (position_id);

CREATE TABLE fills (
  execution_id TEXT PRIMARY KEY,
  seq INTEGER NOT NULL,
  at INTEGER NOT NULL,
  intent_id TEXT NOT NULL,
  attempt INTEGER NOT NULL,
  contracts REAL NOT NULL,
  net_price REAL NOT NULL,
  legs TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE positions (
  position_id TEXT PRIMARY KEY,
  seq INTEGER NOT NULL,
  opened_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  status TEXT NOT NULL,
  underlying TEXT NOT NULL,
  strategy_id TEXT NOT NULL,
  position TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE trades (
  trade_id TEXT PRIMARY KEY,
  seq INTEGER NOT NULL,
  position_id TEXT NOT NULL,
  entered_at INTEGER NOT NULL,
  exited_at INTEGER NOT NULL,
  underlying TEXT NOT NULL,
  strategy_id TEXT NOT NULL,
  pnl INTEGER NOT NULL,
  fees INTEGER NOT NULL,
  exit_reason TEXT NOT NULL,
  notes TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX trades_by_exit ON trades (exited_at);

CREATE TABLE equity (
  at INTEGER PRIMARY KEY,
  equity INTEGER NOT NULL,
  cash INTEGER NOT NULL,
  closing INTEGER NOT NULL
) STRICT;
`;
