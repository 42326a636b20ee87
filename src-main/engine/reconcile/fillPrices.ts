import { civilDate } from '#domain/market/calendar';
import type { Difference } from '#ports/facts';
import type { FillGap } from '../state/cashBook.ts';
import type { Turn } from '../turn.ts';
import { dollars } from './cash.ts';

/**
 * Symbols in which both sides traded the same contracts for another amount: the broker's price stands. Where none of them was ours
 * another hand bought and sold again between two looks. A round trip of ours that its record does not tell in full yet is waited for.
 */
export function bookFillPrices(turn: Turn): readonly Difference[] {
  const gaps = [...(turn.state.cashBook?.fillGaps ?? [])].filter(([, gap]) => gap.contracts === 0 && !isUntold(gap));
  return gaps.map(([symbol, gap]) => {
    const classification = gap.ours === 0 ? 'tradedElsewhere' : 'priceDiffers';
    turn.emit({
      kind: 'CashBooked',
      amount: gap.cash,
      classification,
      date: civilDate(turn.now),
      subject: symbol,
      detail: `${gap.theirs} contracts in the broker’s executions, ${gap.ours} in ours`,
      activityIds: [],
    });
    return {
      kind: 'activity',
      subject: symbol,
      ours: dollars(0),
      theirs: dollars(gap.cash),
      classification,
      resolved: true,
      ended: 'booked',
    };
  });
}

/** Executions of ours are missing in what the broker has told. */
export function isUntold({ ours, theirs }: FillGap): boolean {
  return theirs < ours;
}
