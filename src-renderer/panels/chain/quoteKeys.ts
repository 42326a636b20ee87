import type { KeyboardEvent } from 'react';

const STEPS: Readonly<Record<string, readonly [rows: number, columns: number]>> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
};

/** Arrow keys move the focus over the quotes: up and down the strikes, left and right between bids and asks of both sides. */
export function moveAmongQuotes(event: KeyboardEvent<HTMLElement>): void {
  const step = STEPS[event.key];
  if (!step || !(event.target instanceof HTMLElement) || !event.target.classList.contains('quote-button')) return;
  const [rows, columns] = step;
  const row = event.target.closest('tr');
  const lines = [...event.currentTarget.querySelectorAll('.strike-row')];
  const from = row ? lines.indexOf(row) : -1;
  const place = [...(row?.querySelectorAll<HTMLElement>('.quote-button') ?? [])].indexOf(event.target);
  const target = lines[from + rows]?.querySelectorAll<HTMLElement>('.quote-button')[place + columns];
  if (!target) return;
  event.preventDefault();
  target.focus();
}
