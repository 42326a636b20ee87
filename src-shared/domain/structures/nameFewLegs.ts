import type { NamedLeg, StructureName } from './structureNames.ts';

/** Names two option legs (ascending strikes, ratios in lowest terms). */
export function nameOfTwoLegs(legs: readonly NamedLeg[]): StructureName {
  const [low, high] = legs;
  if (!low || !high) return 'custom';
  if (low.expiration !== high.expiration) return nameOfTimeSpread(low, high);
  if (low.right !== high.right) return nameOfCallAndPut(low, high);
  const call = low.right === 'call';
  if (Math.abs(low.ratio) === 1 && Math.abs(high.ratio) === 1) {
    if (low.ratio > 0 && high.ratio < 0) return call ? 'bullCallSpread' : 'bullPutSpread';
    return low.ratio < 0 && high.ratio > 0 ? (call ? 'bearCallSpread' : 'bearPutSpread') : 'custom';
  }
  return nameOfRatio(low, high);
}

/** Ratio spread: fewer long near the money, more short further out; a backspread is the other way round. */
function nameOfRatio(low: NamedLeg, high: NamedLeg): StructureName {
  const call = low.right === 'call';
  const [near, far] = call ? [low, high] : [high, low];
  if (Math.abs(far.ratio) <= Math.abs(near.ratio)) return 'custom';
  if (near.ratio > 0 && far.ratio < 0) return call ? 'callRatioSpread' : 'putRatioSpread';
  return near.ratio < 0 && far.ratio > 0 ? (call ? 'callBackspread' : 'putBackspread') : 'custom';
}

function nameOfCallAndPut(low: NamedLeg, high: NamedLeg): StructureName {
  if (Math.abs(low.ratio) !== 1 || Math.abs(high.ratio) !== 1) return 'custom';
  const [call, put] = low.right === 'call' ? [low, high] : [high, low];
  const sameStrike = low.strike === high.strike;
  if (call.ratio === put.ratio) {
    const long = call.ratio > 0;
    if (sameStrike) return long ? 'longStraddle' : 'shortStraddle';
    if (call.strike > put.strike) return long ? 'longStrangle' : 'shortStrangle';
    return long ? 'longGuts' : 'shortGuts';
  }
  if (sameStrike) return call.ratio > 0 ? 'syntheticLong' : 'syntheticShort';
  if (call.strike < put.strike) return 'custom';
  return call.ratio > 0 ? 'bullishRiskReversal' : 'bearishRiskReversal';
}

/** A calendar or diagonal is called long when the later leg is long. */
function nameOfTimeSpread(a: NamedLeg, b: NamedLeg): StructureName {
  if (a.right !== b.right || a.ratio * b.ratio !== -1) return 'custom';
  const later = a.expiration > b.expiration ? a : b;
  const long = later.ratio > 0;
  if (a.strike === b.strike) {
    if (a.right === 'call') return long ? 'callCalendar' : 'shortCallCalendar';
    return long ? 'putCalendar' : 'shortPutCalendar';
  }
  if (a.right === 'call') return long ? 'callDiagonal' : 'shortCallDiagonal';
  return long ? 'putDiagonal' : 'shortPutDiagonal';
}

/** Names three option legs (ascending strikes, ratios in lowest terms). */
export function nameOfThreeLegs(legs: readonly NamedLeg[]): StructureName {
  const [low, middle, high] = legs;
  if (!low || !middle || !high) return 'custom';
  if (low.expiration !== middle.expiration || middle.expiration !== high.expiration) return 'custom';
  const calls = legs.filter((leg) => leg.right === 'call').length;
  if (calls === 3 || calls === 0) return nameOfButterfly(low, middle, high);
  return calls === 2 ? nameOfLizard(legs, 'call') : nameOfLizard(legs, 'put');
}

function nameOfButterfly(low: NamedLeg, middle: NamedLeg, high: NamedLeg): StructureName {
  const call = low.right === 'call';
  const ratios = `${low.ratio},${middle.ratio},${high.ratio}`;
  const sameWings = Math.abs(middle.strike - low.strike - (high.strike - middle.strike)) < 1e-9;
  if (ratios === '1,-2,1') {
    if (!sameWings) return call ? 'brokenWingCallButterfly' : 'brokenWingPutButterfly';
    return call ? 'longCallButterfly' : 'longPutButterfly';
  }
  if (ratios === '-1,2,-1' && sameWings) return call ? 'shortCallButterfly' : 'shortPutButterfly';
  if (call && ratios === '1,-1,-1') return 'longCallLadder';
  if (call && ratios === '-1,1,1') return 'shortCallLadder';
  if (!call && ratios === '-1,-1,1') return 'longPutLadder';
  return !call && ratios === '1,1,-1' ? 'shortPutLadder' : 'custom';
}

/** Jade lizard: short put below a short call spread; reverse: short call above a short put spread. */
function nameOfLizard(legs: readonly NamedLeg[], spreadRight: 'call' | 'put'): StructureName {
  const spread = legs.filter((leg) => leg.right === spreadRight);
  const single = legs.find((leg) => leg.right !== spreadRight);
  const [low, high] = spread;
  if (!low || !high || !single || single.ratio !== -1) return 'custom';
  if (spreadRight === 'call') return low.ratio === -1 && high.ratio === 1 && single.strike < low.strike ? 'jadeLizard' : 'custom';
  return low.ratio === 1 && high.ratio === -1 && single.strike > high.strike ? 'reverseJadeLizard' : 'custom';
}
