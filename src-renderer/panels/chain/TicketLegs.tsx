import { contractName } from '../../components/format/contracts.ts';
import { changeRatio, removeLeg } from '../../stores/ticket.ts';
import type { TicketLeg } from '../../stores/ticketLegs.ts';

export function TicketLegs({ legs }: { legs: readonly TicketLeg[] }) {
  return (
    <ul className="ticket-legs" aria-label="Legs">
      {legs.map((leg) => {
        const name = contractName(leg.symbol);
        const away = leg.ratio > 0 ? 1 : -1;
        return (
          <li key={leg.symbol}>
            <span className={leg.ratio > 0 ? 'leg-side leg-buy' : 'leg-side leg-sell'}>{leg.ratio > 0 ? 'Buy' : 'Sell'}</span>
            <span className="leg-ratio">
              <button
                type="button"
                aria-label={`Fewer of ${name}`}
                disabled={Math.abs(leg.ratio) === 1}
                onClick={() => changeRatio(leg.symbol, -away)}
              >
                −
              </button>
              <span>{Math.abs(leg.ratio)}</span>
              <button type="button" aria-label={`More of ${name}`} onClick={() => changeRatio(leg.symbol, away)}>
                +
              </button>
            </span>
            <span className="leg-name">{name}</span>
            <button type="button" className="icon-button" aria-label={`Remove ${name}`} onClick={() => removeLeg(leg.symbol)}>
              ✕
            </button>
          </li>
        );
      })}
    </ul>
  );
}
