import { describe, expect, it } from 'vitest';
import { atNewYork } from '#domain/market/calendar';
import { occSymbol } from '#domain/market/instrument';
import { isoDate } from '#domain/units';
import { EngineDesk } from '#support/engineDesk';
import { onlyPosition } from './spread.ts';

const CALL = occSymbol({ root: 'XYZ', expiration: isoDate('2026-04-17'), right: 'call', strike: 105 });

/** The owner asks for 100 XYZ at 100 against its 105 call at 2.00: a debit of 98 a share. */
function buyWrite(settings: Record<string, unknown> = {}, netLimit = -98.05) {
  const desk = new EngineDesk({ settings }).price('XYZ', 100).price(CALL, 2).start();
  const outcome = desk.command({
    kind: 'openStructure',
    legs: [
      { symbol: 'XYZ', ratio: 100 },
      { symbol: CALL, ratio: -1 },
    ],
    contracts: 1,
    netLimit,
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
    desk.quotes.set(CALL, { bid: 2.1, ask: 2.14, bidSize: 10, askSize: 10, at: desk.now });
    desk.fills();
    expect(desk.resting()).toEqual([]);
    desk.quoting = true;
    desk.tick();
    expect(desk.only().request).toMatchObject({ assetClass: 'option', netLimit: 2.12 });
    desk.fills();
    expect(desk.book()).toEqual({ XYZ: 100, [CALL]: -1 });
  });

  it('is not begun again right after it ended: the same shares within five minutes are a duplicate', () => {
    const settings = { risk: { maxEntriesPerSymbolPerDay: 5, maxPositionsPerSymbol: 5 } };
    const { desk } = buyWrite(settings);
    desk.command({ kind: 'cancelOrder', intentId: 'i1' });
    const again = () =>
      desk.command({
        kind: 'openStructure',
        legs: [
          { symbol: 'XYZ', ratio: 100 },
          { symbol: CALL, ratio: -1 },
        ],
        contracts: 1,
        netLimit: -98.05,
        note: '',
      });
    desk.pass(60);
    expect(again()).toMatchObject({ kind: 'refused', reasons: [{ gate: 'duplicate', value: 60, limit: 300 }] });
    desk.pass(241);
    expect(again()).toMatchObject({ kind: 'done' });
  });

  it('is refused at a limit that both together cannot meet at natural: -90, and -98.02 where natural is -98.03', () => {
    for (const limit of [-90, -98.02]) {
      const { desk, outcome } = buyWrite({}, limit);
      expect(outcome).toMatchObject({ kind: 'refused', reasons: [{ gate: 'ownLimit', value: -98.03, limit }] });
      expect(desk.factsOf('OrderIntended')).toEqual([]);
    }
    expect(buyWrite({}, -98.03).outcome).toMatchObject({ kind: 'done' });
  });

  it('costs no more than its limit: what the shares leave of it is the least that the call is sold for', () => {
    const { desk } = buyWrite({}, -98.03);
    desk.price(CALL, 1.96).tick();
    // Shares at most 100.03 while the call stands at 2.00 in the middle, and never beyond natural.
    expect(desk.only().request.netLimit).toBeGreaterThanOrEqual(-100.01);
    desk.fills(desk.only(), 100, -100.01);
    expect(desk.factsOf('OrderIntended').at(-1)?.ladder.bound).toBe(1.98);
    for (const { request } of desk.resting()) expect(request.netLimit).toBeGreaterThanOrEqual(1.98);
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
