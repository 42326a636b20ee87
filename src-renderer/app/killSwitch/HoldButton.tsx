import { useEffect, useRef, useState } from 'react';

interface HoldButtonProps {
  readonly title: string;
  readonly holdMs: number;
  readonly disabled: boolean;
  readonly onHeld: (heldMs: number) => void;
}

/** Acts once when it has been pressed, by pointer or by Space or Enter, for the whole time; letting go early does nothing. */
export function HoldButton({ title, holdMs, disabled, onHeld }: HoldButtonProps) {
  const [held, setHeld] = useState(0);
  const startedAt = useRef<number | null>(null);
  const frame = useRef(0);

  function stop() {
    cancelAnimationFrame(frame.current);
    startedAt.current = null;
    setHeld(0);
  }

  function watch() {
    if (startedAt.current === null) return;
    const elapsed = performance.now() - startedAt.current;
    setHeld(Math.min(1, holdMs === 0 ? 1 : elapsed / holdMs));
    if (elapsed < holdMs) {
      frame.current = requestAnimationFrame(watch);
      return;
    }
    startedAt.current = null;
    onHeld(Math.round(elapsed));
  }

  function begin() {
    if (disabled || startedAt.current !== null) return;
    startedAt.current = performance.now();
    watch();
  }

  useEffect(() => () => cancelAnimationFrame(frame.current), []);

  return (
    <button
      type="button"
      className="hold-button"
      disabled={disabled}
      onPointerDown={begin}
      onPointerUp={stop}
      onPointerLeave={stop}
      onKeyDown={(event) => {
        if (!event.repeat && (event.key === ' ' || event.key === 'Enter')) begin();
      }}
      onKeyUp={stop}
      onBlur={stop}
    >
      <span className="hold-fill" style={{ width: `${held * 100}%` }} aria-hidden="true" />
      <span className="hold-title">{title}</span>
    </button>
  );
}
