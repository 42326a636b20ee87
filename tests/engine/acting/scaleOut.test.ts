import { describe, expect, it } from 'vitest';
import { holdingSpread, LONG, onlyPosition, SHORT, sellSpread } from './spread.ts';

/** Four 95/90 put spreads sold at 1.20 that are left in quarters at 25, 50 and 75 % of the credit. */
function inQuarters() {
  const desk = holdingSpread(4, { settings: { risk: { maxPositionsPerSymbol: 5, maxEntriesPerSymbolPerDay: 5 } } });
  const { positionId, exitPlan } = onlyPosition(desk);
  const scaleOut = [0.25, 0.5, 0.75].map((atProfitFraction) => ({ atProfitFraction, closeFraction: 0.25 }));
  desk.command(
    {
      kind: 'setExitPlan',
      positionId,
      exitPlan: { ...exitPlan, takeProfitFraction: null, trailing: null, timeStopDays: null, scaleOut },
    },
    'quarters',
  );
  return desk;
}

describe('a position that is left in parts', () => {
  it('sells one of four at a quarter of its credit, and counts the step when its order fills', () => {
    const desk = inQuarters();
    desk.price(SHORT, 1.4).price(LONG, 0.55);
    desk.pass(61);
    expect(desk.factsOf('ExitTriggered').at(-1)?.reason).toBe('scaleOut');
    const exit = desk.only();
    expect(exit.request).toMatchObject({ purpose: 'close', contracts: 1 });
    expect(onlyPosition(desk).scaledOut).toBe(0);
    desk.fills(exit);
    expect(onlyPosition(desk)).toMatchObject({ units: 3, scaledOut: 1 });
    expect(desk.book()).toEqual({ [SHORT]: -3, [LONG]: 3 });
  });

  it('does not count a step whose order was not sent: it is still to be done', () => {
    const desk = inQuarters();
    desk.pass(400);
    sellSpread(desk, 1, 'another');
    const entry = desk.only();
    desk.price(SHORT, 1.4).price(LONG, 0.55);
    for (let second = 0; second < 90 && entry.status === 'working'; second += 1) desk.pass(1);
    expect(entry.status).toBe('cancelled');
    expect(desk.resting()).toEqual([]);
    expect(onlyPosition(desk).scaledOut).toBe(0);
    for (let n = 0; n < 100 && desk.resting().length === 0; n += 1) desk.pass(10);
    desk.fills();
    expect(onlyPosition(desk).scaledOut).toBe(1);
  });

  it('tries a step again that found no price, and does each once', () => {
    const desk = inQuarters();
    desk.price(SHORT, 1.4).price(LONG, 0.55);
    desk.pass(400);
    expect(desk.factsOf('OrderWorkEnded').at(-1)).toMatchObject({ outcome: 'notFilled' });
    expect(onlyPosition(desk)).toMatchObject({ units: 4, scaledOut: 0 });
    for (let n = 0; n < 100 && desk.resting().length === 0; n += 1) desk.pass(10);
    const again = desk.only();
    expect(again.request).toMatchObject({ purpose: 'close', contracts: 1 });
    desk.fills(again);
    desk.pass(1_900);
    expect(onlyPosition(desk)).toMatchObject({ units: 3, scaledOut: 1 });
    expect(desk.resting()).toEqual([]);
  });

  it('takes over a step of an older build, which had counted it when its order went out', () => {
    const desk = inQuarters();
    desk.price(SHORT, 1.4).price(LONG, 0.55);
    desk.pass(61);
    const sent = desk.facts.findLast(({ fact }) => fact.kind === 'OrderIntended');
    if (sent?.fact.kind !== 'OrderIntended' || sent.fact.cause.kind !== 'exit') throw new Error('no exit was sent');
    const { step: _, ...cause } = sent.fact.cause;
    desk.facts[desk.facts.indexOf(sent)] = { ...sent, fact: { ...sent.fact, cause } };
    const position = { ...onlyPosition(desk), scaledOut: 1 };
    desk.facts.push({ at: desk.now, fact: { kind: 'PositionChanged', position, why: 'scale out' } });
    const { id } = desk.only();
    desk.cancels = 'lost';
    desk.start();
    desk.fills(desk.orders.get(id));
    expect(onlyPosition(desk)).toMatchObject({ units: 3, scaledOut: 1 });
  });
});
