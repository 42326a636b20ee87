import { memo, useState } from 'react';
import type { UnderlyingRow } from '#contract/chain';
import { Change } from '../../components/Amount.tsx';
import { decimal, percent } from '../../components/format/money.ts';
import { showUnderlying } from '../../stores/chainView.ts';

const Row = memo(function Row({ row, selected }: { row: UnderlyingRow; selected: boolean }) {
  return (
    <li>
      <button
        type="button"
        className="underlying"
        aria-current={selected}
        title={`${row.name} · ${row.sector}`}
        onClick={() => showUnderlying(row.underlying)}
      >
        <span className="underlying-symbol">
          {row.underlying}
          {row.paused ? (
            <span className="warn" title="Entries are paused">
              {' '}
              ⏸
            </span>
          ) : null}
          {row.halted === null ? null : (
            <span className="warn" title={`Trading is halted: ${row.halted}. Nothing is opened here`}>
              {' '}
              halted
            </span>
          )}
          {row.positions > 0 ? (
            <span className="underlying-held" title={`${row.positions} positions`}>
              {row.positions}
            </span>
          ) : null}
        </span>
        <span className="number">{decimal(row.last)}</span>
        <span className="underlying-sector faint">{row.sector}</span>
        <span className="number">
          <Change fraction={row.dayChangeFraction} />
        </span>
        <span className="underlying-rank" title={`IV rank ${percent(row.ivRank, 0)}`}>
          <span style={{ width: `${Math.round((row.ivRank ?? 0) * 100)}%` }} />
        </span>
      </button>
    </li>
  );
});

export function UnderlyingList({ rows, selected }: { rows: readonly UnderlyingRow[]; selected: string }) {
  const [typed, setTyped] = useState('');
  const wanted = typed.trim().toUpperCase();
  const shown = rows.filter((row) => row.underlying.includes(wanted) || row.name.toUpperCase().includes(wanted));
  return (
    <nav className="underlyings" aria-label="Underlyings">
      <input
        className="field"
        aria-label="Find an underlying"
        placeholder="Find …"
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
      />
      <ul>
        {shown.map((row) => (
          <Row key={row.underlying} row={row} selected={row.underlying === selected} />
        ))}
      </ul>
    </nav>
  );
}
