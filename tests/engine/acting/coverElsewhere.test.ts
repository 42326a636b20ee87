import { describe, expect, it } from 'vitest';
import { occSymbol } from '#domain/market/instrument';
import { isoDate } from '#domain/units';
import type { CommandOutcome } from '#ports/commands';
import { EngineDesk } from '#support/engineDesk';

const EXPIRATION = isoDate('2026-04-17');
const CALL = occSymbol({ root: 'XYZ', expiration: EXPIRATION, right: 'call', strike: 105 });
const HIGHER = occSymbol({ root: 'XYZ', expiration: EXPIRATION, right: 'call', strike: 110 });
const PUT = occSymbol({ root: 'XYZ', expiration: EXPIRATION, right: 'put', strike: 95 });
const LOWER = occSymbol({ root: 'XYZ', expiration: EXPIRATION, right: 'put', strike: 90 });

function opens(desk: EngineDesk, symbol: string, ratio: number, contracts: number, netLimit: number): CommandOutcome {
  return desk.command({ kind: 'openStructure', legs: [{ symbol, ratio }], contracts, netLimit, note: '' });
}

const ROOM = {
  maxPositionsPerSymbol: 5,
  maxEntriesPerSymbolPerDay: 5,
  minSecondsBetweenEntries: 0,
  minDaysBetweenSameSymbolEntries: 0,
};

/** Bought and sold elsewhere: each leg is a position of its own here. */
function adopted(holdings: Readonly<Record<string, number>>, cash = 10_000_000, risk = {}): EngineDesk {
  const desk = new EngineDesk({ settings: { risk: { ...ROOM, ...risk } } });
  for (const [symbol, mid] of [
    ['XYZ', 100],
    [CALL, 2],
    [HIGHER, 1],
    [PUT, 2.1],
    [LOWER, 0.88],
  ] as const)
    desk.price(symbol, mid);
  desk.cash = cash;
  desk.equity = 100_000_000;
  desk.start();
  for (const [symbol, contracts] of Object.entries(holdings))
    desk.trades({ symbol, contracts, price: symbol === 'XYZ' ? 100 : 1 });
  desk.pass(200);
  expect(desk.book()).toEqual(holdings);
  return desk;
}

/** 100 XYZ with their 105 call sold as a position of its own. */
function holdingBoth(): EngineDesk {
  const desk = adopted({ XYZ: 100 });
  desk.pass(400);
  const sold = opens(desk, CALL, -1, 1, 2);
  expect(sold.kind === 'refused' ? sold.reasons : []).toEqual([]);
  desk.fills();
  expect(desk.book()).toEqual({ XYZ: 100, [CALL]: -1 });
  return desk;
}

const symbolsResting = (desk: EngineDesk): string[] =>
  desk.resting().flatMap(({ request }) => request.legs.map(({ symbol, side }) => `${side} ${symbol}`));

describe('shares that another position’s call stands on', () => {
  it('are not sold before the call is bought back, and the owner is told which', () => {
    const desk = holdingBoth();
    const outcome = desk.command({ kind: 'closePosition', positionId: 'p1', contracts: null, netLimit: null });
    expect(outcome).toMatchObject({
      kind: 'refused',
      reasons: [{ gate: 'uncoveredShort', value: 1, limit: 0, note: 'it covers the short of p2: close that first' }],
    });
    expect(desk.resting()).toEqual([]);
    desk.command({ kind: 'closePosition', positionId: 'p2', contracts: null, netLimit: null });
    // Not while the call is only on its way back either.
    expect(desk.command({ kind: 'closePosition', positionId: 'p1', contracts: null, netLimit: null })).toMatchObject({
      kind: 'refused',
    });
    desk.fills();
    expect(desk.command({ kind: 'closePosition', positionId: 'p1', contracts: null, netLimit: null })).toMatchObject({
      kind: 'done',
    });
    desk.fills();
    expect(desk.book()).toEqual({});
  });

  it('are flattened after the call: its buy-back first, the shares at once when it is filled', () => {
    const desk = holdingBoth();
    desk.command({ kind: 'throwKillSwitch', verb: 'flatten', reason: 'story' });
    expect(symbolsResting(desk)).toEqual([`buy ${CALL}`]);
    desk.pass(5);
    expect(symbolsResting(desk)).toEqual([`buy ${CALL}`]);
    desk.fills();
    expect(symbolsResting(desk)).toEqual(['sell XYZ']);
    desk.fills();
    expect(desk.book()).toEqual({});
    expect(desk.latchRecord.state).toBe('HALTED');
  });

  it('cover no new call while they are being sold', () => {
    const desk = adopted({ XYZ: 100 });
    desk.pass(400);
    expect(desk.command({ kind: 'closePosition', positionId: 'p1', contracts: null, netLimit: 101 })).toMatchObject({
      kind: 'done',
    });
    expect(desk.only().request).toMatchObject({ purpose: 'close', assetClass: 'stock' });
    const outcome = opens(desk, CALL, -1, 1, 2);
    expect(outcome.kind === 'refused' && outcome.reasons.map(({ gate }) => gate)).toContain('uncoveredShort');
  });

  it('are sold only when the entry that counts on them is taken back', () => {
    const desk = adopted({ XYZ: 100 });
    desk.pass(400);
    expect(opens(desk, CALL, -1, 1, 2.01)).toMatchObject({ kind: 'done' });
    desk.cancels = 'lost';
    const close = () => desk.command({ kind: 'closePosition', positionId: 'p1', contracts: null, netLimit: null });
    expect(close()).toMatchObject({ kind: 'refused', reasons: [{ gate: 'selfCross' }] });
    // Ten seconds without an answer: an exit waits no longer, but the call may still be sold.
    desk.pass(11);
    expect(close()).toMatchObject({ kind: 'refused', reasons: [{ gate: 'uncoveredShort' }] });
    desk.cancels = 'confirmed';
    desk.command({ kind: 'cancelOrder', intentId: desk.only().request.intentId });
    expect(close()).toMatchObject({ kind: 'done' });
    expect(symbolsResting(desk)).toEqual(['sell XYZ']);
  });
});

