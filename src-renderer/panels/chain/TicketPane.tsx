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
  keepPreviewFresh,
  limitOf,
  sendTicket,
  setContracts,
  setLimit,
  setNote,
  type Ticket,
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
    const timer = setInterval(() => void keepPreviewFresh(), REFRESH_MS);
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
        <TicketBody />
      ) : (
        <Empty title="No legs yet">
          Press a bid to sell a contract, an ask to buy it. Up to four legs make one order, and it passes the same gates as the
          engine’s own.
        </Empty>
      )}
    </aside>
  );
}

function TicketBody() {
  const ticket = useTicket();
  const underlying = parseOccSymbol(ticket.legs[0]?.symbol ?? '')?.root ?? null;
  const spot = underlyingsFeed.use((feed) => feed.item?.find((row) => row.underlying === underlying)?.last ?? null);
  const limit = limitOf(ticket);
  const tick = ticket.preview?.tick ?? 0.01;
  const [hasBadSize, setBadSize] = useState(false);
  const [hasBadLimit, setBadLimit] = useState(false);
  const [anchored, setAnchored] = useState(0);
  const isSending = ticket.phase === 'sending';

  function anchor(to: number | null) {
    setLimit(to);
    setAnchored(anchored + 1);
  }

  return (
    <div className="drawer-body ticket-body">
      <TicketLegs legs={ticket.legs} />
      <div className="ticket-size">
        <div>
          <span className="faint">Contracts</span>
          <Stepper
            label="Contracts"
            value={ticket.contracts}
            step={1}
            min={1}
            max={MOST_CONTRACTS}
            onChange={setContracts}
            onBad={setBadSize}
            disabled={isSending}
          />
        </div>
        <div>
          <span className="faint">
            Net limit · <strong className="ticket-side">{netPrice(hasBadLimit ? null : limit)}</strong>
          </span>
          <Stepper
            key={`${anchored} ${JSON.stringify(ticket.legs)}`}
            label="Net limit"
            value={limit}
            step={tick}
            digits={2}
            min={-FURTHEST_LIMIT}
            max={FURTHEST_LIMIT}
            onChange={setLimit}
            onBad={setBadLimit}
            disabled={isSending || ticket.preview === null}
          />
        </div>
      </div>
      <div className="ticket-anchors">
        <Button small onClick={() => anchor(null)} aria-pressed={ticket.chosenLimit === null}>
          Mid {netPrice(ticket.preview?.midCredit)}
        </Button>
        <Button
          small
          disabled={ticket.preview?.naturalCredit == null}
          onClick={() => anchor(ticket.preview?.naturalCredit ?? null)}
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
      <Send toCorrect={hasBadSize ? 'Contracts' : hasBadLimit ? 'Net limit' : null} />
    </div>
  );
}

/** Acts once. What was reviewed is what goes: from the review on the limit stands, and any change is reviewed anew. */
function Send({ toCorrect }: { toCorrect: string | null }) {
  const ticket = useTicket();
  const { commandId, phase, preview, outcome } = ticket;
  const isLive = statusFeed.use((feed) => feed.item?.mode === 'live');
  const [reviewed, setReviewed] = useState<string | null>(null);
  useEffect(() => setReviewed((id) => (id === commandId ? id : null)), [commandId]);
  const isArmed = isLive && reviewed === commandId;
  const limit = limitOf(ticket);
  const words = `${ticket.contracts} × ${preview ? wordsOf(preview.structure) : 'order'} at ${netPrice(limit)}`;
  const verb = phase === 'sending' ? 'Sending …' : phase === 'sent' ? 'Sent' : null;
  const ask = isArmed ? 'Send LIVE:' : isLive ? 'Review:' : 'Send';

  function press() {
    if (!isLive || isArmed) return void sendTicket();
    if (ticket.chosenLimit === null) setLimit(limit);
    setReviewed(useTicket.getState().commandId);
  }

  return (
    <div className="ticket-send">
      {outcome ? (
        <p className={outcome.kind === 'refused' ? 'outcome outcome-refused' : 'outcome outcome-done'} role="status">
          {outcome.message}
        </p>
      ) : null}
      {outcome?.kind === 'refused' && outcome.reasons.length > 0 ? <GateTable gates={outcome.reasons} /> : null}
      {ticket.unanswered ? (
        <p className="outcome outcome-refused" role="alert">
          The last press was not answered and may have acted. Look at Orders before changing this ticket;{' '}
          {ticket.lost?.commandId === commandId
            ? 'pressing again as it is acts at most once.'
            : 'changed as it is now, a press is a second order.'}
        </p>
      ) : null}
      <Button
        tone={isArmed ? 'danger' : 'primary'}
        disabled={phase !== 'editing' || limit === null || preview === null || toCorrect !== null}
        onClick={press}
      >
        {verb ?? (toCorrect === null ? `${ask} ${words}${cutOf(ticket)}` : `${toCorrect} to correct`)}
      </Button>
      {phase === 'sent' ? <Button onClick={clearTicket}>New ticket</Button> : null}
    </div>
  );
}

/** What of the order would go, where the gate would cut it down. */
function cutOf({ preview, previewIsOld, contracts }: Pick<Ticket, 'preview' | 'previewIsOld' | 'contracts'>): string {
  const wouldGo = preview?.wouldGo ?? 0;
  return previewIsOld || wouldGo === 0 || wouldGo >= contracts ? '' : ` · ${wouldGo} of ${contracts} would go`;
}
