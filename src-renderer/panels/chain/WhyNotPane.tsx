import { useEffect, useState } from 'react';
import type { WhyNotView } from '#contract/chain';
import { Badge } from '../../components/Badge.tsx';
import { Button } from '../../components/Button.tsx';
import { Drawer, Section } from '../../components/Drawer.tsx';
import { contractName } from '../../components/format/contracts.ts';
import { dayAndTime } from '../../components/format/instants.ts';
import { GateTable } from '../../components/GateTable.tsx';
import { Empty, Loading } from '../../components/Notices.tsx';
import { desk, settled } from '../../connection/current.ts';
import { askWhyNot } from '../../stores/chainView.ts';
import { showDecision } from '../../stores/workspace.ts';

type Answer = { readonly view: WhyNotView } | { readonly failure: string } | null;

/** 'Why not this contract?', strategy by strategy, with the numbers compared. */
export function WhyNotPane({ symbol }: { symbol: string }) {
  const [answer, setAnswer] = useState<Answer>(null);
  useEffect(() => {
    let current = true;
    setAnswer(null);
    void settled(desk.query('chain.whyNot', { symbol })).then((result) => {
      if (current) setAnswer(result.ok ? { view: result.answer } : { failure: result.failure.message });
    });
    return () => {
      current = false;
    };
  }, [symbol]);
  return (
    <Drawer
      title={`Why not ${contractName(symbol)}?`}
      subtitle={answer && 'view' in answer ? snapshotLine(answer.view) : undefined}
      onClose={() => askWhyNot(null)}
    >
      {answer === null ? <Loading what="the answer" /> : null}
      {answer && 'failure' in answer ? <Empty title="No answer">{answer.failure}</Empty> : null}
      {answer && 'view' in answer ? <Answers view={answer.view} /> : null}
    </Drawer>
  );
}

function snapshotLine(view: WhyNotView): string {
  return view.at === null ? 'No scan has looked at it yet' : `From the snapshot of ${dayAndTime(view.at)}`;
}

function Answers({ view }: { view: WhyNotView }) {
  if (view.strategies.length === 0)
    return <Empty title="No strategy looked at it">Every strategy is off, or none trades this kind.</Empty>;
  return view.strategies.map((strategy) => {
    const failed = strategy.gates.filter((gate) => !gate.passed).length;
    const { lastDecisionId } = strategy;
    return (
      <Section
        key={strategy.strategyId}
        title={strategy.title}
        aside={
          <Badge tone={failed > 0 ? 'bad' : 'good'}>
            {failed > 0 ? `${failed} of ${strategy.gates.length} fail` : 'all pass'}
          </Badge>
        }
      >
        <p className="soft">{strategy.summary}</p>
        {strategy.gates.length > 0 ? <GateTable gates={strategy.gates} /> : null}
        {lastDecisionId ? (
          <Button small onClick={() => showDecision(lastDecisionId)}>
            Last decision
          </Button>
        ) : null}
      </Section>
    );
  });
}