describe('a vertical that came from elsewhere as two positions', () => {
  it('is flattened short first: the long call goes when nothing stands on it any more', () => {
    const desk = adopted({ [HIGHER]: 2, [CALL]: -2 });
    desk.command({ kind: 'throwKillSwitch', verb: 'flatten', reason: 'story' });
    expect(symbolsResting(desk)).toEqual([`buy ${CALL}`]);
    desk.fills(desk.only(), 1);
    desk.pass(3);
    expect(symbolsResting(desk)).toEqual([`buy ${CALL}`]);
    desk.fills();
    expect(symbolsResting(desk)).toEqual([`sell ${HIGHER}`]);
    desk.fills();
    expect(desk.book()).toEqual({});
  });

  it('of puts may lose its long where the account holds the strike of the short in cash, and not otherwise', () => {
    const close = (desk: EngineDesk) => {
      const long = desk.engine.view().positions.find(({ position }) => position.legs[0]?.symbol === LOWER);
      return desk.command({
        kind: 'closePosition',
        positionId: long?.position.positionId ?? '',
        contracts: null,
        netLimit: null,
      });
    };
    expect(close(adopted({ [LOWER]: 1, [PUT]: -1 }, 10_000_000))).toMatchObject({ kind: 'done' });
    expect(close(adopted({ [LOWER]: 1, [PUT]: -1 }, 500_000))).toMatchObject({
      kind: 'refused',
      reasons: [{ gate: 'uncoveredShort', value: 1, limit: 0 }],
    });
  });
});

describe('under a ceiling of $50,000 for everything at risk', () => {
  const CEILING = { capitalCeilingDollars: 50_000 };
  const ceilingOf = (outcome: CommandOutcome) =>
    outcome.kind === 'refused' ? outcome.reasons.find(({ gate }) => gate === 'capitalCeiling') : undefined;

  it('a buy-write of 100 XYZ at 100 sells its call: the shares are at risk, the call on them is not', () => {
    const desk = new EngineDesk({ settings: { risk: CEILING } }).price('XYZ', 100).price(CALL, 2).start();
    const legs = [
      { symbol: 'XYZ', ratio: 100 },
      { symbol: CALL, ratio: -1 },
    ];
    desk.command({ kind: 'openStructure', legs, contracts: 1, netLimit: -98.05, note: '' });
    desk.fills();
    expect(desk.factsOf('FaultRecorded')).toEqual([]);
    desk.fills();
    expect(desk.book()).toEqual({ XYZ: 100, [CALL]: -1 });
    desk.pass(62);
    expect(desk.resting()).toEqual([]);
  });

  it('a call is sold on shares that are held, and stops no further entry afterwards', () => {
    const desk = adopted({ XYZ: 100 }, 10_000_000, CEILING);
    desk.pass(400);
    expect(opens(desk, CALL, -1, 1, 2)).toMatchObject({ kind: 'done' });
    desk.fills();
    const [shares, call] = desk.engine.riskBook().exposures;
    expect([shares?.buyingPowerEffect, call?.maxLoss, call?.buyingPowerEffect]).toEqual([-1_000_000, 0, 0]);
    desk.pass(400);
    const spread = [
      { symbol: PUT, ratio: -1 },
      { symbol: LOWER, ratio: 1 },
    ];
    expect(desk.command({ kind: 'openStructure', legs: spread, contracts: 1, netLimit: 1.2, note: '' })).toMatchObject({
      kind: 'done',
    });
    // 10,000 of the shares and 380 of the spread.
    const gates = desk.factsOf('OrderIntended').at(-1)?.gates ?? [];
    expect(gates.find(({ gate }) => gate === 'capitalCeiling')).toMatchObject({ value: 10_380, limit: 50_000 });
  });

  it('a second call on the same shares is refused, and so is everything beside a call from elsewhere that nothing covers', () => {
    const desk = adopted({ XYZ: 100, [CALL]: -2 }, 10_000_000, CEILING);
    desk.pass(400);
    const spread = [
      { symbol: PUT, ratio: -1 },
      { symbol: LOWER, ratio: 1 },
    ];
    const outcome = desk.command({ kind: 'openStructure', legs: spread, contracts: 1, netLimit: 1.2, note: '' });
    expect(ceilingOf(outcome)).toMatchObject({ value: null, limit: 50_000 });
    expect(ceilingOf(opens(desk, HIGHER, -1, 1, 1))).toMatchObject({ value: null });
  });
});
