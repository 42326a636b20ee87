import { useState } from 'react';
import type { PositionView } from '#contract/positions';
import { Button } from '../../components/Button.tsx';
import { netPrice } from '../../components/format/money.ts';
import { Stepper } from '../../components/Stepper.tsx';
import { newCommandId } from '../../connection/current.ts';
import { act } from '../../stores/act.ts';

type Act = 'close' | 'roll' | null;

/** Close or reduce by units, at the engine's ladder or at the owner's own limit; or roll. Each is pressed, then confirmed. */
export function CloseForm({ view }: { view: PositionView }) {
  const { position } = view;
  const [units, setUnits] = useState(position.units);
  const [limit, setLimit] = useState<number | null>(null);
  const [asked, setAsked] = useState<Act>(null);
  const [commandId, setCommandId] = useState(newCommandId);
  const [sending, setSending] = useState(false);
  const most = Math.max(1, position.units);
  const chosen = Math.min(units, most);
  const isPart = chosen < position.units;
  const isBusy = position.status !== 'open' || view.workingOrder !== null;

  function ask(next: Act) {
    setAsked(next);
    setCommandId(newCommandId());
  }

  async function confirm() {
    setSending(true);
    const { positionId } = position;
    const outcome =
      asked === 'roll'
        ? await act('position.roll', 'Roll', { positionId }, commandId)
        : await act(
            'position.close',
            isPart ? 'Reduce' : 'Close',
            { positionId, contracts: isPart ? chosen : null, netLimit: limit },
            commandId,
          );
    setSending(false);
    if (outcome) setAsked(null);
  }

  const price = limit === null ? 'worked by the exit ladder' : `at ${netPrice(limit)}`;
  const sentence =
    asked === 'roll' ? 'Roll out for a credit' : `${isPart ? `Reduce by ${chosen}` : `Close all ${position.units}`}, ${price}`;
  return (
    <div className="close-form">
      <div className="close-line">
        <div className="labelled">
          <span className="faint">Units</span>
          <Stepper label="Units to close" value={chosen} step={1} min={1} max={most} onChange={setUnits} />
        </div>
        <div className="labelled">
          <span className="faint">Net limit</span>
          {!view.takesOwnLimit ? (
            <span className="faint">No limit of your own: closed in steps, each by the engine’s ladder</span>
          ) : limit === null ? (
            <Button onClick={() => setLimit(view.mid ?? 0)} title="Set a limit of your own">
              Engine’s ladder
            </Button>
          ) : (
            <Stepper
              label="Closing net limit"
              value={limit}
              step={0.01}
              digits={2}
              min={-10_000}
              max={10_000}
              onChange={setLimit}
            />
          )}
        </div>
        {limit !== null ? (
          <Button small tone="quiet" onClick={() => setLimit(null)}>
            Use the ladder
          </Button>
        ) : null}
      </div>
      {asked === null ? (
        <div className="close-line">
          <Button tone="primary" onClick={() => ask('close')}>
            {isPart ? `Reduce by ${chosen}` : 'Close'}
          </Button>
          <Button onClick={() => ask('roll')}>Roll</Button>
          {isBusy ? <span className="warn">An order of this position is working.</span> : null}
        </div>
      ) : (
        <fieldset className="close-line" aria-label="Confirm">
          <Button tone="danger" disabled={sending} onClick={() => void confirm()}>
            {sending ? 'Sending …' : `Confirm: ${sentence}`}
          </Button>
          <Button tone="quiet" onClick={() => setAsked(null)}>
            Back
          </Button>
        </fieldset>
      )}
    </div>
  );
}
