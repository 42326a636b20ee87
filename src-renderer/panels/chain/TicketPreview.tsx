import { type ReactNode, useMemo } from 'react';
import type { OrderPreview } from '#contract/chain';
import { PayoffChart } from '../../charts/PayoffChart.tsx';
import { Amount, SignedNumber } from '../../components/Amount.tsx';
import { Badge } from '../../components/Badge.tsx';
import { strikeText } from '../../components/format/contracts.ts';
import { cash, percent, signedCash } from '../../components/format/money.ts';
import { gateTitle, titleOf, wordsOf } from '../../components/format/words.ts';
import { GateTable } from '../../components/GateTable.tsx';
import { StaleNote } from '../../components/Notices.tsx';
import { useTicket } from '../../stores/ticket.ts';
import { useWorkspace } from '../../stores/workspace.ts';

function Fact({ name, title, children }: { name: string; title?: string; children: ReactNode }) {
  return (
    <div className="ticket-fact" title={title}>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Payoff({ preview, spot, theme }: { preview: OrderPreview; spot: number | null; theme: string }) {
  const { payoff, breakevens } = preview;
  const curves = useMemo(
    () => ({
      expiration: payoff.map((point) => ({ at: point.spot, cents: point.atExpiration })),
      now: payoff.flatMap((point) => (point.now === null ? [] : [{ at: point.spot, cents: point.now }])),
    }),
    [payoff],
  );
  return <PayoffChart {...curves} breakevens={breakevens} spot={spot} theme={theme} />;
}

export function TicketPreview({ spot }: { spot: number | null }) {
  const preview = useTicket((ticket) => ticket.preview);
  const isOld = useTicket((ticket) => ticket.previewIsOld);
  const contracts = useTicket((ticket) => ticket.contracts);
  const failure = useTicket((ticket) => ticket.previewFailure);
  const theme = useWorkspace((workspace) => workspace.theme);
  if (!preview) return failure ? <StaleNote>{failure}</StaleNote> : <p className="faint">Asking for figures …</p>;
  return (
    <>
      {failure ? <StaleNote>Old figures: {failure}</StaleNote> : null}
      <div className="ticket-structure">
        <strong>{titleOf(preview.structure)}</strong>
        {isOld ? <Badge>◌ figures of before the change</Badge> : <Answer preview={preview} contracts={contracts} />}
      </div>
      {!isOld && isCut(preview) ? (
        <p className="warn">Cut down by {preview.failedBy.map(gateTitle).join(', ').toLowerCase()}.</p>
      ) : null}
      <div className={isOld ? 'ticket-old' : ''}>
        <Figures preview={preview} />
      </div>
      <p className="faint ticket-model">POP and expected value: {wordsOf(preview.forecastModel)}</p>
      <Payoff preview={preview} spot={spot} theme={theme} />
      <details className="ticket-gates" open={!preview.wouldPass}>
        <summary>
          Gates: {preview.gates.filter((gate) => gate.passed).length} of {preview.gates.length} pass
        </summary>
        <GateTable gates={preview.gates} />
      </details>
    </>
  );
}

const isCut = ({ wouldPass, wouldGo }: OrderPreview) => !wouldPass && wouldGo > 0;

/** What the gate would say to the whole size. */
function Answer({ preview, contracts }: { preview: OrderPreview; contracts: number }) {
  if (preview.wouldPass) return <Badge tone="good">✓ passes every gate</Badge>;
  if (!isCut(preview)) return <Badge tone="bad">✕ would be refused</Badge>;
  return (
    <Badge tone="warn">
      ◐ {preview.wouldGo} of {contracts} would go
    </Badge>
  );
}

function Figures({ preview }: { preview: OrderPreview }) {
  const breakevens = preview.breakevens.length === 0 ? 'none' : preview.breakevens.map(strikeText).join(' / ');
  return (
    <dl className="ticket-facts">
      <Fact name="Max profit">
        {preview.maxProfit === null ? 'unbounded' : <Amount cents={preview.maxProfit} arrow={false} />}
      </Fact>
      <Fact name="Max loss">
        {preview.maxLoss === null ? (
          <strong className="loss">unbounded</strong>
        ) : (
          <span className="loss">{cash(-Math.abs(preview.maxLoss))}</span>
        )}
      </Fact>
      <Fact name="Breakevens">{breakevens}</Fact>
      <Fact name="POP" title={`Probability of profit under ${preview.forecastModel}`}>
        {percent(preview.probabilityOfProfit)}
      </Fact>
      <Fact name="EV" title={`Expected value after slippage and fees, under ${preview.forecastModel}`}>
        <Amount cents={preview.expectedValue} arrow={false} />
      </Fact>
      <Fact name="BP effect" title="Effect on buying power: − uses, + frees">
        {signedCash(preview.buyingPowerEffect)}
      </Fact>
      <Fact name="Fees">{cash(preview.fees)}</Fact>
      <Fact name="Delta" title="Shares of the underlying">
        <SignedNumber value={preview.greeks.deltaShares} />
      </Fact>
      <Fact name="Theta / day">{signedCash(dollars(preview.greeks.thetaDollarsPerDay))}</Fact>
      <Fact name="Vega / point">{signedCash(dollars(preview.greeks.vegaDollarsPerPoint))}</Fact>
    </dl>
  );
}

function dollars(value: number | null): number | null {
  return value === null ? null : value * 100;
}
