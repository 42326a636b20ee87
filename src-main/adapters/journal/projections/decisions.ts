import type { Connection } from '../connection.ts';
import type { Projection } from './projector.ts';

/** One row a decision, with its repeats, the owner's answer and what it would have made. */
export function projectDecisions(db: Connection): Projection {
  const decided = db.prepare(
    `INSERT OR REPLACE INTO decisions
     (decision_id, seq, at, scan_id, strategy_id, underlying, structure, verdict, stage, reasons, contracts, last_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const repeated = db.prepare('UPDATE decisions SET repeats = repeats + ?, last_at = ? WHERE decision_id = ?');
  const marked = db.prepare(
    'UPDATE decisions SET counterfactual_pnl = ?, counterfactual_basis = ?, counterfactual_days = ? WHERE decision_id = ?',
  );
  const answered = db.prepare('UPDATE decisions SET answer = ? WHERE decision_id = ?');
  return ({ seq, fact }) => {
    switch (fact.kind) {
      case 'ProposalDecided': {
        const { decision: d } = fact;
        decided.run(
          d.decisionId,
          seq,
          d.at,
          d.scanId,
          d.strategyId,
          d.underlying,
          d.structure,
          d.verdict,
          d.stage,
          d.reasons.join(' '),
          d.contracts,
          d.at,
        );
        return;
      }
      case 'RefusalsRepeated':
        for (const { decisionId, count, lastAt } of fact.repeats) repeated.run(count, lastAt, decisionId);
        return;
      case 'CounterfactualMarked':
        marked.run(fact.pnlPerUnit, fact.basis, fact.daysHeld, fact.decisionId);
        return;
      case 'ProposalAnswered':
        answered.run(fact.approved ? 'approved' : 'declined', fact.decisionId);
        return;
      default:
        return;
    }
  };
}
