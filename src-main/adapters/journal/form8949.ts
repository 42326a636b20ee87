import { addDays } from '#domain/market/calendar';
import { parseOccSymbol } from '#domain/market/instrument';
import { createLots, type Disposal, type Lot, type TaxEvent } from '#domain/tax/lots';
import { isSection1256, LONG_SHARE } from '#domain/tax/section1256';
import { WASH_DAYS, washSales } from '#domain/tax/washSales';
import type { IsoDate } from '#domain/units';
import type { JournalRow } from '#ports/journal';
import { taxAccounts } from './taxAccounts.ts';
import { taxSteps } from './taxEvents.ts';

export interface TaxRow {
  /** 8949, or 6781 for Section 1256 contracts. */
  readonly form: '8949' | '6781';
  readonly description: string;
  readonly acquired: IsoDate;
  readonly sold: IsoDate;
  /** Cents. */
  readonly proceeds: number;
  readonly basis: number;
  /** 'W' where a loss is not allowed. */
  readonly code: string;
  readonly adjustment: number;
  readonly gain: number;
  readonly term: 'short' | 'long';
  readonly note: string;
}

/**
 * Every closed lot of the journal's fills and activities. Conventions: lots first in, first out; an option that was written and
 * bought back (or expired) is acquired and sold on the day it was closed, and its term is short; assignment and exercise make no
 * row of their own, their premium goes into the shares' basis or proceeds. Fees that the broker books as activities of their own
 * are not spread over the rows.
 *
 * `year` leaves out what was sold in another year, but only after everything was looked at: a loss of December is disallowed by
 * what was bought in January. A loss whose 30 days are not over when the journal ends is marked.
 *
 * Each account has lots of its own. Where there were sessions with real money, theirs alone are told: paper owes no tax.
 */
export function taxRows(rows: Iterable<JournalRow>, year: number | null = null): readonly TaxRow[] {
  const { accounts, asOf } = taxAccounts(rows);
  return accounts
    .flatMap((account) => rowsOfAccount(account, asOf))
    .filter(({ sold }) => year === null || Number(sold.slice(0, 4)) === year);
}

function rowsOfAccount(rows: readonly JournalRow[], asOf: IsoDate | null): readonly TaxRow[] {
  const { steps, multiplierOf } = taxSteps(rows);
  const lots = createLots();
  const premiums = new Map<string, number>();
  const elsewhere = new Set<string>();
  const unbought: TaxRow[] = [];
  for (const step of steps) {
    if (step.kind === 'becomesShares') {
      const premium = lots.becomeShares(step.symbol, step.quantity);
      premiums.set(step.group, (premiums.get(step.group) ?? 0) + premium);
    } else if (step.kind === 'delivered') {
      lots.trade({ ...step.event, cash: step.event.cash + (premiums.get(step.group) ?? 0) });
      premiums.delete(step.group);
    } else if (step.kind === 'closed') lots.trade(step.event);
    else {
      if (step.elsewhere) elsewhere.add(`${step.event.symbol} ${step.event.date}`);
      const held = lots.openOf(step.event.symbol);
      const { sold, excess } = withinHeld(step.event, held);
      lots.trade(sold);
      if (excess !== null) unbought.push(rowOfUnbought(excess));
    }
  }
  const wash = washSales(lots.disposals, lots.lots, isIndexOption, multiplierOf);
  const closed = lots.disposals.map((disposal, index) => {
    const row = rowOf(disposal, wash.disallowed[index] ?? 0, wash.basisAdded[index] ?? 0);
    const isLoss = row.gain < 0;
    const bought = (wash.replacements[index] ?? []).map(({ lot, quantity }) => replaced(disposal, lot, quantity));
    const kin = wash.kin[index];
    const mayBe = kin ? [`may be a wash sale: ${verbOf(kin)} ${kin.symbol} on ${kin.date}`] : [];
    const until = addDays(disposal.date, WASH_DAYS);
    // What is bought until then can still take the loss away: it is no last word.
    const open = isLoss && row.form === '8949' && asOf !== null && asOf < until ? [`30 days open until ${until}`] : [];
    const { symbol, date } = disposal.lot;
    const byAnother = [date, disposal.date].some((day) => elsewhere.has(`${symbol} ${day}`)) ? ['traded elsewhere too'] : [];
    return { ...row, note: [row.note, ...bought, ...mayBe, ...open, ...byAnother].filter(Boolean).join('; ') };
  });
  return [...closed, ...unbought];
}

