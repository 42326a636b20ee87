import { expirationsOf, netOptions, sharesOf } from './anatomy.ts';
import type { Leg, OptionLeg } from './leg.ts';
import { nameOfThreeLegs, nameOfTwoLegs } from './nameFewLegs.ts';
import { nameOfFourLegs } from './nameFourLegs.ts';
import type { NamedLeg, StructureName } from './structureNames.ts';

export { STRUCTURE_NAMES, type StructureName } from './structureNames.ts';

/**
 * Names a structure from its legs alone. Order and scale of the legs do not matter (2 x a vertical is a vertical), equal
 * contracts are netted first. A lone short put is called 'cashSecuredPut': whether the cash is there is the account's business.
 * With shares: 'coveredCall' and its kin need at least multiplier x contracts shares against the short option.
 */
export function recogniseStructure(legs: readonly Leg[]): StructureName {
  const underlyings = new Set(legs.map((leg) => (leg.kind === 'stock' ? leg.underlying : leg.contract.underlying)));
  if (underlyings.size !== 1) return 'custom';
  const options = netOptions(legs);
  const shares = sharesOf(legs);
  if (options.length === 0) return shares > 0 ? 'longStock' : shares < 0 ? 'shortStock' : 'custom';
  if (new Set(options.map((leg) => leg.contract.multiplier)).size > 1) return 'custom';
  return shares === 0 ? nameOfOptions(options) : nameWithShares(options, shares);
}

function nameOfOptions(options: readonly OptionLeg[]): StructureName {
  const legs = reduced(options);
  const [only] = legs;
  if (legs.length === 1 && only) {
    if (only.right === 'call') return only.ratio > 0 ? 'longCall' : 'nakedCall';
    return only.ratio > 0 ? 'longPut' : 'cashSecuredPut';
  }
  if (legs.length === 2) return nameOfTwoLegs(legs);
  if (legs.length === 3) return nameOfThreeLegs(legs);
  return legs.length === 4 ? nameOfFourLegs(legs) : 'custom';
}

function nameWithShares(options: readonly OptionLeg[], shares: number): StructureName {
  const multiplier = options[0]?.contract.multiplier ?? 1;
  const lots = shares / multiplier;
  const calls = options.filter((leg) => leg.contract.right === 'call');
  const puts = options.filter((leg) => leg.contract.right === 'put');
  const [call] = calls;
  const [put] = puts;
  if (calls.length > 1 || puts.length > 1) return 'custom';
  const covers = (leg: OptionLeg): boolean => Math.abs(lots) >= Math.abs(leg.ratio);
  if (call && !put) return nameOfSharesAndCall(call.ratio, lots, covers(call));
  if (put && !call) return nameOfSharesAndPut(put.ratio, lots, covers(put));
  if (!call || !put || expirationsOf(options).length > 1 || Math.abs(call.ratio) !== Math.abs(put.ratio)) return 'custom';
  if (call.contract.strike < put.contract.strike || !covers(call)) return 'custom';
  const sameStrike = call.contract.strike === put.contract.strike;
  if (lots > 0 && call.ratio < 0 && put.ratio > 0) return sameStrike ? 'conversion' : 'collar';
  if (lots < 0 && call.ratio > 0 && put.ratio < 0) return sameStrike ? 'reversal' : 'custom';
  if (lots > 0 && call.ratio < 0 && put.ratio < 0) return sameStrike ? 'coveredStraddle' : 'coveredStrangle';
  return 'custom';
}

function nameOfSharesAndCall(ratio: number, lots: number, covered: boolean): StructureName {
  if (!covered) return 'custom';
  if (lots > 0 && ratio < 0) return 'coveredCall';
  return lots < 0 && ratio > 0 ? 'protectiveCall' : 'custom';
}

function nameOfSharesAndPut(ratio: number, lots: number, covered: boolean): StructureName {
  if (!covered) return 'custom';
  if (lots > 0 && ratio > 0) return 'protectivePut';
  return lots < 0 && ratio < 0 ? 'coveredPut' : 'custom';
}

function reduced(options: readonly OptionLeg[]): NamedLeg[] {
  const divisor = options.map((leg) => Math.abs(leg.ratio)).reduce(greatestCommonDivisor, 0);
  return options
    .map(({ contract, ratio }) => ({
      right: contract.right,
      strike: contract.strike,
      expiration: contract.expiration,
      ratio: ratio / divisor,
    }))
    .sort((a, b) => a.strike - b.strike || a.right.localeCompare(b.right) || a.expiration.localeCompare(b.expiration));
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
