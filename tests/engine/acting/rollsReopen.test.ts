import { describe, expect, it } from 'vitest';
import type { EngineDesk } from '#support/engineDesk';
import { rollsPut } from './rollsPut.ts';

/** The close of the roll is filled while XYZ shows no price to open on: 95.00 / 96.10, 1.2 % wide. */
function closedWithoutPrice(): EngineDesk {
  const desk = rollsPut('auto');
  const wide = { bid: 95, ask: 96.1, bidSize: 5, askSize: 5, at: desk.now };
  desk.quotes.set('XYZ', wide);
  const chain = desk.chain;
  desk.chain = chain && ((at) => ({ ...chain(at), spot: { ...wide, at } }));
  desk.pass(12);
  desk.fills();
  return desk;
}

const toldNotReopened = (desk: EngineDesk) =>
  desk.factsOf('FaultRecorded').flatMap(({ where, fault }) => (where.startsWith('roll into') ? [fault.message] : []));

describe('a roll whose new part never found a price', () => {
  it('is a close, and the owner is told so and why', () => {
    const desk = closedWithoutPrice();
    desk.pass(180);
    expect(desk.book()).toEqual({});
    expect(desk.resting()).toEqual([]);
    expect(toldNotReopened(desk)).toEqual(['XYZ was rolled out and is not opened again: no fresh quotes came']);
    expect(desk.notes.filter((title) => title === 'XYZ: rolled out, not reopened')).toHaveLength(1);
  });

  it('is told as well when the switch is thrown while it waits', () => {
    const desk = closedWithoutPrice();
    desk.pass(2);
    desk.command({ kind: 'throwKillSwitch', verb: 'stopEntries', reason: 'story' });
    expect(toldNotReopened(desk)).toEqual(['XYZ was rolled out and is not opened again: kill switch']);
  });

  it('is not told of a roll that went through', () => {
    const desk = rollsPut('auto');
    desk.fills();
    desk.pass(1);
    desk.fills();
    desk.pass(180);
    expect(toldNotReopened(desk)).toEqual([]);
  });
});
