import type { UnderlyingRow } from '#contract/chain';
import { Change } from '../../components/Amount.tsx';
import { Button } from '../../components/Button.tsx';
import { civilDay } from '../../components/format/instants.ts';
import { decimal, percent } from '../../components/format/money.ts';
import { act } from '../../stores/act.ts';
import { showExpiration } from '../../stores/chainView.ts';

function Fact({ name, children }: { name: string; children: React.ReactNode }) {
  return (
    <div className="head-fact">
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

export function ChainHead({ row, expiration }: { row: UnderlyingRow; expiration: string | null }) {
  return (
    <header className="chain-head">
      <div className="chain-title">
        <h2>{row.underlying}</h2>
        <span className="soft">{row.name}</span>
        <span className="chain-last">{decimal(row.last)}</span>
        <Change fraction={row.dayChangeFraction} />
        <dl className="head-facts">
          <Fact name="Bid × ask">
            {decimal(row.bid)} × {decimal(row.ask)}
          </Fact>
          <Fact name="IV 30 d">{percent(row.iv30)}</Fact>
          <Fact name="IV rank">{percent(row.ivRank, 0)}</Fact>
        </dl>
        <Button
          small
          onClick={() =>
            void act('symbol.pause', row.paused ? `${row.underlying} resumed` : `${row.underlying} paused`, {
              underlying: row.underlying,
              paused: !row.paused,
            })
          }
        >
          {row.paused ? `Resume entries in ${row.underlying}` : `Pause entries in ${row.underlying}`}
        </Button>
      </div>
      <fieldset className="expirations" aria-label="Expirations">
        {row.expirations.map((entry) => (
          <button
            key={entry.date}
            type="button"
            aria-pressed={entry.date === expiration}
            title={civilDay(entry.date, true)}
            onClick={() => showExpiration(entry.date)}
          >
            <span>{civilDay(entry.date)}</span>
            <small>{entry.daysToExpiration} d</small>
          </button>
        ))}
      </fieldset>
    </header>
  );
}
