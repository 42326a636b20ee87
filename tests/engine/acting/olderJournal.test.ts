import { expect, it } from 'vitest';
import { LONG, quietDesk, SHORT, sellSpread } from './spread.ts';

it('a backup of before the trade, put back: nothing is opened until the account was seen, and what the broker holds is taken up', () => {
  const desk = quietDesk();
  const before = desk.facts.length;
  sellSpread(desk);
  desk.fills();
  desk.pass(400);
  desk.facts.length = before;
  desk.snapshots = 'failing';
  desk.start();
  const early = sellSpread(desk);
  expect(early.kind === 'refused' && early.reasons.filter(({ passed }) => !passed).map(({ gate }) => gate)).toContain(
    'entriesBlocked',
  );
  desk.snapshots = 'answered';
  desk.pass(120);
  const held = desk.engine.view().positions.flatMap(({ position }) => position.legs.map(({ symbol }) => symbol));
  expect(held.sort()).toEqual([LONG, SHORT].sort());
});
