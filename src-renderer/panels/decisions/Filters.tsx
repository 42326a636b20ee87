import type { DecisionView } from '#contract/decisions';
import type { VerdictKind } from '#domain/decisions/decision';
import { Button } from '../../components/Button.tsx';
import { gateTitle, titleOf } from '../../components/format/words.ts';
import { anyDecision, type DecisionFilter, isNarrowed, reasonCounts } from './filter.ts';
import { verdictWords } from './verdicts.ts';

interface FiltersProps {
  readonly filter: DecisionFilter;
  readonly onChange: (filter: DecisionFilter) => void;
  readonly recent: readonly DecisionView[];
  readonly found: number;
  readonly total: number | null;
}

const VERDICTS: readonly VerdictKind[] = ['approved', 'resized', 'refused', 'awaitingApproval'];

export function Filters({ filter, onChange, recent, found, total }: FiltersProps) {
  const strategies = [...new Set(recent.map((view) => view.decision.strategyId))].sort();
  const change = (part: Partial<DecisionFilter>) => onChange({ ...filter, ...part });
  return (
    <search className="filters">
      <select
        className="field"
        aria-label="Strategy"
        value={filter.strategyId ?? ''}
        onChange={(event) => change({ strategyId: event.target.value || null })}
      >
        <option value="">Every strategy</option>
        {strategies.map((strategy) => (
          <option key={strategy} value={strategy}>
            {titleOf(strategy)}
          </option>
        ))}
      </select>
      <select
        className="field"
        aria-label="Verdict"
        value={filter.verdict ?? ''}
        onChange={(event) => change({ verdict: VERDICTS.find((verdict) => verdict === event.target.value) ?? null })}
      >
        <option value="">Every verdict</option>
        {VERDICTS.map((verdict) => (
          <option key={verdict} value={verdict}>
            {verdictWords[verdict].word}
          </option>
        ))}
      </select>
      <select
        className="field"
        aria-label="Reason"
        value={filter.reason ?? ''}
        onChange={(event) => change({ reason: event.target.value || null })}
      >
        <option value="">Every reason</option>
        {reasonCounts(recent).map(({ reason, count }) => (
          <option key={reason} value={reason}>
            {gateTitle(reason)} ({count})
          </option>
        ))}
      </select>
      <input
        className="field filter-symbol"
        aria-label="Underlying"
        placeholder="Underlying"
        maxLength={6}
        value={filter.underlying ?? ''}
        onChange={(event) => change({ underlying: event.target.value.trim().toUpperCase() || null })}
      />
      {isNarrowed(filter) ? (
        <Button small tone="quiet" onClick={() => onChange(anyDecision)}>
          Clear filters
        </Button>
      ) : null}
      <span className="faint filter-found">{total === null ? `newest ${found}` : `${found} of ${total} in the ledger`}</span>
    </search>
  );
}
