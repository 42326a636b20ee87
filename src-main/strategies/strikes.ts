import { contractAt, sideOf } from '#domain/market/chain';
import type { Right } from '#domain/market/instrument';
import type { OptionLeg } from '#domain/structures/leg';
import type { Price } from '#domain/units';
import type { ExpirationView, OwnGreeks, UnderlyingView } from '#ports/strategy';

/** Window of days and the day aimed at. */
export interface DayWindow {
  readonly dteMin: number;
  readonly dteMax: number;
  readonly dteTarget: number;
}

/** The listed expiration inside the window that is nearest to the target (the earlier of two); null when none is listed. */
export function expirationNear(view: UnderlyingView, { dteMin, dteMax, dteTarget }: DayWindow): ExpirationView | null {
  let best: ExpirationView | null = null;
  for (const expiration of view.expirations) {
    const days = expiration.daysToExpiration;
    if (days < dteMin || days > dteMax) continue;
    if (best === null || Math.abs(days - dteTarget) < Math.abs(best.daysToExpiration - dteTarget)) best = expiration;
  }
  return best;
}

/** Our own greeks of one right. */
export function greeksOf(expiration: ExpirationView, right: Right): OwnGreeks {
  return right === 'call' ? expiration.calls : expiration.puts;
}

/**
 * Index of the listed strike whose delta (absolute) is nearest to the target. Contracts that pass the scanner's own rules come
 * first; only when none does is another taken, so that the ledger can say what was wrong with it. -1 when no strike has a delta.
 */
export function indexAtDelta(expiration: ExpirationView, right: Right, target: number): number {
  const { delta, usable } = greeksOf(expiration, right);
  const { symbols } = sideOf(expiration.slice, right);
  let best = -1;
  let bestDistance = Number.POSITIVE_INFINITY;
  let bestUsable = 0;
  for (let i = 0; i < delta.length; i++) {
    const distance = Math.abs(Math.abs(delta[i]!) - target);
    if (!(distance < Number.POSITIVE_INFINITY) || usable[i]! < bestUsable || symbols[i] === '') continue;
    if (usable[i]! > bestUsable || distance < bestDistance) {
      best = i;
      bestDistance = distance;
      bestUsable = usable[i]!;
    }
  }
  return best;
}

/** Width rule of a spread. */
export interface WidthRule {
  readonly widthOfMove: number;
  readonly maxWidthDollars: number;
}

/**
 * Index of the long strike of a credit spread: further out of the money than the short one, nearest to the width aimed at
 * (a fraction of the expected move spot x volatility x sqrt(years), at most `maxWidthDollars`). Usable contracts come first.
 * When the next strike is already too far, that one is taken and the filters say so. -1 at the end of the listing.
 */
export function indexOfWing(
  view: UnderlyingView,
  expiration: ExpirationView,
  right: Right,
  short: number,
  rule: WidthRule,
): number {
  const { strikes } = expiration.slice;
  const { symbols } = sideOf(expiration.slice, right);
  const { usable } = greeksOf(expiration, right);
  const move = view.spot * expiration.forecastVolatility * Math.sqrt(expiration.years);
  const wanted = Math.min(rule.maxWidthDollars, rule.widthOfMove * move);
  const step = right === 'call' ? 1 : -1;
  let best = -1;
  let bestDistance = Number.POSITIVE_INFINITY;
  let bestUsable = 0;
  for (let i = short + step; i >= 0 && i < strikes.length; i += step) {
    const width = Math.abs(strikes[i]! - strikes[short]!);
    if (width > rule.maxWidthDollars && best >= 0) break;
    if (symbols[i] === '') continue;
    const distance = Math.abs(width - wanted);
    if (usable[i]! < bestUsable || (usable[i]! === bestUsable && !(distance < bestDistance))) continue;
    best = i;
    bestDistance = distance;
    bestUsable = usable[i]!;
    if (width > rule.maxWidthDollars) break;
  }
  return best;
}

/** An option leg at a strike's index; null when it is not listed on that side. */
export function optionLegAt(expiration: ExpirationView, right: Right, index: number, ratio: number): OptionLeg | null {
  const contract = index < 0 ? null : contractAt(expiration.slice, right, index);
  return contract === null ? null : { kind: 'option', contract, ratio };
}

/** Absolute delta at an index, rounded for the record; null when there is none. */
export function deltaAt(expiration: ExpirationView, right: Right, index: number): number | null {
  const delta = Math.abs(greeksOf(expiration, right).delta[index] ?? Number.NaN);
  return Number.isFinite(delta) ? Math.round(delta * 1e4) / 1e4 : null;
}

/** Distance between two strikes, dollars. */
export function widthBetween(expiration: ExpirationView, a: number, b: number): Price {
  return Math.abs((expiration.slice.strikes[a] ?? 0) - (expiration.slice.strikes[b] ?? 0));
}
