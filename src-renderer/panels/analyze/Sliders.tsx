import type { IsoDate } from '#domain/units';
import { Button } from '../../components/Button.tsx';
import { civilDay } from '../../components/format/instants.ts';
import { decimal, signedPercent } from '../../components/format/money.ts';
import type { Bend } from './analysis.ts';
import { addDays } from './days.ts';

interface SlidersProps {
  readonly bend: Bend;
  /** Price of the one underlying; null when several move together. */
  readonly spot: number | null;
  readonly today: IsoDate;
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
export function Sliders({ bend, spot, today, mostDays, onChange }: SlidersProps) {
  const days = Math.min(bend.days, mostDays);
  return (
    <div className="sliders">
      <Slider
        label="Spot"
        value={bend.spotMove}
        min={-0.25}
        max={0.25}
        step={0.005}
        text={`${bend.spotMove === 0 ? 'as it is' : signedPercent(bend.spotMove)}${spot === null ? '' : ` (${decimal(spot * (1 + bend.spotMove))})`}`}
        onChange={(spotMove) => onChange({ ...bend, spotMove })}
      />
      <Slider
        label="Volatility"
        value={bend.volatilityMove}
        min={-0.6}
        max={1.5}
        step={0.05}
        text={bend.volatilityMove === 0 ? "each leg's own" : `${decimal(1 + bend.volatilityMove)} × each leg's own`}
        onChange={(volatilityMove) => onChange({ ...bend, volatilityMove })}
      />
      <Slider
        label="Days"
        value={days}
        min={0}
        max={Math.max(1, mostDays)}
        step={1}
        text={days === 0 ? `now, ${mostDays} d left` : `${civilDay(addDays(today, days))}, in ${days} d of ${mostDays}`}
        onChange={(days) => onChange({ ...bend, days })}
      />
      <Button small onClick={() => onChange(AS_IT_IS)} disabled={JSON.stringify(bend) === JSON.stringify(AS_IT_IS)}>
        As it is
      </Button>
    </div>
  );
}
