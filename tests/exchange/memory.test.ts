import { describe, expect, it } from 'vitest';
import { instant } from '#domain/units';
import { restoreExchange } from '#exchange/embeddedExchange';
import { exchangeMemory, type RememberedAct } from '#exchange/memory';
import {
  buy,
  buyToClose,
  fillNow,
  runOn,
  runToTime,
  START,
  sell,
  sellToClose,
  smallExchange,
  ticket,
} from '#support/embeddedAccount';

const OPTIONS = {
  seed: 7,
  start: START,
  settings: {
    market: { underlyings: ['SPY', 'KO', 'BAC', 'XOM'], historySessions: 30 },
    matching: { fillModel: 'natural' as const },
  },
};
const [P650, P645] = ['SPY260130P00650000', 'SPY260130P00645000'];

describe('an exchange brought back from its memory', () => {
  it('is where it was, order by order and cent by cent, and goes on in the same way', () => {
    const written: RememberedAct[] = [];
    const original = smallExchange({ onAct: (act) => written.push(act) });
    runToTime(original, '2026-01-05', '10:00');
    fillNow(original, [sell(P650), buy(P645)], 2);
    original.desk.submit(ticket([buyToClose(P650), sellToClose(P645)], 1, -0.1, { timeInForce: 'gtc' }));
    runToTime(original, '2026-01-07', '12:34');
    original.faults.use([{ kind: 'delayUpdate', probability: 0.5 }]);
    const open = original.desk.orders({ status: 'open' })[0];
    original.desk.cancel(open?.id ?? '');
    const memory = exchangeMemory.parse(JSON.parse(JSON.stringify(original.memory())));
    expect(memory.acts).toEqual(JSON.parse(JSON.stringify(written)));
    const copy = restoreExchange(OPTIONS, memory);
    const stateOf = (exchange: typeof copy) => ({
      now: exchange.now(),
      account: exchange.desk.account(),
      positions: exchange.desk.positions(),
      orders: exchange.desk.orders({ status: 'all' }),
      ledger: exchange.desk.ledger(),
      activities: exchange.desk.activities(null),
      spot: exchange.market.quoteOf('SPY'),
    });
    expect(stateOf(copy)).toEqual(stateOf(original));
    for (const exchange of [copy, original]) {
      runOn(exchange, 30);
      fillNow(exchange, [buyToClose(P650), sellToClose(P645)], 1);
      exchange.advanceTo(instant(Date.parse('2026-01-08T15:00:00Z')));
    }
    const withoutClientIds = (exchange: typeof copy) => JSON.stringify(stateOf(exchange)).replaceAll(/test-\d+/g, 'test');
    expect(withoutClientIds(copy)).toBe(withoutClientIds(original));
  });

  it('refuses a memory of another exchange', () => {
    const original = smallExchange();
    runToTime(original, '2026-01-06', '10:00');
    const memory = { ...original.memory(), at: original.now() - 3_600_000 };
    expect(() => restoreExchange(OPTIONS, memory)).toThrow('does not fit');
  });
});
