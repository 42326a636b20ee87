import { directionOf, signed, signedCash, signedPercent } from './format/money.ts';

const ARROW = { up: '▲', down: '▼', flat: '' } as const;
const TONE = { up: 'gain', down: 'loss', flat: '' } as const;

/** A gain or loss: sign, arrow and colour together, so that no one of them is needed. */
export function Amount({
  cents,
  digits = 2,
  arrow = true,
}: {
  cents: number | null | undefined;
  digits?: number;
  arrow?: boolean;
}) {
  const direction = directionOf(cents);
  return (
    <span className={TONE[direction]}>
      {arrow && direction !== 'flat' ? <small aria-hidden="true">{ARROW[direction]} </small> : null}
      {signedCash(cents, digits)}
    </span>
  );
}

/** A signed fraction as a percentage, with the same three signals. */
export function Change({ fraction }: { fraction: number | null | undefined }) {
  const direction = directionOf(fraction);
  return <span className={TONE[direction]}>{signedPercent(fraction, 2)}</span>;
}

/** A signed plain number (greeks), neutral in colour. */
export function SignedNumber({ value, digits = 1 }: { value: number | null | undefined; digits?: number }) {
  return <span>{signed(value, digits)}</span>;
}
