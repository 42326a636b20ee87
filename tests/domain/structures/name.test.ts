import { describe, expect, it } from 'vitest';
import type { Leg } from '#domain/structures/leg';
import { recogniseStructure, STRUCTURE_NAMES, type StructureName } from '#domain/structures/name';
import { call, put, stock } from '#support/legs';

const later = { expiration: '2027-01-15' };
const KNOWN: Record<Exclude<StructureName, 'custom'>, Leg[]> = {
  longStock: [stock(100)],
  shortStock: [stock(-50)],
  longCall: [call(50, 1)],
  longPut: [put(50, 2)],
  nakedCall: [call(50, -1)],
  cashSecuredPut: [put(45, -3)],
  coveredCall: [stock(100), call(50, -1)],
  coveredPut: [stock(-100), put(45, -1)],
  protectivePut: [stock(100), put(45, 1)],
  protectiveCall: [stock(-100), call(55, 1)],
  collar: [stock(100), put(45, 1), call(55, -1)],
  coveredStraddle: [stock(100), put(50, -1), call(50, -1)],
  coveredStrangle: [stock(100), put(45, -1), call(55, -1)],
  conversion: [stock(100), put(50, 1), call(50, -1)],
  reversal: [stock(-100), put(50, -1), call(50, 1)],
  bullCallSpread: [call(50, 1), call(55, -1)],
  bearCallSpread: [call(50, -1), call(55, 1)],
  bullPutSpread: [put(50, -1), put(45, 1)],
  bearPutSpread: [put(50, 1), put(45, -1)],
  longStraddle: [call(50, 1), put(50, 1)],
  shortStraddle: [call(50, -1), put(50, -1)],
  longStrangle: [call(55, 1), put(45, 1)],
  shortStrangle: [call(55, -1), put(45, -1)],
  longGuts: [call(45, 1), put(55, 1)],
  shortGuts: [call(45, -1), put(55, -1)],
  syntheticLong: [call(50, 1), put(50, -1)],
  syntheticShort: [call(50, -1), put(50, 1)],
  bullishRiskReversal: [call(55, 1), put(45, -1)],
  bearishRiskReversal: [call(55, -1), put(45, 1)],
  callCalendar: [call(50, -1), call(50, 1, later)],
  putCalendar: [put(50, -1), put(50, 1, later)],
  shortCallCalendar: [call(50, 1), call(50, -1, later)],
  shortPutCalendar: [put(50, 1), put(50, -1, later)],
  callDiagonal: [call(55, -1), call(50, 1, later)],
  putDiagonal: [put(45, -1), put(50, 1, later)],
  shortCallDiagonal: [call(55, 1), call(50, -1, later)],
  shortPutDiagonal: [put(45, 1), put(50, -1, later)],
  callRatioSpread: [call(50, 1), call(55, -2)],
  putRatioSpread: [put(50, 1), put(45, -3)],
  callBackspread: [call(50, -1), call(55, 2)],
  putBackspread: [put(50, -1), put(45, 2)],
  longCallButterfly: [call(45, 1), call(50, -2), call(55, 1)],
  longPutButterfly: [put(45, 1), put(50, -2), put(55, 1)],
  shortCallButterfly: [call(45, -1), call(50, 2), call(55, -1)],
  shortPutButterfly: [put(45, -1), put(50, 2), put(55, -1)],
  brokenWingCallButterfly: [call(45, 1), call(50, -2), call(60, 1)],
  brokenWingPutButterfly: [put(35, 1), put(50, -2), put(55, 1)],
  longCallLadder: [call(45, 1), call(50, -1), call(55, -1)],
  longPutLadder: [put(45, -1), put(50, -1), put(55, 1)],
  shortCallLadder: [call(45, -1), call(50, 1), call(55, 1)],
  shortPutLadder: [put(45, 1), put(50, 1), put(55, -1)],
  jadeLizard: [put(45, -1), call(55, -1), call(60, 1)],
  reverseJadeLizard: [call(60, -1), put(50, -1), put(45, 1)],
  ironCondor: [put(40, 1), put(45, -1), call(55, -1), call(60, 1)],
  ironButterfly: [put(45, 1), put(50, -1), call(50, -1), call(55, 1)],
  reverseIronCondor: [put(40, -1), put(45, 1), call(55, 1), call(60, -1)],
  reverseIronButterfly: [put(45, -1), put(50, 1), call(50, 1), call(55, -1)],
  longCallCondor: [call(40, 1), call(45, -1), call(55, -1), call(60, 1)],
  longPutCondor: [put(40, 1), put(45, -1), put(55, -1), put(60, 1)],
  shortCallCondor: [call(40, -1), call(45, 1), call(55, 1), call(60, -1)],
  shortPutCondor: [put(40, -1), put(45, 1), put(55, 1), put(60, -1)],
  longBox: [call(45, 1), call(55, -1), put(55, 1), put(45, -1)],
  shortBox: [call(45, -1), call(55, 1), put(55, -1), put(45, 1)],
  doubleCalendar: [put(45, -1), put(45, 1, later), call(55, -1), call(55, 1, later)],
  doubleDiagonal: [put(45, -1), put(40, 1, later), call(55, -1), call(60, 1, later)],
};

describe('names of structures', () => {
  it.each(Object.entries(KNOWN))('%s', (name, legs) => {
    expect(recogniseStructure(legs)).toBe(name);
    expect(recogniseStructure([...legs].reverse())).toBe(name);
    const tripled = legs.map((leg) =>
      leg.kind === 'stock' ? { ...leg, shares: leg.shares * 3 } : { ...leg, ratio: leg.ratio * 3 },
    );
    expect(recogniseStructure(tripled)).toBe(name);
  });

  it('every name has its example', () => {
    expect(new Set([...Object.keys(KNOWN), 'custom'])).toEqual(new Set(STRUCTURE_NAMES));
  });

  it('calls custom what has no common name', () => {
    expect(recogniseStructure([])).toBe('custom');
    expect(recogniseStructure([call(50, 1), call(55, -1, { underlying: 'ABC' })])).toBe('custom');
    expect(recogniseStructure([call(50, 2), call(55, -1)])).toBe('custom');
    expect(recogniseStructure([stock(50), call(50, -1)])).toBe('custom');
    expect(recogniseStructure([put(40, 1), put(45, -1), call(55, -2), call(60, 2)])).toBe('custom');
    expect(recogniseStructure([put(55, -1), put(50, 1), call(45, -1), call(60, 1)])).toBe('custom');
  });

  it('nets equal contracts before it looks', () => {
    expect(recogniseStructure([put(50, -1), put(45, 2), put(45, -1)])).toBe('bullPutSpread');
    expect(recogniseStructure([put(50, -1), put(50, 1)])).toBe('custom');
  });
});