/** Shares are never sold short by an order: what is sold beyond those on record was bought where this journal did not look. */
function withinHeld(event: TaxEvent, held: number): { readonly sold: TaxEvent; readonly excess: TaxEvent | null } {
  const { symbol, quantity, cash } = event;
  const excess = parseOccSymbol(symbol) === null && quantity < 0 ? Math.min(0, quantity + Math.max(0, held)) : 0;
  if (excess === 0) return { sold: event, excess: null };
  const part = (units: number): TaxEvent => ({ ...event, quantity: units, cash: (cash * units) / quantity });
  return { sold: part(quantity - excess), excess: part(excess) };
}

/** The word by which a row without a known purchase is found. */
export const UNKNOWN_BASIS = 'basis not known';

function rowOfUnbought({ symbol, quantity, cash, date }: TaxEvent): TaxRow {
  const proceeds = Math.round(cash);
  return {
    form: '8949',
    description: `${-quantity} ${symbol}`,
    acquired: date,
    sold: date,
    proceeds,
    basis: 0,
    code: '',
    adjustment: 0,
    gain: proceeds,
    term: 'short',
    note: `${UNKNOWN_BASIS}: bought before this journal or in another account; put in its date and what it cost`,
  };
}

/** What stands for a loss that is not allowed, and whether its basis goes on in another tax year. */
function replaced({ date }: Disposal, lot: Lot, quantity: number): string {
  const next = lot.date.slice(0, 4) > date.slice(0, 4) ? ', in the next tax year' : '';
  return `${quantity} replaced by ${lot.symbol} bought on ${lot.date}${next}`;
}

function verbOf({ quantity }: Lot): string {
  return quantity > 0 ? 'bought' : 'wrote';
}

function rowOf({ lot, quantity, opened, closed, date }: Disposal, disallowed: number, basisAdded: number): TaxRow {
  const written = lot.quantity < 0;
  const proceeds = Math.round(written ? opened : closed);
  const basis = Math.round(written ? 0 - closed : basisAdded - opened);
  const adjustment = Math.round(disallowed);
  const index = isIndexOption(lot.symbol);
  const isLong = !written && date > aYearAfter(lot.date);
  const notes = [
    written ? `written ${lot.date}` : '',
    basisAdded > 0 ? `basis holds ${(basisAdded / 100).toFixed(2)} of earlier wash sales` : '',
    index ? `Section 1256: ${LONG_SHARE * 100} % long, ${Math.round((1 - LONG_SHARE) * 100)} % short` : '',
  ];
  return {
    form: index ? '6781' : '8949',
    description: `${quantity} ${lot.symbol}`,
    acquired: written ? date : lot.date,
    sold: date,
    proceeds,
    basis,
    code: adjustment > 0 ? 'W' : '',
    adjustment,
    gain: proceeds - basis + adjustment,
    term: isLong ? 'long' : 'short',
    note: notes.filter(Boolean).join('; '),
  };
}

/** More than a year is long. The 29th of February is never the day itself: the 1st of March after it is past the year. */
function aYearAfter(date: IsoDate): string {
  return `${Number(date.slice(0, 4)) + 1}${date.slice(4)}`;
}

function isIndexOption(symbol: string): boolean {
  const parts = parseOccSymbol(symbol);
  return parts !== null && isSection1256(parts.root);
}

const HEAD = [
  'form',
  'description',
  'date_acquired',
  'date_sold',
  'proceeds',
  'cost_basis',
  'code',
  'adjustment',
  'gain_or_loss',
  'term',
  'note',
];

/** Columns (a) to (h) of Form 8949, with the form that each row belongs to, its term and a note. */
export function form8949Csv(rows: readonly TaxRow[]): string {
  const dollars = (cents: number): string => (cents / 100).toFixed(2);
  const lines = rows.map((row) =>
    [
      row.form,
      row.description,
      row.acquired,
      row.sold,
      dollars(row.proceeds),
      dollars(row.basis),
      row.code,
      row.adjustment === 0 ? '' : dollars(row.adjustment),
      dollars(row.gain),
      row.term,
      row.note.includes(',') ? `"${row.note}"` : row.note,
    ].join(','),
  );
  return `${[HEAD.join(','), ...lines].join('\r\n')}\r\n`;
}
