import { useEffect, useState } from 'react';
import type { PositionView } from '#contract/positions';
import { roundToTick } from '#domain/market/instrument';
import { Button } from '../../components/Button.tsx';
import { netPrice } from '../../components/format/money.ts';
import { Stepper } from '../../components/Stepper.tsx';
import { lostOf, type PositionAct, sendPositionAct, useLostActs } from '../../stores/positionActs.ts';

/** Step of a limit of the owner's own, dollars a share. */
const TICK = 0.01;

/** 'ladder' leaves the price to the engine; null is a limit of the owner's own that has no number yet. */
type Limit = 'ladder' | number | null;

/** Close or reduce by units, at the engine's ladder or at the owner's own limit; or roll. Each is pressed, then confirmed. */
export function CloseForm({ view }: { view: PositionView }) {
  const { position } = view;
  const { positionId } = position;
  const [units, setUnits] = useState(position.units);
  const [limit, setLimit] = useState<Limit>('ladder');
  const [asked, setAsked] = useState<{ readonly what: PositionAct; readonly sentence: string } | null>(null);
  const [sending, setSending] = useState(false);
  const [hasBadUnits, setBadUnits] = useState(false);
  const [hasBadLimit, setBadLimit] = useState(false);
  const lost = useLostActs();
  const most = Math.max(1, position.units);
  const chosen = Math.min(units, most);
  const isPart = chosen < position.units;
  const isBusy = position.status !== 'open' || view.workingOrder !== null;
  const isToCorrect = hasBadUnits || hasBadLimit || limit === null;
  // biome-ignore lint/correctness/useExhaustiveDependencies: whatever changes what would be sent is asked for anew
  useEffect(() => setAsked(null), [positionId, chosen, position.units, limit, isToCorrect]);

  function ask(kind: PositionAct['kind']) {
    if (kind === 'roll') return setAsked({ what: { kind, positionId, held: position.units }, sentence: 'Roll out for a credit' });
    if (limit === null) return;
    const price = limit === 'ladder' ? 'worked by the exit ladder' : `at ${netPrice(limit)}`;
    setAsked({
      what: {
        kind,
        positionId,
        held: position.units,
        contracts: isPart ? chosen : null,
        netLimit: limit === 'ladder' ? null : limit,
      },
      sentence: `${isPart ? `Reduce by ${chosen}` : `Close all ${position.units}`}, ${price}`,
    });
  }

  async function confirm() {
    if (asked === null) return;
    setSending(true);
    const outcome = await sendPositionAct(asked.what, asked.sentence);
    setSending(false);
    if (outcome) setAsked(null);
  }

  return (
    <div className="close-form">
      <div className="close-line close-line-fields">
        <div className="labelled">
          <span className="faint">Units</span>
          <Stepper
            label="Units to close"
            value={chosen}
            step={1}
            min={1}
            max={most}
            onChange={setUnits}
            onBad={setBadUnits}
            disabled={sending}
          />
        </div>
        <div className="labelled">
          <span className="faint">Net limit</span>
          {!view.takesOwnLimit ? (
            <span className="faint">No limit of your own: closed in steps, each by the engine’s ladder</span>
          ) : limit === 'ladder' ? (
            <Button
              onClick={() => setLimit(view.mid === null ? null : roundToTick(view.mid, TICK))}
              title="Set a limit of your own"
            >
              Engine’s ladder
            </Button>
          ) : (
            <Stepper
              label="Closing net limit"
              value={limit}
              step={TICK}
              digits={2}
              min={-10_000}
              max={10_000}
              onChange={setLimit}
              onBad={setBadLimit}
              disabled={sending}
            />
          )}
        </div>
        {limit !== 'ladder' ? (
          <div className="labelled">
            <span aria-hidden="true">&nbsp;</span>
            <Button small tone="quiet" disabled={sending} onClick={() => setLimit('ladder')}>
              Use the ladder
            </Button>
          </div>
        ) : null}
      </div>
      {(sending ? [] : lostOf(lost, positionId)).map(({ words, held }) => (
        <p key={`${words} of ${held}`} className="outcome outcome-refused" role="alert">
          “{words}”: no answer, it may have acted. Look at Orders first;{' '}
          {held === position.units
            ? 'pressing again as it is acts at most once.'
            : `${held} were held then, ${position.units} are now: pressing again is a new order.`}
        </p>
      ))}
      {asked === null ? (
        <div className="close-line">
          <Button tone="primary" disabled={isToCorrect} onClick={() => ask('close')}>
            {isPart ? `Reduce by ${chosen}` : 'Close'}
          </Button>
          <Button onClick={() => ask('roll')}>Roll</Button>
          {isBusy ? <span className="warn">An order of this position is working.</span> : null}
        </div>
      ) : (
        <fieldset className="close-line" aria-label="Confirm">
          <Button tone="danger" disabled={sending} onClick={() => void confirm()}>
            {sending ? 'Sending …' : `Confirm: ${asked.sentence}`}
          </Button>
          <Button tone="quiet" disabled={sending} onClick={() => setAsked(null)}>
            Back
          </Button>
        </fieldset>
      )}
    </div>
  );
}
