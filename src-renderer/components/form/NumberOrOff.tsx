import { useEffect, useState } from 'react';

interface NumberOrOffProps {
  readonly label: string;
  readonly unit: string;
  readonly min: number;
  readonly max: number;
  readonly step: number;
  /** Value taken when the rule is switched on. */
  readonly whenOn: number;
  readonly value: number | null;
  readonly onChange: (value: number | null) => void;
}

/** A rule's number with a switch: off is null. Typed text counts only inside the range. */
export function NumberOrOff({ label, unit, min, max, step, whenOn, value, onChange }: NumberOrOffProps) {
  const [text, setText] = useState(String(value ?? whenOn));
  useEffect(() => {
    if (value !== null) setText(String(value));
  }, [value]);
  const typed = Number(text);
  const isBad = text.trim() === '' || !Number.isFinite(typed) || typed < min || typed > max;
  return (
    <div className="number-or-off">
      <label className="switch-line">
        <input type="checkbox" checked={value !== null} onChange={(event) => onChange(event.target.checked ? whenOn : null)} />
        <span>{label}</span>
      </label>
      <input
        className="field"
        type="number"
        aria-label={`${label}, ${unit}`}
        aria-invalid={isBad}
        min={min}
        max={max}
        step={step}
        disabled={value === null}
        value={text}
        onChange={(event) => {
          setText(event.target.value);
          const next = Number(event.target.value);
          if (event.target.value.trim() !== '' && next >= min && next <= max) onChange(next);
        }}
      />
      <span className="faint">{value === null ? 'off' : unit}</span>
    </div>
  );
}
