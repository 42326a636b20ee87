import { addDays, civilDate } from '#domain/market/calendar';
import { parseOccSymbol } from '#domain/market/instrument';
import { createLots, type Disposal, type Lot } from '#domain/tax/lots';
import { isSection1256, LONG_SHARE } from '#domain/tax/section1256';
import { WASH_DAYS, washSales } from '#domain/tax/washSales';
import type { IsoDate } from '#domain/units';
import type { BrokerActivity } from '#ports/broker';
import type { JournalRow } from '#ports/journal';

/** Of an option that no intent of ours names (a fill from elsewhere); ours carry their contract's own. */
const USUAL_MULTIPLIER = 100;
const YEAR_DAYS = 365;
const DAY_MS = 86_400_000;

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
 * what was bought in January. A loss whose 30 days are not over when
 * the journal ends is marked.
 */
export function taxRows(rows: Iterable<JournalRow>, year: number | null = null): readonly TaxRow[] {
  const lots = createLots();
  const premiums = new Map<string, number>();
  const executions = new Set<string>();
  const multipliers = new Map<string, number>();
  const multiplierOf = (symbol: string): number => multipliers.get(symbol) ?? (parseOccSymbol(symbol) ? USUAL_MULTIPLIER : 1);
  let asOf: IsoDate | null = null;
  for (const { fact, at } of rows) {
    asOf = civilDate(at);
    if (fact.kind === 'OrderIntended') {
      for (const leg of fact.legs) if (leg.kind === 'option') multipliers.set(leg.contract.symbol, leg.contract.multiplier);
    } else if (fact.kind === 'OrderReported' && fact.report.kind === 'orderFilled') {
      if (executions.has(fact.report.executionId)) continue;
      executions.add(fact.report.executionId);
      const date = civilDate(fact.report.at);
      for (const { symbol, contracts, price } of fact.report.legs)
        lots.trade({ symbol, quantity: contracts, cash: -contracts * price * multiplierOf(symbol) * 100, date });
    } else if (fact.kind === 'ActivityBooked') takeActivity(lots, premiums, fact.activity);
  }
  const wash = washSales(lots.disposals, lots.lots, isIndexOption, multiplierOf);
  return lots.disposals
    .map((disposal, index) => {
      const row = rowOf(disposal, wash.disallowed[index] ?? 0, wash.basisAdded[index] ?? 0);
      const isLoss = row.gain < 0;
      const bought = (wash.replacements[index] ?? []).map(({ lot, quantity }) => replaced(disposal, lot, quantity));
      const kin = wash.kin[index];
      const mayBe = kin ? [`may be a wash sale: ${verbOf(kin)} ${kin.symbol} on ${kin.date}`] : [];
      const until = addDays(disposal.date, WASH_DAYS);
      // What is bought until then can still take the loss away: it is no last word.
      const open = isLoss && row.form === '8949' && asOf !== null && asOf < until ? [`30 days open until ${until}`] : [];
      return { ...row, note: [row.note, ...bought, ...mayBe, ...open].filter(Boolean).join('; ') };
    })
    .filter(({ sold }) => year === null || Number(sold.slice(0, 4)) === year);
}

/** What stands for a loss that is not allowed, and whether its basis goes on in another tax year. */
function replaced({ date }: Disposal, lot: Lot, quantity: number): string {
  const next = lot.date.slice(0, 4) > date.slice(0, 4) ? ', in the next tax year' : '';
  return `${quantity} replaced by ${lot.symbol} bought on ${lot.date}${next}`;
}

function verbOf({ quantity }: Lot): string {
  return quantity > 0 ? 'bought' : 'wrote';
}

function takeActivity(lots: ReturnType<typeof createLots>, premiums: Map<string, number>, activity: BrokerActivity): void {
  const { kind, symbol, quantity, netCash, groupId, date } = activity;
  if (symbol === null) return;
  if (kind === 'expiration') lots.trade({ symbol, quantity, cash: netCash, date });
  else if (kind === 'assignment' || kind === 'exercise') {
    // Cash-settled: the money is in this row, and no shares follow.
    if (netCash !== 0) return lots.trade({ symbol, quantity, cash: netCash, date });
    const premium = lots.becomeShares(symbol, quantity);
    if (groupId !== null) premiums.set(groupId, (premiums.get(groupId) ?? 0) + premium);
  } else if (kind === 'optionTrade') {
    const premium = groupId === null ? 0 : (premiums.get(groupId) ?? 0);
    if (groupId !== null) premiums.delete(groupId);
    lots.trade({ symbol, quantity, cash: netCash + premium, date });
  }
}

function rowOf({ lot, quantity, opened, closed, date }: Disposal, disallowed: number, basisAdded: number): TaxRow {
  const written = lot.quantity < 0;
  const proceeds = Math.round(written ? opened : closed);
  const basis = Math.round(written ? 0 - closed : basisAdded - opened);
  const adjustment = Math.round(disallowed);
  const index = isIndexOption(lot.symbol);
  const isLong = !written && Date.parse(date) - Date.parse(lot.date) > YEAR_DAYS * DAY_MS;
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
