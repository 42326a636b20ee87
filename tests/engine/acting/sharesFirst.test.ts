import { expect, it } from 'vitest';
import { atNewYork } from '#domain/market/calendar';
import { occSymbol } from '#domain/market/instrument';
import { isoDate } from '#domain/units';
import { EngineDesk } from '#support/engineDesk';
import { LONG, SHORT, sellSpread } from './spread.ts';

const OTHER = occSymbol({ root: 'XYZ', expiration: isoDate('2026-04-17'), right: 'put', strike: 85 });

it('shares of an assignment are sold at once, though the long put beside them covers the short put of another position', () => {
  const desk = new EngineDesk({ settings: { risk: { maxPositionsPerSymbol: 5 } } });
  desk.price('XYZ', 100).price(SHORT, 2.1).price(LONG, 0.88).price(OTHER, 0.4);
  desk.cash = 1_000_000;
  desk.equity = 100_000_000;
  desk.start();
  sellSpread(desk);
  desk.fills();
  desk.trades({ symbol: OTHER, contracts: -1, price: 0.4 });
  desk.pass(200);
  expect(desk.engine.view().positions).toHaveLength(2);
  // Assigned overnight: the account's cash no longer pays for the other put.
  desk.quoting = false;
  desk.now = atNewYork(isoDate('2026-03-10'), '18:00');
  desk.hold(SHORT, 1);
  desk.hold('XYZ', 100);
  desk.cash -= 950_000;
  const open = atNewYork(isoDate('2026-03-11'), '09:30');
  desk.quoting = true;
  desk.pass((open - desk.now) / 1000 + 62);
  expect(desk.book()).toEqual({ [LONG]: 1, XYZ: 100, [OTHER]: -1 });
  expect(desk.only().request).toMatchObject({ purpose: 'close', contracts: 100, legs: [{ symbol: 'XYZ', side: 'sell' }] });
  desk.fills();
  // Their money pays for it now: the long put is free to go.
  desk.pass(70);
  expect(desk.only().request).toMatchObject({ purpose: 'close', contracts: 1, legs: [{ symbol: LONG, side: 'sell' }] });
  desk.fills();
  expect(desk.book()).toEqual({ [OTHER]: -1 });
  expect(desk.factsOf('PositionClosed')).toMatchObject([{ trade: { outcome: { exitReason: 'orphanRepair' } } }]);
});
