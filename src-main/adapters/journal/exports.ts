import type { Trade } from '#domain/portfolio/position';
import type { Cents } from '#domain/units';

export type ExportFormat = 'csv' | 'json' | 'schema';

/** The minimal trade schema: one object a trade, cash in dollars, prices per share. */
export interface MinimalTrade {
  readonly trade_id: string;
  readonly timestamp_enter: string;
  readonly symbol: string;
  readonly strategy: string;
  readonly params: {
    readonly dte: number | null;
    readonly short_delta: number | null;
    readonly width: number | null;
    readonly ivr_min: number | null;
  };
  readonly market_snapshot: {
    readonly price: number | null;
    readonly ivr: number | null;
    readonly oi_short: number | null;
    readonly spread: number | null;
  };
  readonly execution: { readonly limit_credit: number; readonly fill_credit: number; readonly slippage: number };
  readonly risk: { readonly size: number; readonly risk_pct: number | null };
  readonly outcome: { readonly pnl: number; readonly days_held: number; readonly exit_reason: string };
  readonly reason_tags: readonly string[];
  readonly notes: string;
}

export function minimalTrade(trade: Trade): MinimalTrade {
  const { parameters: p, entry, execution, risk, outcome } = trade;
  return {
    trade_id: trade.tradeId,
    timestamp_enter: isoOf(trade.enteredAt),
    symbol: trade.underlying,
    strategy: trade.strategyId,
    params: {
      dte: numberIn(p, 'dte', 'daysToExpiration', 'minDaysToExpiration'),
      short_delta: numberIn(p, 'shortDelta', 'maxShortDelta', 'targetDelta'),
      width: numberIn(p, 'width', 'wingWidth'),
      ivr_min: numberIn(p, 'ivRankMin', 'minIvRank'),
    },
    market_snapshot: { price: entry.spot, ivr: entry.ivRank, oi_short: entry.openInterestShort, spread: entry.spread },
    execution: { limit_credit: execution.limitCredit, fill_credit: execution.fillCredit, slippage: execution.slippage },
    risk: { size: risk.units, risk_pct: risk.riskFraction },
    outcome: { pnl: dollars(outcome.pnl), days_held: outcome.daysHeld, exit_reason: outcome.exitReason },
    reason_tags: trade.reasonTags,
    notes: trade.notes,
  };
}

/** The trades as a file's text, with its name and media type. */
export function exportTrades(
  trades: readonly Trade[],
  format: ExportFormat,
): { readonly fileName: string; readonly mediaType: string; readonly text: string } {
  switch (format) {
    case 'csv':
      return { fileName: 'strikedesk-trades.csv', mediaType: 'text/csv', text: csvOf(trades) };
    case 'json':
      return { fileName: 'strikedesk-trades.json', mediaType: 'application/json', text: `${JSON.stringify(trades, null, 2)}\n` };
    case 'schema':
      return {
        fileName: 'strikedesk-trades-minimal.json',
        mediaType: 'application/json',
        text: `${JSON.stringify(trades.map(minimalTrade), null, 2)}\n`,
      };
  }
}

type Cell = string | number | null;

const COLUMNS: readonly (readonly [string, (trade: Trade) => Cell])[] = [
  ['trade_id', (t) => t.tradeId],
  ['account', (t) => t.account],
  ['mode', (t) => t.mode],
  ['timestamp_enter', (t) => isoOf(t.enteredAt)],
  ['timestamp_exit', (t) => isoOf(t.exitedAt)],
  ['symbol', (t) => t.underlying],
  ['strategy', (t) => t.strategyId],
  ['structure', (t) => t.structure],
  ['units', (t) => t.risk.units],
  ['limit_credit', (t) => t.execution.limitCredit],
  ['fill_credit', (t) => t.execution.fillCredit],
  ['slippage', (t) => t.execution.slippage],
  ['exit_credit', (t) => t.execution.exitCredit],
  ['exit_slippage', (t) => t.execution.exitSlippage],
  ['fees_dollars', (t) => dollars(t.execution.fees)],
  ['working_seconds', (t) => t.execution.workingMs / 1000],
  ['price', (t) => t.entry.spot],
  ['iv_rank', (t) => t.entry.ivRank],
  ['open_interest_short', (t) => t.entry.openInterestShort],
  ['spread', (t) => t.entry.spread],
  ['probability_of_profit', (t) => t.entry.probabilityOfProfit],
  ['expected_value_dollars', (t) => (t.entry.expectedValueCents === null ? null : t.entry.expectedValueCents / 100)],
  ['max_loss_dollars', (t) => (t.risk.maxLoss === null ? null : dollars(t.risk.maxLoss))],
  ['risk_fraction', (t) => t.risk.riskFraction],
  ['pnl_dollars', (t) => dollars(t.outcome.pnl)],
  ['days_held', (t) => t.outcome.daysHeld],
  ['exit_reason', (t) => t.outcome.exitReason],
  ['max_adverse_dollars', (t) => dollars(t.outcome.maxAdverse)],
  ['max_favourable_dollars', (t) => dollars(t.outcome.maxFavourable)],
  [
    'legs',
    (t) => t.entry.legs.map((leg) => `${leg.ratio > 0 ? 'long' : 'short'} ${Math.abs(leg.ratio)} ${leg.symbol}`).join('; '),
  ],
  ['reason_tags', (t) => t.reasonTags.join(' ')],
  ['notes', (t) => t.notes],
];

function csvOf(trades: readonly Trade[]): string {
  const lines = [COLUMNS.map(([name]) => name), ...trades.map((trade) => COLUMNS.map(([, read]) => csvCell(read(trade))))];
  return `${lines.map((cells) => cells.join(',')).join('\r\n')}\r\n`;
}

/** RFC 4180; a text that a spreadsheet would take for a formula is led by an apostrophe. */
function csvCell(cell: Cell): string {
  if (cell === null) return '';
  if (typeof cell === 'number') return String(cell);
  const safe = /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

function isoOf(at: number): string {
  return new Date(at).toISOString();
}

function dollars(amount: Cents): number {
  return amount / 100;
}

function numberIn(parameters: Trade['parameters'], ...names: readonly string[]): number | null {
  for (const name of names) {
    const value = parameters[name];
    if (typeof value === 'number') return value;
  }
  return null;
}
