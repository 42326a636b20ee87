import { describe, expect, it } from 'vitest';
import { occSymbol } from '#domain/market/instrument';
import { isoDate } from '#domain/units';
import { EngineDesk } from '#support/engineDesk';

const CALL = occSymbol({ root: 'XYZ', expiration: isoDate('2026-04-17'), right: 'call', strike: 105 });

/** XYZ as one venue shows it from now on. */
function stockShows(desk: EngineDesk, bid: number, ask: number): void {
  desk.quotes.set('XYZ', { bid, ask, bidSize: 5, askSize: 5, at: desk.now });
}

/** 100 XYZ that were bought elsewhere at 100. */
function holdingShares(): EngineDesk {
  const desk = new EngineDesk({ settings: { risk: { maxPositionsPerSymbol: 5 } } }).price('XYZ', 100);
  desk.equity = 100_000_000;
  desk.start();
  desk.trades({ symbol: 'XYZ', contracts: 100, price: 100 });
  desk.pass(200);
  expect(desk.book()).toEqual({ XYZ: 100 });
  return desk;
}

const flatten = (desk: EngineDesk) => desk.command({ kind: 'throwKillSwitch', verb: 'flatten', reason: 'out' });

describe('100 XYZ while their venue shows 94.00 / 95.50, 1.6 % wide', () => {
  it('are sold by a flatten at what is shown, down to the bid, and the price of XYZ stays the last good one', () => {
    const desk = holdingShares();
    stockShows(desk, 94, 95.5);
    desk.pass(1);
    flatten(desk);
    expect(desk.only().request.netLimit).toBe(94.75);
    desk.pass(60);
    const limits = desk.factsOf('OrderIntended').map(({ request }) => request.netLimit);
    expect(limits.at(-1)).toBeLessThanOrEqual(94);
    expect(desk.engine.riskBook().quoteOf('XYZ')).toMatchObject({ bid: 99.99, ask: 100.01 });
    expect(desk.factsOf('RungEnded').at(-1)).toMatchObject({ bid: 94, ask: 95.5 });
    desk.fills();
    expect(desk.book()).toEqual({});
  });

  it('are sold after a restart that saw no good quote', () => {
    const desk = holdingShares();
    stockShows(desk, 94, 95.5);
    desk.start().pass(5);
    flatten(desk);
    expect(desk.only().request).toMatchObject({ assetClass: 'stock', netLimit: 94.75 });
  });

  it('follow their call: a buy-write is flattened whole', () => {
    const desk = new EngineDesk().price('XYZ', 100).price(CALL, 2).start();
    const legs = [
      { symbol: 'XYZ', ratio: 100 },
      { symbol: CALL, ratio: -1 },
    ];
    desk.command({ kind: 'openStructure', legs, contracts: 1, netLimit: -98.05, note: '' });
    desk.fills();
    desk.fills();
    desk.pass(120);
    stockShows(desk, 94, 95.5);
    desk.price(CALL, 0.7).pass(1);
    flatten(desk);
    desk.fills();
    expect(desk.only().request).toMatchObject({ assetClass: 'stock', netLimit: 94.75 });
    desk.pass(10);
    desk.fills();
    expect(desk.book()).toEqual({});
  });

  it('are no price to sell a call on: the entry is refused by the age of the last good one', () => {
    const desk = holdingShares();
    desk.price(CALL, 2).pass(400);
    stockShows(desk, 94, 95.5);
    desk.pass(30);
    const legs = [{ symbol: CALL, ratio: -1 }];
    const outcome = desk.command({ kind: 'openStructure', legs, contracts: 1, netLimit: 2, note: '' });
    expect(outcome.kind === 'refused' && outcome.reasons.map(({ gate }) => gate)).toContain('quoteAge');
  });
});

describe('100 XYZ at a stub quote', () => {
  it.each([
    ['of 1.00 / 100.10', 1, 100.1],
    ['without a bid', 0, 100.1],
  ])('%s are not offered at half of it: a flatten after a restart sends nothing and tells so, once', (_, bid, ask) => {
    const desk = holdingShares();
    stockShows(desk, bid, ask);
    desk.start().pass(5);
    flatten(desk);
    desk.pass(250);
    expect(desk.orders.size).toBe(0);
    const told = desk.notes.filter((title) => title === 'XYZ: an urgent exit was not sent');
    expect(told).toHaveLength(1);
    expect(desk.factsOf('FaultRecorded').filter(({ fault }) => fault.code === 'exitNotSent')).toMatchObject([
      { fault: { message: 'p1: quote' } },
    ]);
  });
});
