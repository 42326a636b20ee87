import { describe, expect, it } from 'vitest';
import { EngineDesk } from '#support/engineDesk';
import { pricedByModel } from '#support/putChain';
import { QUIET_STRATEGY } from '#support/quietStrategy';
import { onlyPosition, SHORT } from './spread.ts';

/** A 95 put sold against cash with XYZ at 100, to be rolled when its short delta passes 0.40. */
function testedPut(): EngineDesk {
  const desk = new EngineDesk({ catalog: [QUIET_STRATEGY] });
  pricedByModel(desk, 100);
  desk.start().pass(31);
  const midOf = (symbol: string): number => ((desk.quotes.get(symbol)?.bid ?? 0) + (desk.quotes.get(symbol)?.ask ?? 0)) / 2;
  const sent = desk.command({
    kind: 'openStructure',
    legs: [{ symbol: SHORT, ratio: -1 }],
    contracts: 1,
    netLimit: Math.round(midOf(SHORT) * 100) / 100,
    note: '',
  });
  expect(sent).toMatchObject({ kind: 'done' });
  desk.fills();
  const position = onlyPosition(desk);
  const roll = { whenShortDeltaAbove: 0.4, atDaysToExpiration: 0, minCredit: 0.05, maxRolls: 2 };
  desk.command({ kind: 'setExitPlan', positionId: 'p1', exitPlan: { ...position.exitPlan, roll } });
  return desk;
}

describe('a tested short strike', () => {
  it('is rolled out for a credit: closed first, then sold again in May, in one campaign', () => {
    const desk = testedPut();
    pricedByModel(desk, 95.5);
    for (let n = 0; n < 30 && desk.factsOf('ExitTriggered').length === 0; n += 1) desk.pass(10);
    expect(desk.factsOf('ExitTriggered')[0]).toMatchObject({ reason: 'roll' });
    const close = desk.only();
    expect(close.request).toMatchObject({ purpose: 'close', contracts: 1 });
    const paid = -close.request.netLimit;
    desk.fills(close);
    desk.pass(1);
    const open = desk.only();
    expect(open.request).toMatchObject({ purpose: 'open', contracts: 1 });
    expect(open.request.legs.every((leg) => leg.symbol.includes('260515'))).toBe(true);
    expect(open.request.netLimit - paid).toBeGreaterThanOrEqual(0.05 - 1e-9);
    desk.fills(open);
    expect(onlyPosition(desk)).toMatchObject({ campaignId: 'c1', rolls: 1, units: 1, exitPlan: { roll: { maxRolls: 2 } } });
    expect(desk.factsOf('PositionClosed')[0]?.trade).toMatchObject({ campaignId: 'c1', outcome: { exitReason: 'roll' } });
  });

  it('stays closed when the kill switch falls between the close and the reopening', () => {
    const desk = testedPut();
    pricedByModel(desk, 95.5);
    for (let n = 0; n < 30 && desk.factsOf('ExitTriggered').length === 0; n += 1) desk.pass(10);
    desk.quoting = false;
    desk.fills();
    desk.command({ kind: 'throwKillSwitch', verb: 'stopEntries', reason: 'test' });
    desk.quoting = true;
    desk.pass(300);
    expect(desk.resting()).toHaveLength(0);
    expect(desk.engine.view().positions).toHaveLength(0);
  });

  it('deep in the money pays for no roll: it is left to its stop', () => {
    const desk = testedPut();
    pricedByModel(desk, 80);
    for (let n = 0; n < 30 && desk.factsOf('ExitTriggered').length === 0; n += 1) desk.pass(10);
    expect(desk.factsOf('ExitTriggered')[0]?.reason).toBe('stopLoss');
  });
});
