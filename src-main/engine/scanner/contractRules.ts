import type { GateResult } from '#domain/decisions/decision';
import { QUOTE_DEFECTS, type SideColumns } from '#domain/market/chain';
import type { Instant } from '#domain/units';
import type { ScannerSettings } from '#ports/settings/settings';
import { atLeast, atMost, holds } from '../risk/gates.ts';

/** The rules that a single contract meets, in the order in which it falls. */
export const CONTRACT_RULES = ['legQuote', 'quoteAge', 'spreadDollars', 'spreadFraction', 'openInterest', 'volume'] as const;

/** Counts per rule, index-aligned with {@link CONTRACT_RULES}. */
export type RuleCounts = Float64Array;

/**
 * Marks the usable contracts of one side (1 = passes every rule) and counts each of the others at the first rule it broke.
 * An interest or volume that the source does not give (NaN) is not usable.
 */
export function markUsable(
  side: SideColumns,
  count: number,
  now: Instant,
  settings: ScannerSettings,
  usable: Uint8Array,
  fallen: RuleCounts,
): void {
  const { bid, ask, quoteAt, openInterest, volume, defect } = side;
  const oldest = now - settings.maxQuoteAgeSeconds * 1000;
  const newest = now + settings.maxQuoteAgeSeconds * 1000;
  const { maxSpreadDollars, maxSpreadFraction, cheapLegPrice, minOpenInterest, minVolume } = settings;
  for (let i = 0; i < count; i++) {
    usable[i] = 0;
    if (defect[i] !== 0) {
      fallen[0]!++;
      continue;
    }
    const at = quoteAt[i]!;
    if (!(at >= oldest && at <= newest)) {
      fallen[1]!++;
      continue;
    }
    const spread = ask[i]! - bid[i]!;
    if (!(spread <= maxSpreadDollars + 1e-9)) {
      fallen[2]!++;
      continue;
    }
    const mid = (ask[i]! + bid[i]!) / 2;
    if (mid >= cheapLegPrice && !(spread <= maxSpreadFraction * mid)) {
      fallen[3]!++;
      continue;
    }
    if (!(openInterest[i]! >= minOpenInterest)) {
      fallen[4]!++;
      continue;
    }
    if (!(volume[i]! >= minVolume)) {
      fallen[5]!++;
      continue;
    }
    usable[i] = 1;
  }
}

/** The same rules for one contract as gates, with the numbers compared. `note` names the contract. */
export function contractGates(side: SideColumns, index: number, now: Instant, settings: ScannerSettings): GateResult[] {
  const note = side.symbols[index] || 'not listed';
  const defect = QUOTE_DEFECTS[side.defect[index] ?? 1] ?? 'missing';
  const quoted = holds('legQuote', note !== 'not listed' && defect === 'none', defect === 'none' ? note : `${note} ${defect}`);
  if (!quoted.passed) return [quoted];
  const bid = side.bid[index]!;
  const ask = side.ask[index]!;
  const mid = (bid + ask) / 2;
  const spread = Math.round((ask - bid) * 1e6) / 1e6;
  const gates = [
    quoted,
    atMost('quoteAge', Math.abs(now - side.quoteAt[index]!) / 1000, settings.maxQuoteAgeSeconds, 'seconds', note),
    atMost('spreadDollars', spread, settings.maxSpreadDollars, 'dollars', note),
  ];
  if (mid >= settings.cheapLegPrice)
    gates.push(atMost('spreadFraction', spread / mid, settings.maxSpreadFraction, 'fraction', note));
  gates.push(atLeast('openInterest', side.openInterest[index]!, settings.minOpenInterest, 'contracts', note));
  gates.push(atLeast('volume', side.volume[index]!, settings.minVolume, 'contracts', note));
  return gates;
}
