import { expect, it } from 'vitest';
import { endInOrder } from '#app/desk/endInOrder';
import type { EngineDesk } from '#support/engineDesk';
import { holdingSpread, quietDesk, sellSpread } from '../engine/acting/spread.ts';

/** Ends the desk of a story; `waitMs` passes on the wall clock, the story's own time stands still. */
function ends(desk: EngineDesk, waitMs: number, outlivesUs = true, isHalted = false) {
  return endInOrder({
    runtime: { post: (event) => desk.post(event), isHalted: () => isHalted },
    view: () => desk.engine.view(),
    now: () => desk.now,
    waitMs,
    outlivesUs,
  });
}

it('takes a resting entry back and leaves nothing', async () => {
  const desk = quietDesk();
  sellSpread(desk);
  expect(await ends(desk, 60_000)).toEqual({ entries: 0, text: 'nothing is held and nothing is open' });
  expect(desk.resting()).toHaveLength(0);
});

it('waits for the broker no longer than it is told to, and says what may be left', async () => {
  const desk = quietDesk();
  sellSpread(desk);
  desk.cancels = 'lost';
  const from = performance.now();
  const left = await ends(desk, 200);
  expect(performance.now() - from).toBeLessThan(5_000);
  expect(left).toEqual({ entries: 1, text: 'the broker has not confirmed that 1 entry is taken back' });
});

it('leaves the exit resting, and says what is held', async () => {
  const desk = holdingSpread();
  desk.command({ kind: 'closePosition', positionId: 'p1', contracts: null, netLimit: -0.05 });
  expect(await ends(desk, 60_000)).toEqual({
    entries: 0,
    text: '1 position is held; nothing manages what is held until the next start; 1 exit keeps resting at the broker',
  });
  expect(desk.only().request.purpose).toBe('close');
});

it('does not know what an engine that stopped by itself has left', async () => {
  const { entries, text } = await ends(quietDesk(), 60_000, true, true);
  expect(entries).toBe(1);
  expect(text).toContain('the engine had stopped by itself');
});

it('has nothing to take back where the exchange stands still with the engine', async () => {
  const desk = quietDesk();
  sellSpread(desk);
  expect((await ends(desk, 60_000, false)).entries).toBe(0);
  expect(desk.resting()).toHaveLength(1);
});
