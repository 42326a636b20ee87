import type { GateResult } from '#domain/decisions/decision';
import { gateTitle, inUnit } from './format/words.ts';

/** Every gate with the number found, the limit and the answer; failed ones first. */
export function GateTable({ gates }: { gates: readonly GateResult[] }) {
  const ordered = [...gates.filter((gate) => !gate.passed), ...gates.filter((gate) => gate.passed)];
  return (
    <table className="gates">
      <thead>
        <tr>
          <th scope="col">
            <span className="hidden-label">Answer</span>
          </th>
          <th scope="col">Gate</th>
          <th scope="col">Found</th>
          <th scope="col">Limit</th>
        </tr>
      </thead>
      <tbody>
        {ordered.map((gate) => (
          <tr key={`${gate.gate}/${gate.note ?? ''}`}>
            <td className={gate.passed ? 'gain' : 'loss'}>
              <span aria-hidden="true">{gate.passed ? '✓' : '✕'}</span>
              <span className="hidden-label">{gate.passed ? 'pass' : 'fail'}</span>
            </td>
            <td>
              {gateTitle(gate.gate)}
              {gate.note ? <div className="gate-note">{gate.note}</div> : null}
            </td>
            <td>{inUnit(gate.value, gate.unit)}</td>
            <td className="soft">{inUnit(gate.limit, gate.unit)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
