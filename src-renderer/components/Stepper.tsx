import { useEffect, useId, useState } from 'react';
import { type Bounds, boundedNumberIn } from './form/numberText.ts';

interface StepperProps {
  readonly label: string;
  /** null shows an empty field: there is no number yet. */
  readonly value: number | null;
  readonly step: number;
  readonly min: number;
  readonly max: number;
  readonly digits?: number;
  readonly onChange: (value: number) => void;
  /** What stands in the field is no number that counts: whatever would use it waits. Must be the same function at every render. */
  readonly onBad: (isBad: boolean) => void;
  readonly disabled?: boolean;
}

/**
 * A number with one-tick steps by button, arrow key or typing. What is typed counts with every key, so that no press beside it
 * goes by an older number; what cannot be read stays, marked, until it is corrected. Nothing from outside writes over a field
 * that the owner is in.
 */
export function Stepper({ label, value, step, min, max, digits = 0, onChange, onBad, disabled = false }: StepperProps) {
  const problemId = useId();
  const [draft, setDraft] = useState<string | null>(null);
  const [must, setMust] = useState<string | null>(null);
  const [isFocused, setFocused] = useState(false);
  const shown = value === null ? '' : value.toFixed(digits);
  const bounds: Bounds = { min, max, digits };
  useEffect(() => () => onBad(false), [onBad]);

  function judge(problem: string | null) {
    setMust(problem);
    onBad(problem !== null);
  }

  function type(text: string) {
    setDraft(text);
    const read = boundedNumberIn(text, bounds);
    judge('must' in read ? read.must : null);
    // A typed number counts though the field showed the same: what follows the market stands still from here on.
    if ('value' in read) onChange(read.value);
  }

  function move(by: number) {
    // From what stands in the field, which may be older than the value.
    const read = draft === null ? null : boundedNumberIn(draft, bounds);
    const from = read !== null && 'value' in read ? read.value : (value ?? 0);
    const next = Math.min(max, Math.max(min, Math.round((from + by * step) / step) * step)).toFixed(digits);
    setDraft(isFocused ? next : null);
    judge(null);
    onChange(Number(next));
  }

  function leave() {
    setFocused(false);
    if (must === null) setDraft(null);
  }

  // A minus alone is the beginning of a number: no word about it while it is being typed.
  const isBegun = isFocused && /^\s*[-−]?[.,]?\s*$/.test(draft ?? '');
  return (
    <span className="stepper-whole">
      <span className="stepper">
        <button
          type="button"
          className="button"
          aria-label={`${label} down`}
          disabled={disabled || (value !== null && value <= min)}
          onClick={() => move(-1)}
        >
          −
        </button>
        <input
          className="field"
          aria-label={label}
          aria-invalid={must !== null}
          aria-describedby={must === null ? undefined : problemId}
          inputMode="decimal"
          value={draft ?? shown}
          disabled={disabled}
          onChange={(event) => type(event.target.value)}
          onFocus={() => {
            setFocused(true);
            setDraft((before) => before ?? shown);
          }}
          onBlur={leave}
          onKeyDown={(event) => {
            if (event.key !== 'ArrowUp' && event.key !== 'ArrowDown') return;
            event.preventDefault();
            move(event.key === 'ArrowUp' ? 1 : -1);
          }}
        />
        <button
          type="button"
          className="button"
          aria-label={`${label} up`}
          disabled={disabled || (value !== null && value >= max)}
          onClick={() => move(1)}
        >
          +
        </button>
      </span>
      {must === null || isBegun ? null : (
        <span id={problemId} className="stepper-problem loss" role="alert">
          ✕ {must}
        </span>
      )}
    </span>
  );
}
