import { useEffect, useState } from 'react';
import type { JournalEventView } from '#contract/journal';
import type { Trade } from '#domain/portfolio/position';
import { Amount } from '../../components/Amount.tsx';
import { Badge } from '../../components/Badge.tsx';
import { Button } from '../../components/Button.tsx';
import { Drawer, Section } from '../../components/Drawer.tsx';
import { contractName } from '../../components/format/contracts.ts';
import { dayAndTime, duration } from '../../components/format/instants.ts';
import { cash, decimal, netPrice, percent, signed, signedCash } from '../../components/format/money.ts';
import { titleOf } from '../../components/format/words.ts';
import { Empty, Loading } from '../../components/Notices.tsx';
import { desk, settled } from '../../connection/current.ts';
import { act } from '../../stores/act.ts';
import { select } from '../../stores/selection.ts';

export function TradeDrawer({ trade }: { trade: Trade }) {
  return (
    <Drawer
      title={`${trade.underlying} ${titleOf(trade.structure)}`}
      subtitle={`${titleOf(trade.strategyId)} · ${dayAndTime(trade.enteredAt)} to ${dayAndTime(trade.exitedAt)}`}
      onClose={() => select({ trade: null })}
    >
      <p className="trade-result">
        <Amount cents={trade.outcome.pnl} /> <Badge>{titleOf(trade.outcome.exitReason)}</Badge>
        {trade.reasonTags
          .filter((tag) => tag !== trade.outcome.exitReason)
          .map((tag) => (
            <Badge key={tag}>{titleOf(tag)}</Badge>
          ))}
      </p>
      <Section title="Notes">
        <Notes trade={trade} />
      </Section>
      <Section title="Story">
        <Story tradeId={trade.tradeId} />
      </Section>
      <Section title="Figures">
        <Figures trade={trade} />
      </Section>
      <Section title="Legs at entry">
        <ul className="order-legs">
          {trade.entry.legs.map((leg) => (
            <li key={leg.symbol}>
              <strong>{leg.ratio > 0 ? `+${leg.ratio}` : `−${-leg.ratio}`}</strong> {contractName(leg.symbol)}{' '}
              <span className="faint">
                {decimal(leg.bid)} × {decimal(leg.ask)} · IV {percent(leg.impliedVolatility)} · delta {decimal(leg.delta)}
              </span>
            </li>
          ))}
        </ul>
      </Section>
    </Drawer>
  );
}

function Notes({ trade }: { trade: Trade }) {
  const [notes, setNotes] = useState(trade.notes);
  const isChanged = notes !== trade.notes;
  return (
    <div className="notes">
      <textarea
        className="field"
        aria-label="Notes"
        rows={3}
        maxLength={10_000}
        placeholder="What did this trade teach?"
        value={notes}
        onChange={(event) => setNotes(event.target.value)}
      />
      <Button
        small
        disabled={!isChanged}
        onClick={() => void act('journal.editNote', 'Notes', { tradeId: trade.tradeId, notes })}
      >
        Save notes
      </Button>
    </div>
  );
}

function Story({ tradeId }: { tradeId: string }) {
  const [events, setEvents] = useState<readonly JournalEventView[] | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  useEffect(() => {
    let current = true;
    void settled(desk.query('journal.story', { tradeId })).then((result) => {
      if (!current) return;
      if (result.ok) setEvents(result.answer);
      else setFailure(result.failure.message);
    });
    return () => {
      current = false;
    };
  }, [tradeId]);
  if (failure) return <Empty title="No story">{failure}</Empty>;
  if (!events) return <Loading what="the story" />;
  return (
    <ol className="story">
      {events.map((event) => (
        <li key={event.seq}>
          <time>{dayAndTime(event.at)}</time>
          <strong>{titleOf(event.kind)}</strong>
          <p className="soft">{event.summary}</p>
        </li>
      ))}
    </ol>
  );
}

function Figures({ trade }: { trade: Trade }) {
  const { entry, execution, risk, outcome } = trade;
  const rows: readonly (readonly [string, string])[] = [
    ['Limit / fill', `${netPrice(execution.limitCredit)} / ${netPrice(execution.fillCredit)}`],
    ['Slippage, + is worse', signed(execution.slippage)],
    ['Exit / its slippage', `${netPrice(execution.exitCredit)} / ${signed(execution.exitSlippage)}`],
    ['Worked for', duration(execution.workingMs)],
    ['Fees', cash(execution.fees)],
    ['Maximum loss', risk.maxLoss === null ? 'unbounded' : cash(risk.maxLoss)],
    ['Share of equity at risk', percent(risk.riskFraction, 2)],
    ['Worst / best seen', `${signedCash(outcome.maxAdverse)} / ${signedCash(outcome.maxFavourable)}`],
    ['Spot at entry', decimal(entry.spot)],
    ['IV rank at entry', percent(entry.ivRank, 0)],
    ['Open interest, short leg', decimal(entry.openInterestShort, 0)],
    ['Widest leg', decimal(entry.spread)],
    ['POP at entry', percent(entry.probabilityOfProfit)],
    ['Expected value at entry', signedCash(entry.expectedValueCents)],
    ['Campaign', trade.campaignId],
  ];
  return (
    <dl className="facts">
      {rows.map(([name, value]) => (
        <Pair key={name} name={name} value={value} />
      ))}
    </dl>
  );
}

function Pair({ name, value }: { name: string; value: string }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </>
  );
}
