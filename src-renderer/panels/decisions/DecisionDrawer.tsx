import { useState } from 'react';
import type { DecisionView } from '#contract/decisions';
import { Amount } from '../../components/Amount.tsx';
import { Badge } from '../../components/Badge.tsx';
import { Button } from '../../components/Button.tsx';
import { Drawer, Section } from '../../components/Drawer.tsx';
import { contractName, strikeText } from '../../components/format/contracts.ts';
import { dayAndTime, duration } from '../../components/format/instants.ts';
import { cash, decimal, netPrice, percent, signed, signedCash } from '../../components/format/money.ts';
import { titleOf, wordsOf } from '../../components/format/words.ts';
import { GateTable } from '../../components/GateTable.tsx';
import { newCommandId } from '../../connection/current.ts';
import { act } from '../../stores/act.ts';
import { SecondOpinion } from './SecondOpinion.tsx';
import { verdictWords } from './verdicts.ts';

export function DecisionDrawer({ view, onClose }: { view: DecisionView; onClose: () => void }) {
  const { decision, counterfactual } = view;
  const verdict = verdictWords[decision.verdict];
  const waits = decision.verdict === 'awaitingApproval' && view.answer === null;
  return (
    <Drawer
      title={`${decision.underlying} ${titleOf(decision.structure)}`}
      subtitle={`${titleOf(decision.strategyId)} · scan ${decision.scanId} · ${dayAndTime(decision.at)}`}
      onClose={onClose}
    >
      <p>
        <Badge tone={verdict.tone}>
          {verdict.mark} {verdict.word}
        </Badge>{' '}
        <span className="soft">
          at the {decision.stage} stage
          {decision.contracts > 0 ? `, ${decision.contracts} ${decision.contracts === 1 ? 'unit' : 'units'}` : ''}
          {decision.rank === null ? '' : `, rank ${decision.rank}`}
          {decision.score === null ? '' : `, score ${decimal(decision.score)}`}
          {view.repeats > 1 ? `, ${view.repeats} times in ${duration(view.lastAt - view.firstAt)}` : ''}
        </span>
      </p>
      {waits ? <Answer decision={decision} /> : null}
      <SecondOpinion view={view} waits={waits} />
      {counterfactual ? (
        <Section title="What it would have made">
          <p>
            <Amount cents={counterfactual.pnlCents} />{' '}
            <span className="soft">
              after {counterfactual.daysHeld} {counterfactual.daysHeld === 1 ? 'day' : 'days'}, {counterfactual.basis}
            </span>
          </p>
        </Section>
      ) : null}
      <Section title="Gates">
        <GateTable gates={decision.gates} />
      </Section>
      <Section title="Legs at the decision">
        <Legs view={view} />
      </Section>
      <Section title="Figures">
        <Figures view={view} />
      </Section>
      <Section title="Parameters">
        <dl className="facts">
          {Object.entries(decision.parameters).map(([name, value]) => (
            <Pair key={name} name={titleOf(name)} value={value === null ? 'off' : String(value)} />
          ))}
        </dl>
      </Section>
    </Drawer>
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

/** Approve or decline: each answer keeps its id until the engine has replied, so that a double press answers once. */
function Answer({ decision: { decisionId, contracts, metrics } }: Pick<DecisionView, 'decision'>) {
  const [ids, setIds] = useState(() => ({ approve: newCommandId(), decline: newCommandId() }));
  const [sending, setSending] = useState(false);
  async function answer(approve: boolean) {
    setSending(true);
    const commandId = approve ? ids.approve : ids.decline;
    const outcome = await act('proposal.answer', approve ? 'Approved' : 'Declined', { decisionId, approve }, commandId);
    if (outcome) setIds({ approve: newCommandId(), decline: newCommandId() });
    setSending(false);
  }
  return (
    <fieldset className="close-line" aria-label="Your answer">
      <Button tone="primary" disabled={sending} onClick={() => void answer(true)}>
        Approve
      </Button>
      <Button disabled={sending} onClick={() => void answer(false)}>
        Decline
      </Button>
      <span className={metrics.maxLossCents === null ? 'loss' : ''}>
        At most {metrics.maxLossCents === null ? 'without bound' : cash(metrics.maxLossCents * contracts)} lost on{' '}
        {contracts === 1 ? '1 unit' : `${contracts} units`}.
      </span>
      <span className="faint">Approval passes the gate again, with fresh quotes.</span>
    </fieldset>
  );
}

function Legs({ view }: { view: DecisionView }) {
  return (
    <table className="gates legs-table">
      <thead>
        <tr>
          <th scope="col">Ratio</th>
          <th scope="col">Leg</th>
          <th scope="col">Bid</th>
          <th scope="col">Ask</th>
          <th scope="col">IV</th>
          <th scope="col">Delta</th>
          <th scope="col">Age</th>
        </tr>
      </thead>
      <tbody>
        {view.decision.legs.map((leg) => (
          <tr key={leg.symbol}>
            <td>{leg.ratio > 0 ? `+${leg.ratio}` : `−${-leg.ratio}`}</td>
            <td>{contractName(leg.symbol)}</td>
            <td>{decimal(leg.bid)}</td>
            <td>{decimal(leg.ask)}</td>
            <td>{percent(leg.impliedVolatility)}</td>
            <td>{decimal(leg.delta)}</td>
            <td className="soft">{duration(Math.max(0, view.decision.at - leg.quoteAt))}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** Cash and greeks are those of the whole; where it is more than one unit, a unit's stand beside. */
function Figures({ view }: { view: DecisionView }) {
  const { metrics, contracts } = view.decision;
  const units = Math.max(1, contracts);
  const whole = (show: (times: number) => string) => (units === 1 ? show(1) : `${show(units)} (a unit ${show(1)})`);
  const bounded = (cents: number | null, times: number) => (cents === null ? 'unbounded' : cash(cents * times));
  return (
    <dl className="facts">
      <Pair name="Spot" value={decimal(metrics.spot)} />
      <Pair name="Days to expiration" value={String(metrics.daysToExpiration)} />
      <Pair name="Mid / natural" value={`${netPrice(metrics.midCredit)} / ${netPrice(metrics.naturalCredit)}`} />
      <Pair name="Max profit" value={whole((times) => bounded(metrics.maxProfitCents, times))} />
      <Pair name="Max loss" value={whole((times) => bounded(metrics.maxLossCents, times))} />
      <Pair name="Breakevens" value={metrics.breakevens.map(strikeText).join(' / ') || 'none'} />
      <Pair name={`POP (${wordsOf(metrics.forecastModel)})`} value={percent(metrics.probabilityOfProfit)} />
      <Pair name="Expected value after costs" value={whole((times) => signedCash(metrics.expectedValueCents * times))} />
      <Pair name="Short delta" value={decimal(metrics.shortDelta)} />
      <Pair name="IV rank" value={percent(metrics.ivRank, 0)} />
      <Pair name="Momentum / flow z" value={`${decimal(metrics.momentumZ)} / ${decimal(metrics.flowZ)}`} />
      <Pair name="Buying power effect" value={whole((times) => signedCash(metrics.buyingPowerEffectCents * times))} />
      <Pair name="Delta, shares" value={whole((times) => signed(metrics.deltaShares * times, 1))} />
      <Pair name="Theta a day" value={whole((times) => signedCash(metrics.thetaDollarsPerDay * 100 * times))} />
      <Pair name="Vega a point" value={whole((times) => signedCash(metrics.vegaDollarsPerPoint * 100 * times))} />
      <Pair name="Snapshot" value={String(view.decision.snapshotId)} />
    </dl>
  );
}
