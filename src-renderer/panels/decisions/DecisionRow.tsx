import { memo } from 'react';
import type { DecisionView } from '#contract/decisions';
import { Amount } from '../../components/Amount.tsx';
import { Badge } from '../../components/Badge.tsx';
import { legsLine } from '../../components/format/contracts.ts';
import { civilDay, dayAndTime } from '../../components/format/instants.ts';
import { decimal, percent } from '../../components/format/money.ts';
import { gateTitle, titleOf } from '../../components/format/words.ts';
import { verdictWords } from './verdicts.ts';

interface DecisionRowProps {
  readonly view: DecisionView;
  readonly selected: boolean;
  readonly onSelect: (decisionId: string | null) => void;
}

export const DecisionRow = memo(function DecisionRow({ view, selected, onSelect }: DecisionRowProps) {
  const { decision, counterfactual } = view;
  const verdict = verdictWords[decision.verdict];
  const expiration = decision.legs.find((leg) => leg.expiration !== null)?.expiration ?? null;
  return (
    <tr
      id={`decision-${decision.decisionId}`}
      aria-selected={selected}
      data-selectable="true"
      onClick={() => onSelect(selected ? null : decision.decisionId)}
    >
      <td className="soft">
        {dayAndTime(view.lastAt)}
        {view.repeats > 1 ? (
          <span className="faint" title={`First at ${dayAndTime(view.firstAt)}`}>
            {' '}
            ×{view.repeats}
          </span>
        ) : null}
      </td>
      <td>
        <Badge tone={verdict.tone}>
          <span aria-hidden="true">{verdict.mark}</span> {view.answer ?? verdict.word}
          {decision.contracts > 0 ? ` × ${decision.contracts}` : ''}
        </Badge>
      </td>
      <td>
        <button
          type="button"
          className="row-opener"
          aria-expanded={selected}
          aria-label={`Details of decision ${decision.decisionId}`}
        >
          <strong>{decision.underlying}</strong> {titleOf(decision.structure)}
        </button>
        <span className="faint">
          {' '}
          {legsLine(decision.legs)} {civilDay(expiration)}
        </span>
      </td>
      <td className="soft when-wide">{titleOf(decision.strategyId)}</td>
      <td className="number">{percent(decision.metrics.probabilityOfProfit)}</td>
      <td className="number">
        <Amount cents={decision.metrics.expectedValueCents} arrow={false} />
      </td>
      <td className="number">{decimal(decision.metrics.creditToRisk)}</td>
      <td className="reasons">
        {decision.reasons.map(gateTitle).join(' · ') || <span className="faint">every gate passed</span>}
      </td>
      <td className="number">{counterfactual ? <Amount cents={counterfactual.pnlCents} /> : <span className="faint">–</span>}</td>
    </tr>
  );
});
