import { useEffect, useState } from 'react';

interface StepperProps {
  readonly label: string;
  readonly value: number;
  readonly step: number;
  readonly min: number;
  readonly max: number;
  readonly digits?: number;
  readonly onChange: (value: number) => void;
  readonly disabled?: boolean;
}

/** A number with one-tick steps by button, arrow key or typing. Typed text counts when it is a number inside the range. */
export function Stepper({ label, value, step, min, max, digits = 0, onChange, disabled = false }: StepperProps) {
  const [text, setText] = useState(value.toFixed(digits));
  useEffect(() => setText(value.toFixed(digits)), [value, digits]);

  function move(by: number) {
    const next = Math.min(max, Math.max(min, Math.round((value + by * step) / step) * step));
    onChange(Number(next.toFixed(digits)));
  }

  function accept() {
    const typed = Number(text.replace('−', '-'));
    if (text.trim() !== '' && Number.isFinite(typed) && typed >= min && typed <= max) onChange(Number(typed.toFixed(digits)));
    else setText(value.toFixed(digits));
  }

  return (
    <span className="stepper">
      <button
        type="button"
        className="button"
        aria-label={`${label} down`}
        disabled={disabled || value <= min}
        onClick={() => move(-1)}
      >
        −
      </button>
      <input
        className="field"
        aria-label={label}
        inputMode="decimal"
        value={text}
        disabled={disabled}
        onChange={(event) => setText(event.target.value)}
        onBlur={accept}
        onKeyDown={(event) => {
          if (event.key === 'Enter') accept();
          if (event.key !== 'ArrowUp' && event.key !== 'ArrowDown') return;
          event.preventDefault();
          move(event.key === 'ArrowUp' ? 1 : -1);
        }}
      />
      <button
        type="button"
        className="button"
        aria-label={`${label} up`}
        disabled={disabled || value >= max}
        onClick={() => move(1)}
      >
        +
      </button>
    </span>
  );
}
