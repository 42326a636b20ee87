import { describe, expect, it } from 'vitest';
import { midOf } from '#domain/market/chain';
import { occSymbol } from '#domain/market/instrument';
import { instant, isoDate } from '#domain/units';
import type { CatalogEntry } from '#ports/strategy';
import { EngineDesk } from '#support/engineDesk';
import { pricedByModel } from '#support/putChain';
import { QUIET_STRATEGY } from '#support/quietStrategy';
import { holdingSpread, onlyPosition, SHORT } from './spread.ts';

const CALL = occSymbol({ root: 'XYZ', expiration: isoDate('2026-04-17'), right: 'call', strike: 105 });
/** It wants every position left three days before its expiration. */
const NEARER_STOP: CatalogEntry = {
  ...QUIET_STRATEGY,
  id: 'manual',
  configure: (parameters) => ({
    ...QUIET_STRATEGY.configure(parameters),
    id: 'manual',
    manage: ({ exitPlan }) => ({ ...exitPlan, timeStopDays: 3 }),
  }),
};
const NO_QUOTE = { bid: 0, ask: 0, bidSize: 0, askSize: 0, at: instant(0) };

const release = { kind: 'releaseKillSwitch', word: 'RESUME', heldMs: 3_000, reason: 'changed my mind' } as const;

/** Flattening was thrown over a spread, and released six seconds later. */
function releasedAgain() {
  const desk = holdingSpread();
  desk.command({ kind: 'throwKillSwitch', verb: 'flatten', reason: 'out' });
  desk.pass(6);
  expect(desk.only().request.purpose).toBe('close');
  expect(desk.command(release)).toMatchObject({ kind: 'done' });
  return desk;
}

describe('a kill switch that is released', () => {
  it('flattens no more: the order that its owner takes back is not sent again', () => {
    const desk = releasedAgain();
    desk.command({ kind: 'cancelOrder', intentId: 'i2' });
    const triggered = desk.factsOf('ExitTriggered').length;
    desk.pass(400);
    expect(desk.resting()).toEqual([]);
    expect(desk.factsOf('ExitTriggered')).toHaveLength(triggered);
    expect(onlyPosition(desk).units).toBe(1);
  });

  it('flattens no more when its order found no price, nor after a restart', () => {
    const desk = releasedAgain();
    desk.pass(400);
    const sent = desk.factsOf('OrderIntended').length;
    desk.start().pass(400);
    expect(desk.factsOf('OrderIntended')).toHaveLength(sent);
    expect(desk.resting()).toEqual([]);
  });

  it('flattens no more after it was halted in between', () => {
    const desk = holdingSpread();
    desk.command({ kind: 'throwKillSwitch', verb: 'flatten', reason: 'out' });
    desk.pass(2);
    desk.command({ kind: 'throwKillSwitch', verb: 'freeze', reason: 'wait' });
    expect(desk.resting()).toEqual([]);
    desk.command(release);
    desk.pass(400);
    expect(desk.resting()).toEqual([]);
    expect(onlyPosition(desk).units).toBe(1);
  });

  it('leaves its position to the rules: a stop fires as ever', () => {
    const desk = releasedAgain();
    desk.command({ kind: 'cancelOrder', intentId: 'i2' });
    const [short, long] = desk.engine.view().positions[0]?.position.legs ?? [];
    desk
      .price('XYZ', 93)
      .price(short?.symbol ?? '', 5.2)
      .price(long?.symbol ?? '', 1.4);
    desk.pass(130);
    expect(desk.factsOf('ExitTriggered').at(-1)?.reason).toBe('stopLoss');
    expect(desk.only().request.purpose).toBe('close');
  });

  it('gives the shares back that it was selling: their call may be sold again', () => {
    const risk = {
      maxPositionsPerSymbol: 5,
      maxEntriesPerSymbolPerDay: 5,
      minSecondsBetweenEntries: 0,
      minDaysBetweenSameSymbolEntries: 0,
    };
    const desk = new EngineDesk({ settings: { risk } }).price('XYZ', 100).price(CALL, 2);
    desk.equity = 100_000_000;
    desk.start();
    desk.trades({ symbol: 'XYZ', contracts: 100, price: 100 });
    desk.pass(200);
    desk.command({ kind: 'throwKillSwitch', verb: 'flatten', reason: 'out' });
    desk.pass(4);
    expect(desk.engine.riskBook().freeShares('XYZ')).toBe(0);
    desk.command({ kind: 'throwKillSwitch', verb: 'freeze', reason: 'wait' });
    desk.pass(3);
    expect(desk.command(release)).toMatchObject({ kind: 'done' });
    desk.pass(400);
    expect(desk.engine.riskBook().freeShares('XYZ')).toBe(100);
    expect(desk.folded().riskBook().freeShares('XYZ')).toBe(100);
    const legs = [{ symbol: CALL, ratio: -1 }];
    const sold = desk.command({ kind: 'openStructure', legs, contracts: 1, netLimit: 2, note: '' });
    expect(sold.kind === 'refused' ? sold.reasons : []).toEqual([]);
  });

  it('lets its strategy set the plan again, and not while it flattens', () => {
    const desk = new EngineDesk({ catalog: [NEARER_STOP] });
    pricedByModel(desk, 100);
    desk.start().pass(31);
    desk.command({
      kind: 'openStructure',
      legs: [{ symbol: SHORT, ratio: -1 }],
      contracts: 1,
      netLimit: Math.round(midOf(desk.quotes.get(SHORT) ?? NO_QUOTE) * 100) / 100,
      note: '',
    });
    desk.fills();
    desk.cancels = 'lost';
    desk.command({ kind: 'throwKillSwitch', verb: 'flatten', reason: 'out' });
    desk.pass(70);
    expect(desk.factsOf('ExitPlanChanged')).toEqual([]);
    desk.cancels = 'confirmed';
    desk.command({ kind: 'throwKillSwitch', verb: 'freeze', reason: 'wait' });
    desk.pass(30);
    expect(desk.resting()).toEqual([]);
    desk.command(release);
    desk.pass(120);
    expect(onlyPosition(desk).exitPlan.timeStopDays).toBe(3);
  });

  it('goes on flattening through a restart while it is thrown', () => {
    const desk = holdingSpread();
    desk.command({ kind: 'throwKillSwitch', verb: 'flatten', reason: 'out' });
    desk.pass(3);
    desk.start().pass(130);
    expect(desk.only().request.purpose).toBe('close');
  });
});
