import { memo } from 'react';
import type { ContractCell } from '#contract/chain';
import { contractName } from '../../components/format/contracts.ts';
import { compact, decimal, percent } from '../../components/format/money.ts';
import { NO_VOLATILITY } from '../../components/format/words.ts';
import { askWhyNot } from '../../stores/chainView.ts';
import { pressQuote, useTicket } from '../../stores/ticket.ts';
import { ratioOf } from '../../stores/ticketLegs.ts';

interface CellsProps {
  readonly cell: ContractCell | null;
  readonly inMoney: boolean;
}

const COLUMNS = 8;

/** What is wrong with a quote, in the fewest words that fit a tooltip and a reader. */
const DEFECT: Readonly<Record<ContractCell['defect'], string>> = {
  none: '',
  missing: 'no quote',
  notANumber: 'quote is not a number',
  crossed: 'crossed: bid above ask',
  zeroBid: 'no bid',
  zeroAsk: 'no ask',
};

/** Which side of a quote its defect spoils: 'no bid' leaves the ask as it is. */
function isWrong(defect: ContractCell['defect'], side: 'bid' | 'ask'): boolean {
  if (defect === 'none') return false;
  return defect === 'zeroBid' ? side === 'bid' : defect === 'zeroAsk' ? side === 'ask' : true;
}

const Price = memo(function Price({ cell, side, shade }: { cell: ContractCell; side: 'bid' | 'ask'; shade: string }) {
  const price = side === 'bid' ? cell.bid : cell.ask;
  const size = side === 'bid' ? cell.bidSize : cell.askSize;
  const ratio = useTicket((ticket) => ratioOf(ticket.legs, cell.symbol));
  const onTicket = side === 'bid' ? ratio < 0 : ratio > 0;
  const verb = side === 'bid' ? 'Sell' : 'Buy';
  const defect = DEFECT[cell.defect];
  const isDefective = isWrong(cell.defect, side);
  return (
    <td className={`quote quote-${side} ${shade}`}>
      <button
        type="button"
        className={isDefective ? 'quote-button defective' : 'quote-button'}
        aria-label={`${verb} ${contractName(cell.symbol)} at ${decimal(price)}${defect ? `, ${defect}` : ''}`}
        aria-pressed={onTicket}
        title={`${verb} · size ${compact(size)}${defect ? ` · ${defect}` : ''}`}
        onClick={() => pressQuote(cell.symbol, side)}
      >
        {isDefective ? <small aria-hidden="true">⚠</small> : null}
        {decimal(price)}
        {onTicket ? <sup>{Math.abs(ratio)}</sup> : null}
      </button>
    </td>
  );
});

function WhyNotCell({ cell }: { cell: ContractCell }) {
  return (
    <td className="why-not">
      <button
        type="button"
        aria-label={`Why not ${contractName(cell.symbol)}?`}
        title="Why not this contract?"
        onClick={() => askWhyNot(cell.symbol)}
      >
        ?
      </button>
    </td>
  );
}

function Held({ quantity, shade }: { quantity: number; shade: string }) {
  if (quantity === 0) return <td className={shade} />;
  return (
    <td className={shade}>
      <span
        className={quantity > 0 ? 'held-long' : 'held-short'}
        title={`${Math.abs(quantity)} ${quantity > 0 ? 'long' : 'short'}`}
      >
        {quantity > 0 ? `+${quantity}` : `−${-quantity}`}
      </span>
    </td>
  );
}

/** Why there is no volatility of our own. */
function volatilityTitle({ noVolatility, impliedVolatility }: ContractCell): string | undefined {
  if (noVolatility === null) return undefined;
  const why = `the quote implies no volatility: ${NO_VOLATILITY[noVolatility]}`;
  return impliedVolatility === null ? why : `${why}; this is the data source's`;
}

function figures(cell: ContractCell, inMoney: boolean) {
  const shade = inMoney ? 'in-money' : '';
  return {
    held: <Held key="held" quantity={cell.held} shade={shade} />,
    interest: (
      <td key="oi" className={`faint ${shade}`}>
        {compact(cell.openInterest)}
      </td>
    ),
    volume: (
      <td key="volume" className={`faint ${shade}`}>
        {compact(cell.volume)}
      </td>
    ),
    volatility: (
      <td key="iv" className={`soft ${shade}`} title={volatilityTitle(cell)}>
        {percent(cell.impliedVolatility)}
      </td>
    ),
    delta: (
      <td key="delta" className={shade}>
        {decimal(cell.delta)}
      </td>
    ),
    bid: <Price key="bid" cell={cell} side="bid" shade={shade} />,
    ask: <Price key="ask" cell={cell} side="ask" shade={shade} />,
    whyNot: <WhyNotCell key="why" cell={cell} />,
  };
}

/** The cells of a call, from the outside to the strike. */
export const CallCells = memo(function CallCells({ cell, inMoney }: CellsProps) {
  if (!cell) return <td colSpan={COLUMNS} className="not-listed" aria-label="Not listed" />;
  const { held, interest, volume, volatility, delta, bid, ask, whyNot } = figures(cell, inMoney);
  return <>{[whyNot, held, interest, volume, volatility, delta, bid, ask]}</>;
});

/** The cells of a put, from the strike to the outside. */
export const PutCells = memo(function PutCells({ cell, inMoney }: CellsProps) {
  if (!cell) return <td colSpan={COLUMNS} className="not-listed" aria-label="Not listed" />;
  const { held, interest, volume, volatility, delta, bid, ask, whyNot } = figures(cell, inMoney);
  return <>{[bid, ask, delta, volatility, volume, interest, held, whyNot]}</>;
});
