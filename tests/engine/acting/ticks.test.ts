import { describe, expect, it } from 'vitest';
import { quietDesk, SHORT } from './spread.ts';

describe('a put sold at 1.00 that costs 2.92 to 3.05 now', () => {
  it('is bought back at prices that exist, 2.98 to 3.05: three dollars and more go in steps of five cents', () => {
    const desk = quietDesk();
    desk.price(SHORT, 1).tick();
    desk.command({ kind: 'openStructure', legs: [{ symbol: SHORT, ratio: -1 }], contracts: 1, netLimit: 1, note: '' });
    desk.fills();
    desk.quotes.set(SHORT, { bid: 2.92, ask: 3.05, bidSize: 10, askSize: 10, at: desk.now });
    desk.tick();
    desk.command({ kind: 'closePosition', positionId: 'p1', contracts: null, netLimit: null });
    desk.pass(140);
    expect(desk.factsOf('RungEnded').flatMap(({ outcome, limit }) => (outcome === 'notFilled' ? [limit] : []))).toEqual([
      -2.98, -3, -3.05,
    ]);
  });
});
