interface ProofFieldProps {
  readonly value: string;
  readonly onChange: (proof: string) => void;
  readonly autoFocus?: boolean;
}

/** The owner's token or a one-time code, typed anew: no browser may fill it in. */
export function ProofField({ value, onChange, autoFocus = false }: ProofFieldProps) {
  return (
    <label>
      <span>Owner’s token or one-time code</span>
      <input
        className="field"
        type="password"
        autoComplete="one-time-code"
        aria-label="Owner’s token or one-time code"
        maxLength={200}
        // biome-ignore lint/a11y/noAutofocus: a dialog that opened for this one field
        autoFocus={autoFocus}
        value={value}
        onChange={(event) => onChange(event.target.value)}
      />
    </label>
  );
}
