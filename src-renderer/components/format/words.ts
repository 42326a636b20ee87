import { titleOf } from '#domain/decisions/words';
import type { NoVolatility } from '#domain/pricing/quoteImpliedVolatility';
import { cash, decimal, percent, signed, UNKNOWN, whole } from './money.ts';

export { titleOf, wordsOf } from '#domain/decisions/words';

const PLAIN_UNITS: Readonly<Record<string, string>> = {
  seconds: 's',
  minutes: 'min',
  days: 'd',
  'on/off': '',
  count: '',
  zScore: 'σ',
  ratio: '',
  delta: 'Δ',
};

/** A number in its stated unit: (0.42, 'fraction') -> '42.0 %', (50000, 'cents') -> '$500.00', (21, 'days') -> '21 d'. */
export function inUnit(value: number | null | undefined, unit: string): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return UNKNOWN;
  if (unit === 'fraction' || unit.startsWith('fraction of') || unit.startsWith('fraction per')) return percent(value);
  if (unit === 'cents') return cash(value);
  if (unit.startsWith('dollars')) return cash(value * 100);
  if (unit === 'on/off') return value ? 'on' : 'off';
  if (unit === 'flag' || unit === 'yes/no') return value ? 'yes' : 'no';
  if (unit === 'delta' || unit === 'ratio' || unit === 'zScore') return `${decimal(value)} ${PLAIN_UNITS[unit] ?? ''}`.trim();
  if (unit === 'signed') return signed(value);
  const number = Number.isInteger(value) ? whole(value) : decimal(value, Math.abs(value) < 10 ? 2 : 1);
  return `${number} ${PLAIN_UNITS[unit] ?? unit}`.trim();
}

/**
 * Two numbers of one unit without saying a long unit twice: (0.34, 0.5, 'fraction') -> ['34.0 %', '50.0 %'],
 * (0.4, 2, 'times the credit') -> ['0.40', '2 times the credit'].
 */
export function pairInUnit(
  value: number | null | undefined,
  limit: number | null | undefined,
  unit: string,
): readonly [value: string, limit: string] {
  const [found, bound] = [inUnit(value, unit), inUnit(limit, unit)];
  const suffix = ` ${PLAIN_UNITS[unit] ?? unit}`;
  const isLong = suffix.length > 3 && found.endsWith(suffix) && bound.endsWith(suffix);
  return [isLong ? found.slice(0, -suffix.length) : found, bound];
}

const GATE_TITLES: Readonly<Record<string, string>> = {
  quoteAge: 'Quote age',
  creditToRisk: 'Credit to risk',
  probabilityOfProfit: 'Probability of profit',
  expectedValue: 'Expected value after costs',
  ivRank: 'IV rank',
  dte: 'Days to expiration',
  timeStop: 'Days to expiration above the time stop',
  maxWidth: 'Widest side of the spread',
  maxLoss: 'Maximum loss',
};

/** A gate's name for the owner. */
export function gateTitle(gate: string): string {
  return GATE_TITLES[gate] ?? titleOf(gate);
}

/** Why a quote implies no volatility. */
export const NO_VOLATILITY: Readonly<Record<NoVolatility, string>> = {
  missing: 'missing',
  crossed: 'crossed',
  zeroBid: 'without a bid',
  belowIntrinsic: 'below intrinsic value',
  aboveMaximum: 'above any value',
  notANumber: 'not a number',
  expired: 'expired',
};
