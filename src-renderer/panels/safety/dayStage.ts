import type { SafetyView } from '#contract/safety';

export type Day = SafetyView['days'][number];

/** What moved the day's cash, in the order in which it is shown. */
export const CASH_LINES: readonly (readonly [keyof Day['cash'], string])[] = [
  ['fills', 'Our fills'],
  ['fees', 'Fees'],
  ['elsewhere', 'Fills of other hands'],
  ['clearing', 'Exercise, assignment, expiry'],
  ['activities', 'Dividends, interest, transfers'],
  ['corrections', 'Put right'],
];

/** Nothing was traded, cleared or paid: no settling follows on the next morning. */
export function isQuiet(day: Day): boolean {
  return day.stage === 'close' && day.feesBooked === 0 && CASH_LINES.every(([line]) => day.cash[line] === 0);
}

/** How far a day's books are, in words. */
export function stageOf(day: Day): string {
  if (day.stage === 'settled') return 'settled';
  return isQuiet(day) ? 'nothing to settle' : 'at the close';
}
