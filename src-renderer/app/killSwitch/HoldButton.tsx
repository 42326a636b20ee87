import { useEffect, useRef, useState } from 'react';

interface HoldButtonProps {
  readonly title: string;
  readonly holdMs: number;
  readonly disabled: boolean;
  /** The press was taken note of: the hold counts from its answer on; null = it was refused. */
  readonly onBegin: () => Promise<string | null>;
  readonly onHeld: (nonce: string) => void;
}

/** Acts once when it has been pressed, by pointer or by Space or Enter, for the whole time; letting go early does nothing. */
export function HoldButton({ title, holdMs, disabled, onBegin, onHeld }: HoldButtonProps) {
  const [held, setHeld] = useState(0);
  /** The press that is on now, and since when its hold counts. */
  const press = useRef<{ nonce: string; since: number } | null>(null);
  const presses = useRef(0);
  const isDown = useRef(false);
  const frame = useRef(0);

  function stop() {
    cancelAnimationFrame(frame.current);
    isDown.current = false;
    press.current = null;
    presses.current += 1;
    setHeld(0);
  }

  function watch() {
    if (press.current === null) return;
    const { nonce, since } = press.current;
    const elapsed = performance.now() - since;
    setHeld(Math.min(1, holdMs === 0 ? 1 : elapsed / holdMs));
    if (elapsed < holdMs) {
      frame.current = requestAnimationFrame(watch);
      return;
    }
    press.current = null;
    onHeld(nonce);
  }

  function begin() {
    if (disabled || isDown.current) return;
    isDown.current = true;
    const mine = presses.current;
    void onBegin().then((nonce) => {
      // Let go before the answer: that press is over.
      if (nonce === null || presses.current !== mine) return;
      press.current = { nonce, since: performance.now() };
      watch();
    });
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
