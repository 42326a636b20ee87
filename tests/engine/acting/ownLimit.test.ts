import { describe, expect, it } from 'vitest';
import { occSymbol } from '#domain/market/instrument';
import { isoDate } from '#domain/units';
import { EngineDesk } from '#support/engineDesk';
import { holdingSpread } from './spread.ts';

const CALL = occSymbol({ root: 'XYZ', expiration: isoDate('2026-04-17'), right: 'call', strike: 105 });

/** 100 XYZ bought at 100 and its 105 call sold at 2.00: the whole is worth 98 a share. */
function coveredCall() {
  const desk = new EngineDesk().price('XYZ', 100).price(CALL, 2).start();
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
  desk.fills();
  desk.fills();
  desk.pass(1);
  return desk;
}

describe('a limit of the owner’s own on a closing order', () => {
  it('is refused for a covered call: 97.95 is the price of the whole, and no single order has it', () => {
    const desk = coveredCall();
    const answer = desk.command({ kind: 'closePosition', positionId: 'p1', contracts: null, netLimit: 97.95 });
    expect(answer).toMatchObject({ kind: 'refused', reasons: [{ gate: 'ownLimit', value: 97.95 }] });
    expect(desk.resting()).toEqual([]);
    expect(desk.factsOf('ExitTriggered')).toEqual([]);
    expect(desk.engine.view().positions.map(({ takesOwnLimit }) => takesOwnLimit)).toEqual([false]);
  });

  it('without one the covered call is closed in steps, at the ladder of each: the call first, then the shares', () => {
    const desk = coveredCall();
    desk.command({ kind: 'closePosition', positionId: 'p1', contracts: null, netLimit: null });
    const call = desk.only();
    expect(call.request).toMatchObject({ legs: [{ symbol: CALL, side: 'buy' }], netLimit: -2 });
    desk.fills(call);
    expect(desk.only().request).toMatchObject({ legs: [{ symbol: 'XYZ', side: 'sell' }], contracts: 100, netLimit: 100 });
    desk.fills();
    // 100.00 for the shares less 2.00 for the call, per unit: not the average of one call and a hundred shares.
    expect(desk.factsOf('PositionClosed')[0]?.trade.execution).toMatchObject({ exitCredit: 98, exitSlippage: 0 });
  });

  it('is taken for a spread, whose one order has the price of the whole', () => {
    const desk = holdingSpread(3);
    expect(desk.engine.view().positions[0]?.takesOwnLimit).toBe(true);
    desk.command({ kind: 'closePosition', positionId: 'p1', contracts: 2, netLimit: -0.6 });
    expect(desk.only().request).toMatchObject({ contracts: 2, netLimit: -0.6 });
  });

  it('is taken for what is left of it once the call is gone: shares alone, at a price per share', () => {
    const desk = coveredCall();
    desk.command({ kind: 'closePosition', positionId: 'p1', contracts: null, netLimit: null });
    desk.fills();
    desk.command({ kind: 'cancelOrder', intentId: 'i4' });
    expect(desk.book()).toEqual({ XYZ: 100 });
    desk.command({ kind: 'closePosition', positionId: 'p1', contracts: null, netLimit: 100.5 });
    expect(desk.only().request).toMatchObject({ assetClass: 'stock', contracts: 100, netLimit: 100.5 });
  });

  it('is taken for shares that were bought alone, and starts at the price of one', () => {
    const settings = { risk: { maxContractsPerOrder: 100, maxRiskPerTradeFraction: 0.5 } };
    const desk = new EngineDesk({ settings }).price('XYZ', 100).start();
    const legs = [{ symbol: 'XYZ', ratio: 100 }];
    desk.command({ kind: 'openStructure', legs, contracts: 1, netLimit: -10_001, note: '' });
    desk.fills();
    desk.pass(61);
    expect(desk.engine.view().positions[0]).toMatchObject({ takesOwnLimit: true, mark: { unitMid: 100, spread: 0.02 } });
    desk.command({ kind: 'closePosition', positionId: 'p1', contracts: null, netLimit: 100.5 });
    expect(desk.only().request).toMatchObject({ assetClass: 'stock', contracts: 100, netLimit: 100.5 });
    desk.fills();
    expect(desk.factsOf('PositionClosed')[0]?.trade.execution).toMatchObject({ fillCredit: -100.01, exitCredit: 100.5 });
  });
});
