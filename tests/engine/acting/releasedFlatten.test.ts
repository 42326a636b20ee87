import { describe, expect, it } from 'vitest';
import { holdingSpread, onlyPosition } from './spread.ts';

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

  it('goes on flattening through a restart while it is thrown', () => {
    const desk = holdingSpread();
    desk.command({ kind: 'throwKillSwitch', verb: 'flatten', reason: 'out' });
    desk.pass(3);
    desk.start().pass(130);
    expect(desk.only().request.purpose).toBe('close');
  });
});
