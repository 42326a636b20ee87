import type { PositionView } from '#contract/positions';
import { Amount, SignedNumber } from '../../components/Amount.tsx';
import { Button } from '../../components/Button.tsx';
import { Drawer, Section } from '../../components/Drawer.tsx';
import { contractName } from '../../components/format/contracts.ts';
import { dayAndTime } from '../../components/format/instants.ts';
import { cash, decimal, netPrice, signedCash } from '../../components/format/money.ts';
import { titleOf } from '../../components/format/words.ts';
import { select } from '../../stores/selection.ts';
import { showDecision } from '../../stores/workspace.ts';
import { CloseForm } from './CloseForm.tsx';
import { ExitBars } from './ExitBars.tsx';
import { ExitPlanForm } from './ExitPlanForm.tsx';

export function PositionDrawer({ view }: { view: PositionView }) {
  const { position } = view;
  const { decisionId } = position;
  return (
    <Drawer
      title={`${position.underlying} ${titleOf(position.structure)}`}
      subtitle={`${titleOf(position.strategyId)} · opened ${dayAndTime(position.openedAt)} · campaign ${position.campaignId}`}
      onClose={() => select({ position: null })}
    >
      <Section title="Acts">
        <CloseForm view={view} />
        {decisionId ? (
          <Button small tone="quiet" onClick={() => showDecision(decisionId)}>
            Why it was opened
          </Button>
        ) : null}
      </Section>
      <Section title="Exit rules">
        <ExitBars rules={view.exitRules} />
      </Section>
      <Section title="Legs">
        <Legs view={view} />
      </Section>
      <Section title="Money">
        <Money view={view} />
      </Section>
      <Section title="Exit plan">
        <ExitPlanForm position={position} />
      </Section>
    </Drawer>
  );
}

function Legs({ view }: { view: PositionView }) {
  return (
    <table className="gates legs-table">
      <thead>
        <tr>
          <th scope="col">Qty</th>
          <th scope="col">Leg</th>
          <th scope="col">Entry</th>
          <th scope="col">Bid</th>
          <th scope="col">Ask</th>
          <th scope="col">Delta</th>
        </tr>
      </thead>
      <tbody>
        {view.legs.map((leg) => (
          <tr key={leg.symbol}>
            <td>{leg.quantity > 0 ? `+${leg.quantity}` : `−${-leg.quantity}`}</td>
            <td>{contractName(leg.symbol)}</td>
            <td>{decimal(leg.entryPrice)}</td>
            <td>{decimal(leg.bid)}</td>
            <td>{decimal(leg.ask)}</td>
            <td>{decimal(leg.delta)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Money({ view }: { view: PositionView }) {
  const { position } = view;
  const perUnit = (cents: number | null) => (cents === null ? 'unbounded' : cash(cents * position.units));
  return (
    <dl className="facts">
      <dt>Spot</dt>
      <dd>{decimal(view.spot)}</dd>
      <dt>Entry</dt>
      <dd>{netPrice(position.entryCredit)}</dd>
      <dt>Close at mid / natural</dt>
      <dd>
        {netPrice(view.mid)} / {netPrice(view.natural)}
      </dd>
      <dt>Realised by parts</dt>
      <dd>
        <Amount cents={position.realised} />
      </dd>
      <dt>Fees so far</dt>
      <dd>{cash(position.fees)}</dd>
      <dt>Max profit / max loss</dt>
      <dd>
        {perUnit(position.maxProfitPerUnit)} / {perUnit(position.maxLossPerUnit)}
      </dd>
      <dt>Worst / best seen</dt>
      <dd>
        {signedCash(position.maxAdverse)} / {signedCash(position.maxFavourable)}
      </dd>
      <dt>Vega a point</dt>
      <dd>
        <SignedNumber value={view.vegaDollarsPerPoint} digits={2} />
      </dd>
      <dt>Rolls</dt>
      <dd>{position.rolls}</dd>
      <dt>Marked at</dt>
      <dd className={view.stale ? 'warn' : ''}>
        {dayAndTime(view.markedAt)}
        {view.stale ? ' (stale)' : ''}
      </dd>
    </dl>
  );
}
