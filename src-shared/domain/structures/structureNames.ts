/** What a trader calls a set of legs; 'custom' for everything without a common name. */
// biome-ignore format: one family a line
export const STRUCTURE_NAMES = [
  'longStock', 'shortStock', 'longCall', 'longPut', 'nakedCall', 'cashSecuredPut',
  'coveredCall', 'coveredPut', 'protectivePut', 'protectiveCall', 'collar', 'coveredStraddle', 'coveredStrangle',
  'conversion', 'reversal',
  'bullCallSpread', 'bearCallSpread', 'bullPutSpread', 'bearPutSpread',
  'longStraddle', 'shortStraddle', 'longStrangle', 'shortStrangle', 'longGuts', 'shortGuts',
  'syntheticLong', 'syntheticShort', 'bullishRiskReversal', 'bearishRiskReversal',
  'callCalendar', 'putCalendar', 'shortCallCalendar', 'shortPutCalendar',
  'callDiagonal', 'putDiagonal', 'shortCallDiagonal', 'shortPutDiagonal',
  'callRatioSpread', 'putRatioSpread', 'callBackspread', 'putBackspread',
  'longCallButterfly', 'longPutButterfly', 'shortCallButterfly', 'shortPutButterfly',
  'brokenWingCallButterfly', 'brokenWingPutButterfly',
  'longCallLadder', 'longPutLadder', 'shortCallLadder', 'shortPutLadder',
  'jadeLizard', 'reverseJadeLizard',
  'ironCondor', 'ironButterfly', 'reverseIronCondor', 'reverseIronButterfly',
  'longCallCondor', 'longPutCondor', 'shortCallCondor', 'shortPutCondor',
  'longBox', 'shortBox', 'doubleCalendar', 'doubleDiagonal',
  'custom',
] as const;
export type StructureName = (typeof STRUCTURE_NAMES)[number];

/** A leg reduced to what naming needs; `ratio` is divided by the structure's common divisor. */
export interface NamedLeg {
  readonly right: 'call' | 'put';
  readonly strike: number;
  readonly expiration: string;
  readonly ratio: number;
}
