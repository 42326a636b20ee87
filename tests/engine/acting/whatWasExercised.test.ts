import { describe, expect, it } from 'vitest';
import { atNewYork } from '#domain/market/calendar';
import { occSymbol } from '#domain/market/instrument';
import { cents, isoDate } from '#domain/units';
import { holdingSpread, LONG, SHORT } from './spread.ts';

const EXPIRATION = isoDate('2026-04-17');
const CALL = occSymbol({ root: 'XYZ', expiration: EXPIRATION, right: 'call', strike: 105 });

/**
 * A 95/90 put spread sold and a 105 call bought; the program was away while they expired, XYZ last seen at `seenAt`. 100 shares came,
 * `paid` dollars each: either the short put was assigned or the call was exercised.
 */
function awayAtExpiry(seenAt: number, paid: number) {
  const desk = holdingSpread(1, { settings: { risk: { maxPositionsPerSymbol: 5, maxEntriesPerSymbolPerDay: 5 } } });
  desk.price(CALL, 2).pass(400);
  desk.command(
    { kind: 'openStructure', legs: [{ symbol: CALL, ratio: 1 }], contracts: 1, netLimit: -2.02, note: '' },
    'the call',
  );
  desk.fills();
  desk.price('XYZ', seenAt).pass(5);
  desk.quoting = false;
  desk.now = atNewYork(EXPIRATION, '16:45');
  for (const [symbol, change] of [
    [SHORT, 1],
    [LONG, -1],
    [CALL, -1],
    ['XYZ', 100],
  ] as const)
    desk.hold(symbol, change);
  desk.cash -= cents(paid * 100 * 100);
  desk.post({ kind: 'timerFired', at: desk.now, reason: { kind: 'sweep', subject: '' } });
  const told = desk.factsOf('Reconciled').flatMap(({ differences }) => differences);
  return new Map(told.map(({ subject, classification }) => [subject, classification]));
}

describe('shares that two legs could have brought', () => {
  it('at the call’s strike came from the call, though our last look has it out of the money', () => {
    const told = awayAtExpiry(94, 105);
    expect([told.get(SHORT), told.get(LONG), told.get(CALL), told.get('XYZ')]).toEqual([
      'expired',
      'expired',
      'exercised',
      'delivered',
    ]);
    expect(told.get('cash')).toBeUndefined();
  });

  it('at the put’s strike came from the put, though our last look has it out of the money', () => {
    const told = awayAtExpiry(106, 95);
    expect([told.get(SHORT), told.get(CALL)]).toEqual(['assigned', 'expired']);
    expect(told.get('cash')).toBeUndefined();
  });

  it('at neither are taken by our last look, and the cash that does not fit is said', () => {
    const told = awayAtExpiry(106, 101);
    expect([told.get(SHORT), told.get(CALL), told.get('cash')]).toEqual(['expired', 'exercised', 'unknownCash']);
  });
});
