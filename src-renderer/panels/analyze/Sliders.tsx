import { Button } from '../../components/Button.tsx';
import { decimal, signedPercent } from '../../components/format/money.ts';
import type { Bend } from './analysis.ts';

interface SlidersProps {
  readonly bend: Bend;
  readonly spot: number;
  readonly mostDays: number;
  readonly onChange: (bend: Bend) => void;
}

export const AS_IT_IS: Bend = { spotMove: 0, volatilityMove: 0, days: 0 };

function Slider(props: {
  label: string;
  value: number;
  min: number;
  max: number;
  step: number;
  text: string;
  onChange: (value: number) => void;
}) {
  return (
    <label className="slider">
      <span className="faint">{props.label}</span>
      <input
        type="range"
        aria-label={props.label}
        min={props.min}
        max={props.max}
        step={props.step}
        value={props.value}
        onChange={(event) => props.onChange(Number(event.target.value))}
      />
      <strong>{props.text}</strong>
    </label>
  );
}

/** Spot, volatility and days: how the world is bent for the dashed curve and the tables. */
export function Sliders({ bend, spot, mostDays, onChange }: SlidersProps) {
  return (
    <div className="sliders">
      <Slider
        label="Spot"
        value={bend.spotMove}
        min={-0.25}
        max={0.25}
        step={0.005}
        text={`${signedPercent(bend.spotMove)} (${decimal(spot * (1 + bend.spotMove))})`}
        onChange={(spotMove) => onChange({ ...bend, spotMove })}
      />
      <Slider
        label="Volatility"
        value={bend.volatilityMove}
        min={-0.6}
        max={1.5}
        step={0.05}
        text={`${signedPercent(bend.volatilityMove, 0)} of itself`}
        onChange={(volatilityMove) => onChange({ ...bend, volatilityMove })}
      />
      <Slider
        label="Days"
        value={Math.min(bend.days, mostDays)}
        min={0}
        max={Math.max(1, mostDays)}
        step={1}
        text={`in ${bend.days} of ${mostDays} d`}
        onChange={(days) => onChange({ ...bend, days })}
      />
      <Button small onClick={() => onChange(AS_IT_IS)} disabled={JSON.stringify(bend) === JSON.stringify(AS_IT_IS)}>
        As it is
      </Button>
    </div>
  );
}
