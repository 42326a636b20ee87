import { contractAt, sideOf } from '#domain/market/chain';
import type { Right } from '#domain/market/instrument';
import type { OptionLeg } from '#domain/structures/leg';
import type { Price } from '#domain/units';
import type { ExpirationView, OwnGreeks, Proposal, UnderlyingView } from '#ports/strategy';

/** Window of days and the day aimed at. */
export interface DayWindow {
  readonly dteMin: number;
  readonly dteMax: number;
  readonly dteTarget: number;
}

/** How many expirations a strategy looks at before it settles for the nearest one, tradable or not. */
const EXPIRATIONS_TRIED = 3;

/** The listed expirations inside the window, nearest to the target first (the earlier of two), at most {@link EXPIRATIONS_TRIED}. */
function expirationsNear(view: UnderlyingView, { dteMin, dteMax, dteTarget }: DayWindow): ExpirationView[] {
  return view.expirations
    .filter(({ daysToExpiration }) => daysToExpiration >= dteMin && daysToExpiration <= dteMax)
    .sort(
      (a, b) =>
        Math.abs(a.daysToExpiration - dteTarget) - Math.abs(b.daysToExpiration - dteTarget) ||
        a.daysToExpiration - b.daysToExpiration,
    )
    .slice(0, EXPIRATIONS_TRIED);
}

/**
 * The first proposal, over the expirations nearest to the target, whose contracts all pass the scanner's own rules; where there is
 * none the one at the nearest expiration, so that the ledger can say what was wrong with it. null when nothing can be built.
 */
export function firstTradable(
  view: UnderlyingView,
  window: DayWindow,
  build: (expiration: ExpirationView) => Proposal | null,
): Proposal | null {
  let nearest: Proposal | null = null;
  for (const expiration of expirationsNear(view, window)) {
    const proposal = build(expiration);
    if (proposal !== null && isTradable(proposal)) return proposal;
    nearest ??= proposal;
  }
  return nearest;
}

function isTradable({ legs, expiration }: Proposal): boolean {
  return legs.every((leg) => {
    if (leg.kind === 'stock') return true;
    const { right, symbol } = leg.contract;
    const index = sideOf(expiration.slice, right).symbols.indexOf(symbol);
    return greeksOf(expiration, right).usable[index] === 1;
  });
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
 * When the next strike is already too far, that one is taken and the filters refuse it with both numbers (`maxWidth`). -1 at the end of the listing.
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

/** Distance between two strikes, dollars, to the tenth of a cent that strikes are listed in: it is compared with a limit. */
export function widthBetween(expiration: ExpirationView, a: number, b: number): Price {
  return Math.round(Math.abs((expiration.slice.strikes[a] ?? 0) - (expiration.slice.strikes[b] ?? 0)) * 1000) / 1000;
}
