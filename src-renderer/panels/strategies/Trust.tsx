import { useState } from 'react';
import type { RungName, StrategyView } from '#contract/strategies';
import { Badge } from '../../components/Badge.tsx';
import { Button } from '../../components/Button.tsx';
import { Section } from '../../components/Drawer.tsx';
import { dayAndTime } from '../../components/format/instants.ts';
import { gateTitle, pairInUnit } from '../../components/format/words.ts';
import { GateTable } from '../../components/GateTable.tsx';
import { act } from '../../stores/act.ts';

const RUNGS: readonly RungName[] = ['observe', 'propose', 'autoSmall', 'autoFull'];
const WORDS: Readonly<Record<RungName, string>> = {
  observe: 'observes',
  propose: 'proposes, you approve',
  autoSmall: 'trades small',
  autoFull: 'trades by itself',
};

/** One line of a card: the rung, and what is missing for the next one. */
export function TrustLine({ trust }: { trust: StrategyView['trust'] }) {
  const missing = trust.next?.gates.filter((gate) => !gate.passed) ?? [];
  return (
    <p className="trust-line">
      <Badge tone={trust.rung === 'autoFull' ? 'good' : 'plain'} title={trust.reason}>
        Trusted: {WORDS[trust.rung]}
      </Badge>
      {trust.next ? (
        <span className="soft">
          {missing.length === 0
            ? `Has earned the next rung (${WORDS[trust.next.rung]}); your hand decides.`
            : `For “${WORDS[trust.next.rung]}”: ${missing
                .map((gate) => `${gateTitle(gate.gate)} ${pairInUnit(gate.value, gate.limit, gate.unit).join(' of ')}`)
                .join(' · ')}`}
        </span>
      ) : null}
    </p>
  );
}

/** The ladder of one strategy: where it stands, the evidence for the next rung, and the owner's hand. */
export function TrustSection({ strategy }: { strategy: StrategyView }) {
  const { strategyId, title, trust } = strategy;
  const [reason, setReason] = useState('');
  const below = RUNGS[RUNGS.indexOf(trust.rung) - 1];
  const isEarned = trust.next?.gates.every((gate) => gate.passed) ?? false;

  async function move(rung: RungName) {
    const outcome = await act('strategy.setTrust', `${title}: ${WORDS[rung]}`, { strategyId, rung, reason: reason.trim() });
    if (outcome?.kind === 'done') setReason('');
  }

  return (
    <Section title="Trust">
      <p>
        With this account, {title} {WORDS[trust.rung]}
        {trust.since === null ? '' : `, since ${dayAndTime(trust.since)}`}
        {trust.reason === '' ? '.' : `: ${trust.reason} (${trust.by}).`}
      </p>
      <p className="faint">A rung belongs to its account: what paper earned is no trust with real money.</p>
      {trust.next ? (
        <>
          <p className="soft">Before it {WORDS[trust.next.rung]}:</p>
          <GateTable gates={trust.next.gates} />
        </>
      ) : null}
      <label className="labelled">
        <span className="faint">Reason for a change</span>
        <input
          className="field"
          aria-label="Reason for the change of trust"
          maxLength={500}
          value={reason}
          onChange={(event) => setReason(event.target.value)}
        />
      </label>
      <div className="trust-acts">
        {below ? (
          <Button small disabled={reason.trim() === ''} onClick={() => void move(below)}>
            Step down: {WORDS[below]}
          </Button>
        ) : null}
        {trust.next ? (
          <Button
            small
            tone="primary"
            disabled={!isEarned || reason.trim() === ''}
            title={isEarned ? '' : 'The evidence is not there yet'}
            onClick={() => trust.next && void move(trust.next.rung)}
          >
            Step up: {WORDS[trust.next.rung]}
          </Button>
        ) : null}
      </div>
    </Section>
  );
}
