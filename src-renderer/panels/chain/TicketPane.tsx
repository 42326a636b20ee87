import { useEffect, useState } from 'react';
import { parseOccSymbol } from '#domain/market/instrument';
import { Button } from '../../components/Button.tsx';
import { netPrice } from '../../components/format/money.ts';
import { wordsOf } from '../../components/format/words.ts';
import { GateTable } from '../../components/GateTable.tsx';
import { Empty } from '../../components/Notices.tsx';
import { Stepper } from '../../components/Stepper.tsx';
import { statusFeed, underlyingsFeed } from '../../stores/feeds.ts';
import {
  clearTicket,
  flipTicket,
  limitOf,
  refreshPreview,
  sendTicket,
  setContracts,
  setLimit,
  setNote,
  useTicket,
} from '../../stores/ticket.ts';
import { TicketLegs } from './TicketLegs.tsx';
import { TicketPreview } from './TicketPreview.tsx';

const REFRESH_MS = 2_000;
const MOST_CONTRACTS = 1_000;
const FURTHEST_LIMIT = 10_000;

/** The owner's own order: legs, size, limit, what it would mean, and one button that acts once. */
export function TicketPane() {
  const hasLegs = useTicket((ticket) => ticket.legs.length > 0);
  const editing = useTicket((ticket) => ticket.phase === 'editing');
  useEffect(() => {
    if (!hasLegs || !editing) return;
    const timer = setInterval(() => void refreshPreview(), REFRESH_MS);
    return () => clearInterval(timer);
  }, [hasLegs, editing]);
  return (
    <aside className="ticket" aria-label="Order ticket">
      <header className="drawer-head">
        <h2>Order ticket</h2>
        {hasLegs ? (
          <span>
            <Button small tone="quiet" onClick={flipTicket} title="Buy what is sold and sell what is bought">
              Flip
            </Button>
            <Button small tone="quiet" onClick={clearTicket}>
              Clear
            </Button>
          </span>
        ) : null}
      </header>
      {hasLegs ? (
        <Ticket />
      ) : (
        <Empty title="No legs yet">
          Press a bid to sell a contract, an ask to buy it. Up to four legs make one order, and it passes the same gates as the
          engine’s own.
        </Empty>
      )}
    </aside>
  );
}

function Ticket() {
  const ticket = useTicket();
  const underlying = parseOccSymbol(ticket.legs[0]?.symbol ?? '')?.root ?? null;
  const spot = underlyingsFeed.use((feed) => feed.item?.find((row) => row.underlying === underlying)?.last ?? null);
  const limit = limitOf(ticket);
  const tick = ticket.preview?.tick ?? 0.01;
  return (
    <div className="drawer-body ticket-body">
      <TicketLegs legs={ticket.legs} />
      <div className="ticket-size">
        <div>
          <span className="faint">Contracts</span>
          <Stepper label="Contracts" value={ticket.contracts} step={1} min={1} max={MOST_CONTRACTS} onChange={setContracts} />
        </div>
        <div>
          <span className="faint">
            Net limit · <strong className="ticket-side">{netPrice(limit)}</strong>
          </span>
          <Stepper
            label="Net limit"
            value={limit ?? 0}
            step={tick}
            digits={2}
            min={-FURTHEST_LIMIT}
            max={FURTHEST_LIMIT}
            onChange={setLimit}
          />
        </div>
      </div>
      <div className="ticket-anchors">
        <Button small onClick={() => setLimit(null)} aria-pressed={ticket.chosenLimit === null}>
          Mid {netPrice(ticket.preview?.midCredit)}
        </Button>
        <Button
          small
          disabled={ticket.preview?.naturalCredit == null}
          onClick={() => setLimit(ticket.preview?.naturalCredit ?? null)}
        >
          Natural {netPrice(ticket.preview?.naturalCredit)}
        </Button>
      </div>
      <TicketPreview spot={spot} />
      <input
        className="field"
        aria-label="Note for the journal"
        placeholder="Note for the journal (optional)"
        maxLength={500}
        value={ticket.note}
        onChange={(event) => setNote(event.target.value)}
      />
      <Send />
    </div>
  );
}

function Send() {
  const ticket = useTicket();
  const mode = statusFeed.use((feed) => feed.item?.mode);
  const [armed, setArmed] = useState(false);
  const limit = limitOf(ticket);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a changed ticket is confirmed anew
  useEffect(() => setArmed(false), [ticket.commandId]);
  const isLive = mode === 'live';
  const words = `${ticket.contracts} × ${ticket.preview ? wordsOf(ticket.preview.structure) : 'order'} at ${netPrice(limit)}`;
  const text =
    ticket.phase === 'sending'
      ? 'Sending …'
      : ticket.phase === 'sent'
        ? 'Sent'
        : isLive && !armed
          ? `Review: ${words}`
          : `Send ${words}`;
  return (
    <div className="ticket-send">
      {ticket.outcome ? (
        <p className={ticket.outcome.kind === 'refused' ? 'outcome outcome-refused' : 'outcome outcome-done'} role="status">
          {ticket.outcome.message}
        </p>
      ) : null}
      {ticket.outcome?.kind === 'refused' && ticket.outcome.reasons.length > 0 ? (
        <GateTable gates={ticket.outcome.reasons} />
      ) : null}
      {ticket.unanswered ? (
        <p className="outcome outcome-refused" role="alert">
          The last press was not answered and may have acted. Look at Orders before changing this ticket; pressing again as it is
          acts at most once.
        </p>
      ) : null}
      <Button
        tone={isLive && armed ? 'danger' : 'primary'}
        disabled={ticket.phase !== 'editing' || limit === null}
        onClick={() => (isLive && !armed ? setArmed(true) : void sendTicket())}
      >
        {isLive && armed ? `Send LIVE: ${words}` : text}
      </Button>
      {ticket.phase === 'sent' ? <Button onClick={clearTicket}>New ticket</Button> : null}
    </div>
  );
}
