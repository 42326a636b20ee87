import { describe, expect, it } from 'vitest';
import { engineSettings } from '#ports/settings/settings';
import type { EngineDesk } from '#support/engineDesk';
import { LONG, onlyPosition, quietDesk, SHORT, sellSpread } from './spread.ts';

/** Five spreads were to be sold; the first order never arrived, and by then the owner allows three in one order. */
function cutToThree(): EngineDesk {
  const desk = quietDesk();
  desk.submission = 'timesOutBeforeAcceptance';
  sellSpread(desk, 5);
  desk.submission = 'works';
  const settings = engineSettings.parse({ universe: ['XYZ'], risk: { maxContractsPerOrder: 3 } });
  desk.post({ kind: 'settingsChanged', at: desk.now, settings, changes: [], by: 'owner' });
  desk.pass(30);
  expect(desk.only().request).toMatchObject({ intentId: 'i1', attempt: 2, contracts: 3 });
  return desk;
}

describe('an order that takes the place of another and is cut down by the gate', () => {
  it('is all that is wanted from then on: filled after two minutes its work is done, and the position is left at its target', () => {
    const desk = cutToThree();
    desk.pass(120);
    desk.fills();
    expect(desk.engine.view().works.get('i1')).toMatchObject({ outcome: 'filled', intended: 3, filled: 3 });
    expect(desk.folded().view().works.get('i1')).toMatchObject({ outcome: 'filled', intended: 3, filled: 3 });
    desk.price(SHORT, 0.4).price(LONG, 0.2);
    desk.pass(61);
    expect(desk.factsOf('ExitTriggered')[0]?.reason).toBe('takeProfit');
    expect(desk.only().request).toMatchObject({ purpose: 'close', contracts: 3 });
  });

  it('filled soon it is not followed by the two that the gate had refused', () => {
    const desk = cutToThree();
    desk.fills();
    desk.pass(300);
    expect(desk.resting()).toEqual([]);
    expect(onlyPosition(desk).units).toBe(3);
  });
});
