import type { JournalRow } from '#ports/journal';
import type { Connection } from '../connection.ts';
import { projectDecisions } from './decisions.ts';
import { projectEquity } from './equity.ts';
import { projectOrders } from './orders.ts';
import { projectPositions } from './positions.ts';
import { projectTrades } from './trades.ts';

/** Changes with the read models' meaning; a database that was projected by another version is projected again. */
export const PROJECTION_VERSION = 1;

/** One read model: takes the rows that concern it, in order, in the writer's own transaction. */
export type Projection = (row: JournalRow) => void;

const TABLES = ['decisions', 'orders', 'fills', 'positions', 'trades', 'equity'];

/** Keeps the read models in step with the chain. */
export function createProjector(db: Connection) {
  const projections = [projectDecisions(db), projectOrders(db), projectPositions(db), projectTrades(db), projectEquity(db)];
  return {
    take(row: JournalRow): void {
      for (const project of projections) project(row);
    },
  };
}

/** Empties the read models and fills them again from the chain, in one transaction. */
export function rebuildReadModels(db: Connection, rows: Iterable<JournalRow>): void {
  db.transaction(() => {
    for (const table of TABLES) db.exec(`DELETE FROM ${table}`);
    const projector = createProjector(db);
    for (const row of rows) projector.take(row);
    db.prepare("INSERT OR REPLACE INTO meta (key, value) VALUES ('projection', ?)").run(String(PROJECTION_VERSION));
  }).immediate();
}
