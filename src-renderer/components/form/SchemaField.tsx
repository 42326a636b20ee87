import { useId } from 'react';
import { titleOf } from '../format/words.ts';
import { rangeOf } from './fieldText.ts';
import type { FormField } from './schema.ts';

interface SchemaFieldProps {
  readonly field: FormField;
  readonly text: string;
  readonly isChanged: boolean;
  readonly problem: string | null;
  /** Why it cannot be changed here, if so. */
  readonly lock: string | null;
  /** Which way is tighter, in words; empty where it does not matter. */
  readonly tighter?: string;
  readonly onChange: (text: string) => void;
  readonly onUndo: () => void;
}

/** One setting: name, control, unit, range, description, and what is wrong with what was typed. */
export function SchemaField({ field, text, isChanged, problem, lock, tighter = '', onChange, onUndo }: SchemaFieldProps) {
  const id = useId();
  const range = rangeOf(field);
  const initial =
    field.initial === undefined
      ? ''
      : `default ${Array.isArray(field.initial) ? field.initial.join(', ') || 'empty' : String(field.initial)}`;
  const isLong = field.shape.kind === 'list';
  return (
    <div className={isChanged ? 'setting setting-changed' : 'setting'} id={`setting-${field.path}`}>
      <label htmlFor={id} className="setting-name">
        {titleOf(field.name)}
        {isChanged ? <span className="setting-mark"> changed</span> : null}
      </label>
      <div className={isLong ? 'setting-control setting-control-long' : 'setting-control'}>
        <Control id={id} field={field} text={text} invalid={problem !== null} disabled={lock !== null} onChange={onChange} />
        <span className="faint setting-unit">{field.unit}</span>
        {isChanged ? (
          <button type="button" className="icon-button" aria-label={`Undo ${titleOf(field.name)}`} onClick={onUndo}>
            ↶
          </button>
        ) : null}
      </div>
      <p className="setting-about soft">
        {field.description}
        <span className="faint">{[range, initial].filter(Boolean).map((part) => ` · ${part}`)}</span>
      </p>
      {tighter === '' ? null : <p className="setting-about soft">⇥ {tighter}</p>}
      {problem ? (
        <p className="setting-problem loss" role="alert">
          ✕ {problem}
        </p>
      ) : null}
      {lock ? <p className="setting-problem warn">{lock}</p> : null}
    </div>
  );
}

interface ControlProps {
  readonly id: string;
  readonly field: FormField;
  readonly text: string;
  readonly invalid: boolean;
  readonly disabled: boolean;
  readonly onChange: (text: string) => void;
}

function Control({ id, field, text, invalid, disabled, onChange }: ControlProps) {
  const { shape } = field;
  if (shape.kind === 'flag') {
    return (
      <input
        id={id}
        type="checkbox"
        checked={text === 'true'}
        disabled={disabled}
        onChange={(event) => onChange(String(event.target.checked))}
      />
    );
  }
  if (shape.kind === 'choice') {
    return (
      <select id={id} className="field" value={text} disabled={disabled} onChange={(event) => onChange(event.target.value)}>
        {shape.options.map((option) => (
          <option key={option} value={option}>
            {option}
          </option>
        ))}
      </select>
    );
  }
  return (
    <input
      id={id}
      className="field"
      inputMode={shape.kind === 'number' ? 'decimal' : 'text'}
      aria-invalid={invalid}
      placeholder={field.nullable ? 'off' : ''}
      value={text}
      disabled={disabled || shape.kind === 'data'}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}
