import type { NamedLeg, StructureName } from './structureNames.ts';

/** Names four option legs (ascending strikes, ratios in lowest terms). */
export function nameOfFourLegs(legs: readonly NamedLeg[]): StructureName {
  if (legs.some((leg) => Math.abs(leg.ratio) !== 1)) return 'custom';
  const calls = legs.filter((leg) => leg.right === 'call');
  const puts = legs.filter((leg) => leg.right === 'put');
  const expirations = new Set(legs.map((leg) => leg.expiration)).size;
  if (expirations === 2 && calls.length === 2) return nameOfDouble(calls, puts);
  if (expirations !== 1) return 'custom';
  if (calls.length === 2) return nameOfTwoVerticals(calls, puts);
  return calls.length === 4 || puts.length === 4 ? nameOfCondor(legs) : 'custom';
}

function nameOfTwoVerticals(calls: readonly NamedLeg[], puts: readonly NamedLeg[]): StructureName {
  const [lowCall, highCall] = calls;
  const [lowPut, highPut] = puts;
  if (!lowCall || !highCall || !lowPut || !highPut) return 'custom';
  if (lowCall.ratio === highCall.ratio || lowPut.ratio === highPut.ratio) return 'custom';
  if (lowCall.strike === lowPut.strike && highCall.strike === highPut.strike && lowCall.ratio === -lowPut.ratio) {
    return lowCall.ratio > 0 ? 'longBox' : 'shortBox';
  }
  const short = lowCall.ratio < 0 && highPut.ratio < 0;
  const long = lowCall.ratio > 0 && highPut.ratio > 0;
  if ((!short && !long) || highPut.strike > lowCall.strike) return 'custom';
  if (highPut.strike === lowCall.strike) return short ? 'ironButterfly' : 'reverseIronButterfly';
  return short ? 'ironCondor' : 'reverseIronCondor';
}

function nameOfCondor(legs: readonly NamedLeg[]): StructureName {
  const ratios = legs.map((leg) => leg.ratio).join();
  const call = legs[0]?.right === 'call';
  if (ratios === '1,-1,-1,1') return call ? 'longCallCondor' : 'longPutCondor';
  return ratios === '-1,1,1,-1' ? (call ? 'shortCallCondor' : 'shortPutCondor') : 'custom';
}

/** A call and a put time spread on the same two expirations, later legs long. */
function nameOfDouble(calls: readonly NamedLeg[], puts: readonly NamedLeg[]): StructureName {
  let calendars = 0;
  for (const pair of [calls, puts]) {
    const [later, earlier] = [...pair].sort((a, b) => b.expiration.localeCompare(a.expiration));
    if (!later || !earlier || later.expiration === earlier.expiration || later.ratio !== 1 || earlier.ratio !== -1)
      return 'custom';
    if (later.strike === earlier.strike) calendars++;
  }
  return calendars === 2 ? 'doubleCalendar' : calendars === 0 ? 'doubleDiagonal' : 'custom';
}
