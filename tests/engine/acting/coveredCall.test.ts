import { describe, expect, it } from 'vitest';
import { atNewYork } from '#domain/market/calendar';
import { occSymbol } from '#domain/market/instrument';
import { isoDate } from '#domain/units';
import { EngineDesk } from '#support/engineDesk';
import { onlyPosition } from './spread.ts';

const CALL = occSymbol({ root: 'XYZ', expiration: isoDate('2026-04-17'), right: 'call', strike: 105 });

/** The owner asks for 100 XYZ at 100 against its 105 call at 2.00: a debit of 98 a share. */
function buyWrite(settings: Record<string, unknown> = {}) {
  const desk = new EngineDesk({ settings }).price('XYZ', 100).price(CALL, 2).start();
  const outcome = desk.command({
    kind: 'openStructure',
    legs: [
      { symbol: 'XYZ', ratio: 100 },
      { symbol: CALL, ratio: -1 },
    ],
    contracts: 1,
    netLimit: -98.05,
    note: '',
  });
  return { desk, outcome };
}

describe('a covered call', () => {
  it('sells its call once the shares are there: their money is not asked for twice', () => {
    const { desk, outcome } = buyWrite({ risk: { maxBuyingPowerFraction: 0.15 } });
    expect(outcome).toMatchObject({ kind: 'done' });
    expect(desk.only().request).toMatchObject({ assetClass: 'stock', contracts: 100 });
    desk.fills();
    const call = desk.only();
    expect(call.request).toMatchObject({ assetClass: 'option', contracts: 1, netLimit: 2 });
    desk.fills(call);
    expect(desk.book()).toEqual({ XYZ: 100, [CALL]: -1 });
  });

  it('of five that the gate cut down to fewer sells no more calls than it bought shares for, whatever else is held', () => {
    const desk = new EngineDesk({
      settings: {
        scanner: { maxEquityShareSecured: 1, maxStressLossFraction: 1 },
        risk: {
          maxBuyingPowerFraction: 0.35,
          maxPositionsPerSymbol: 5,
          maxNotionalPerOrderDollars: 1_000_000,
          maxStressLossFraction: 1,
        },
      },
    });
    desk.price('XYZ', 100).price(CALL, 2).hold('XYZ', 300);
    desk.start().pass(200);
    expect(desk.book()).toEqual({ XYZ: 300 });
    const outcome = desk.command({
      kind: 'openStructure',
      legs: [
        { symbol: 'XYZ', ratio: 100 },
        { symbol: CALL, ratio: -1 },
      ],
      contracts: 5,
      netLimit: -98.05,
      note: '',
    });
    expect(outcome).toMatchObject({ kind: 'done' });
    const { contracts } = desk.only().request;
    expect(contracts).toBeGreaterThanOrEqual(100);
    expect(contracts).toBeLessThan(500);
    desk.fills();
    expect(desk.only().request).toMatchObject({ legs: [{ symbol: CALL, side: 'sell' }], contracts: contracts / 100 });
  });

  it('is one entry: its call is no second one in the symbol that day', () => {
    const { desk } = buyWrite({ risk: { maxEntriesPerSymbolPerDay: 1 } });
    desk.fills();
    desk.fills(desk.only());
    expect(desk.book()).toEqual({ XYZ: 100, [CALL]: -1 });
  });

  it('leaves room for a second entry where two are allowed', () => {
    const settings = { risk: { maxEntriesPerSymbolPerDay: 2, maxPositionsPerSymbol: 5, minDaysBetweenSameSymbolEntries: 0 } };
    const { desk } = buyWrite(settings);
    desk.fills();
    desk.fills(desk.only());
    desk.pass(400);
    const put = occSymbol({ root: 'XYZ', expiration: isoDate('2026-04-17'), right: 'put', strike: 95 });
    desk.price(put, 2);
    desk.pass(5);
    const outcome = desk.command({
      kind: 'openStructure',
      legs: [{ symbol: put, ratio: -1 }],
      contracts: 1,
      netLimit: 1.98,
      note: '',
    });
    expect(outcome).toMatchObject({ kind: 'done' });
  });

  it('says by which gate its call was refused, and sells its shares again', () => {
    const { desk } = buyWrite({ risk: { maxOrdersPerDay: 1 } });
    desk.fills();
    expect(desk.factsOf('FaultRecorded').map(({ fault }) => fault)).toEqual([
      {
        code: 'riskGate',
        message: 'The next leg of p1 was refused: ordersPerDay 2 against 1 orders.',
        retryable: false,
      },
    ]);
    desk.pass(62);
    expect(desk.only().request).toMatchObject({ assetClass: 'stock', purpose: 'close', contracts: 100 });
  });

  it('has its call watched while the shares are worked: what was quoted a minute ago is no price to sell at', () => {
    const { desk } = buyWrite();
    expect(desk.watched).toContain(CALL);
  });

  it('asks for fresh quotes when its call was last quoted too long ago, and sells it at them', () => {
    const { desk } = buyWrite({ execution: { entryProfile: 'patient' } });
    desk.quoting = false;
    desk.pass(12);
    desk.quotes.set(CALL, { bid: 1.6, ask: 1.64, bidSize: 10, askSize: 10, at: desk.now });
    desk.fills();
    expect(desk.resting()).toEqual([]);
    desk.quoting = true;
    desk.tick();
    expect(desk.only().request).toMatchObject({ assetClass: 'option', netLimit: 1.62 });
    desk.fills();
    expect(desk.book()).toEqual({ XYZ: 100, [CALL]: -1 });
  });

  it('goes to natural for its call rather than stay half a structure', () => {
    const { desk } = buyWrite();
    desk.fills();
    desk.pass(60);
    expect(desk.only().request.netLimit).toBe(1.98);
  });

  it('without a buyer for the call sells its shares again', () => {
    const { desk } = buyWrite();
    desk.fills();
    desk.pass(400);
    expect(desk.factsOf('ExitTriggered')[0]).toMatchObject({
      reason: 'partialFillCleanup',
      rule: { gate: 'optionLegs', value: 0, limit: 1 },
    });
    expect(desk.only().request).toMatchObject({ assetClass: 'stock', purpose: 'close', contracts: 100 });
    desk.fills();
    expect(desk.book()).toEqual({});
  });

  it('with a part of its shares only sells them again, a restart in between or not', () => {
    const { desk } = buyWrite();
    desk.fills(desk.only(), 60);
    desk.pass(200);
    desk.start().pass(62);
    expect(desk.only().request).toMatchObject({ assetClass: 'stock', purpose: 'close', contracts: 60 });
    desk.fills();
    expect(desk.book()).toEqual({});
  });

  it('keeps its shares when the call expired: that was decided', () => {
    const { desk } = buyWrite();
    desk.fills();
    desk.fills();
    desk.quoting = false;
    desk.now = atNewYork(isoDate('2026-04-17'), '16:45');
    desk.hold(CALL, 1);
    desk.quoting = true;
    desk.start();
    desk.now = atNewYork(isoDate('2026-04-20'), '10:00');
    desk.start().pass(300);
    expect(desk.book()).toEqual({ XYZ: 100 });
    expect(desk.resting()).toHaveLength(0);
    expect(onlyPosition(desk).structure).toBe('longStock');
  });
});
