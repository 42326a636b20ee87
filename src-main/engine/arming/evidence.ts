import type { GateResult } from '#domain/decisions/decision';
import { bootstrapInterval } from '#domain/portfolio/bootstrap';
import type { Trade } from '#domain/portfolio/position';
import type { LiveSettings } from '#ports/settings/liveSettings';
import { above, atLeast, atMost, holds } from '../risk/gates.ts';

/** What the journal and the battery say, as the gate reads it. */
export interface PaperRecord {
  readonly trades: readonly Trade[];
  /** Values of each paper account, oldest first, cents. */
  readonly equity: readonly (readonly number[])[];
  readonly orders: number;
  /** Hard faults and orders in doubt. */
  readonly errors: number;
  /** What the battery proved for exactly this build. */
  readonly battery: { readonly green: boolean; readonly detail: string };
}

const DAY_MS = 86_400_000;
/** The same trades give the same bound, always. */
const SEED = 20_260_101;

/**
 * Every criterion that stands before real money, with its value, what is needed, and whether it is met. Trades of the embedded
 * exchange count only where the settings say so.
 */
export function evidenceGates(record: PaperRecord, settings: LiveSettings): readonly GateResult[] {
  const trades = record.trades.filter((trade) => counts(trade, settings));
  const days = spanDays(trades);
  const enough = days >= settings.minPaperDays || trades.length >= settings.minPaperTrades;
  const errors = record.orders === 0 ? null : (record.errors / record.orders) * 100;
  return [
    {
      gate: 'paperRecord',
      passed: enough,
      value: trades.length,
      limit: settings.minPaperTrades,
      unit: 'trades',
      note: `or ${settings.minPaperDays} days on paper; now ${Math.floor(days)}`,
    },
    atLeast('leastTrades', trades.length, settings.leastTrades, 'trades'),
    above('expectancyLowerBound', expectancyBound(trades, settings.confidence), settings.minExpectancyDollars, 'dollars'),
    atMost('paperDrawdown', trades.length === 0 ? null : deepestFallOf(record.equity), settings.maxDrawdownFraction, 'fraction'),
    atMost('paperErrors', trades.length === 0 ? null : errors, settings.maxErrorsPerHundredOrders, 'errors per 100 orders'),
    holds('battery', record.battery.green, record.battery.detail),
  ];
}

/** Alpaca's paper accounts begin with PA; the embedded exchange's trades are simulated from end to end. */
function counts(trade: Trade, settings: LiveSettings): boolean {
  if (trade.mode !== 'paper') return false;
  return settings.countSimulated || (trade.account.startsWith('PA') && !isSimulated(trade.account));
}

/** Accounts of the embedded exchange carry SIM in their number, over the wire too. */
export function isSimulated(account: string): boolean {
  return account.includes('SIM');
}

function spanDays(trades: readonly Trade[]): number {
  if (trades.length === 0) return 0;
  const first = Math.min(...trades.map(({ enteredAt }) => enteredAt));
  const last = Math.max(...trades.map(({ exitedAt }) => exitedAt));
  return (last - first) / DAY_MS;
}

/** Lower end of the interval of the mean profit of a trade, dollars; null with fewer than two trades. */
export function expectancyBound(trades: readonly Trade[], confidence: number): number | null {
  const profits = trades.map(({ outcome }) => outcome.pnl / 100);
  const interval = bootstrapInterval(profits, meanOf, { confidence, random: seeded(SEED) });
  return interval === null ? null : Math.round(interval.low * 100) / 100;
}

function meanOf(sample: Float64Array): number {
  return sample.reduce((sum, value) => sum + value, 0) / sample.length;
}

/** The worst of the accounts: a smaller one that follows has not lost the difference. */
function deepestFallOf(accounts: PaperRecord['equity']): number | null {
  const falls = accounts.map(deepestFall).filter((fall) => fall !== null);
  return falls.length === 0 ? null : Math.max(...falls);
}

/** Deepest fall from an earlier peak, as a share of it; null without two values. */
function deepestFall(equity: readonly number[]): number | null {
  if (equity.length < 2) return null;
  let peak = -Infinity;
  let deepest = 0;
  for (const value of equity) {
    peak = Math.max(peak, value);
    if (peak > 0) deepest = Math.max(deepest, (peak - value) / peak);
  }
  return deepest;
}

/** Mulberry32: small, and the same everywhere. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
