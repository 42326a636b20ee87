import { useState } from 'react';
import type { ExitPlan, Position } from '#domain/portfolio/position';
import { Button } from '../../components/Button.tsx';
import { NumberOrOff } from '../../components/form/NumberOrOff.tsx';
import { act } from '../../stores/act.ts';

const DEFAULTS = {
  trailing: { activateAt: 0.35, giveBack: 0.2 },
  roll: { whenShortDeltaAbove: 0.35, atDaysToExpiration: 21, minCredit: 0.05, maxRolls: 2 },
  scaleOut: [
    { atProfitFraction: 0.25, closeFraction: 0.25 },
    { atProfitFraction: 0.5, closeFraction: 0.5 },
    { atProfitFraction: 0.75, closeFraction: 1 },
  ],
} as const;

function Switch({ label, on, onChange }: { label: string; on: boolean; onChange: (on: boolean) => void }) {
  return (
    <label className="switch-line">
      <input type="checkbox" checked={on} onChange={(event) => onChange(event.target.checked)} />
      <span>{label}</span>
    </label>
  );
}

/** When this one position is left. Unset rules are off; the strategy's own plan was the start. */
export function ExitPlanForm({ position }: { position: Position }) {
  const [plan, setPlan] = useState<ExitPlan>(position.exitPlan);
  const change = (part: Partial<ExitPlan>) => setPlan({ ...plan, ...part });
  const isChanged = JSON.stringify(plan) !== JSON.stringify(position.exitPlan);
  return (
    <form
      className="exit-plan"
      onSubmit={(event) => {
        event.preventDefault();
        void act('position.setExitPlan', 'Exit plan', {
          positionId: position.positionId,
          exitPlan: { ...plan, scaleOut: [...plan.scaleOut] },
        });
      }}
    >
      <NumberOrOff
        label="Take profit"
        unit="fraction of maximum profit"
        min={0.05}
        max={1}
        step={0.05}
        whenOn={0.5}
        value={plan.takeProfitFraction}
        onChange={(takeProfitFraction) => change({ takeProfitFraction })}
      />
      <NumberOrOff
        label="Stop loss"
        unit="times the credit"
        min={0.1}
        max={10}
        step={0.1}
        whenOn={2}
        value={plan.stopLossMultiple}
        onChange={(stopLossMultiple) => change({ stopLossMultiple })}
      />
      <NumberOrOff
        label="Time stop"
        unit="days to expiration"
        min={0}
        max={365}
        step={1}
        whenOn={21}
        value={plan.timeStopDays}
        onChange={(timeStopDays) => change({ timeStopDays })}
      />
      <Switch
        label={
          plan.trailing
            ? `Trailing: from ${plan.trailing.activateAt} of maximum profit, gives back ${plan.trailing.giveBack}`
            : 'Trailing stop'
        }
        on={plan.trailing !== null}
        onChange={(on) => change({ trailing: on ? (position.exitPlan.trailing ?? DEFAULTS.trailing) : null })}
      />
      <Switch
        label={
          plan.roll
            ? `Roll above short delta ${plan.roll.whenShortDeltaAbove} or at ${plan.roll.atDaysToExpiration} d, for a credit`
            : 'Roll for a credit'
        }
        on={plan.roll !== null}
        onChange={(on) => change({ roll: on ? (position.exitPlan.roll ?? DEFAULTS.roll) : null })}
      />
      <Switch
        label={
          plan.scaleOut.length > 0
            ? `Scale out at ${plan.scaleOut.map((level) => level.atProfitFraction).join(' / ')} of maximum profit`
            : 'Scale out'
        }
        on={plan.scaleOut.length > 0}
        onChange={(on) =>
          change({ scaleOut: on ? (position.exitPlan.scaleOut.length > 0 ? position.exitPlan.scaleOut : DEFAULTS.scaleOut) : [] })
        }
      />
      <Switch
        label="Take assignment instead of closing on expiration day"
        on={plan.takeAssignment}
        onChange={(takeAssignment) => change({ takeAssignment })}
      />
      <div className="close-line">
        <Button type="submit" tone="primary" disabled={!isChanged}>
          Save exit plan
        </Button>
        {isChanged ? (
          <Button tone="quiet" onClick={() => setPlan(position.exitPlan)}>
            Undo
          </Button>
        ) : null}
      </div>
    </form>
  );
}
