interface SegmentedProps<Value extends string> {
  readonly label: string;
  readonly options: readonly { readonly value: Value; readonly text: string; readonly hint?: string }[];
  readonly value: Value;
  readonly onChange: (value: Value) => void;
  readonly disabled?: boolean;
}

/** A few exclusive choices in one row. */
export function Segmented<Value extends string>({ label, options, value, onChange, disabled = false }: SegmentedProps<Value>) {
  return (
    <fieldset className="segmented" aria-label={label} disabled={disabled} style={{ margin: 0, padding: 0 }}>
      {options.map((option) => (
        <button
          key={option.value}
          type="button"
          aria-pressed={option.value === value}
          title={option.hint}
          onClick={() => onChange(option.value)}
        >
          {option.text}
        </button>
      ))}
    </fieldset>
  );
}
