import { describe, expect, it } from 'vitest';
import { DEFAULT_FEES, optionFees } from '#domain/portfolio/fees';
import { buy, fillNow, naturalNet, runOn, runToTime, sell, smallExchange, ticket } from '#support/embeddedAccount';

const [P650, P645, P640, C700, C705] = [
  'SPY260130P00650000',
  'SPY260130P00645000',
  'SPY260130P00640000',
  'SPY260130C00700000',
  'SPY260130C00705000',
];

function at(level: number, matching: Parameters<typeof smallExchange>[0] = {}) {
  const exchange = smallExchange({ ...matching, settings: { ...matching?.settings, clearing: { optionsLevel: level } } });
  runToTime(exchange, '2026-01-05', '10:00');
  return exchange;
}

describe('option levels', () => {
  const words = (level: number, legs: ReturnType<typeof sell>[]): string => {
    const answer = at(level).desk.submit(ticket(legs, 1, legs[0]?.side === 'sell' ? 9 : -0.05));
    return answer.kind === 'accepted' ? 'accepted' : `${answer.refusal.status} ${answer.refusal.code} ${answer.refusal.message}`;
  };
  const tooLow = (level: number): string => `403 40310000 account not eligible for level${level} options trading`;

  it.each([
    [0, [tooLow(1), tooLow(2), tooLow(3)]],
    [1, ['accepted', tooLow(2), tooLow(3)]],
    [2, ['accepted', 'accepted', tooLow(3)]],
    [3, ['accepted', 'accepted', 'accepted']],
  ])('%i allows a secured put, a long call and a spread only as far as it goes', (level, expected) => {
    expect([words(level, [sell(P650)]), words(level, [buy(C700)]), words(level, [sell(P650), buy(P645)])]).toEqual(expected);
    expect(words(level, [sell(C700)])).toMatch(/^403 40310000/); // uncovered: no level allows it
  });

  it('let a position be closed at any level', () => {
    const exchange = at(3);
    fillNow(exchange, [buy(C700)], 1);
    exchange.desk.configure({ maxOptionsTradingLevel: 0 });
    const close = ticket([{ symbol: C700, side: 'sell', ratio: 1, intent: 'sellToClose' }], 1, 0.05);
    expect(exchange.desk.submit(close).kind).toBe('accepted');
  });
});

describe('whole combinations', () => {
  it('of two to four legs, no more', () => {
    const exchange = at(3);
    const refused = exchange.desk.submit(ticket([sell(P650), buy(P645), buy(P640), sell(C700), buy(C705)], 1, 1));
    expect(refused).toMatchObject({ refusal: { status: 422, message: 'mleg orders require between 2 and 4 legs' } });
    fillNow(exchange, [sell(P650), buy(P645), sell(C700), buy(C705)], 1);
    expect(exchange.desk.positions()).toHaveLength(4);
  });

  it('fill in part by whole units, every leg in its ratio, each contract paid for', () => {
    const exchange = at(3, {
      settings: { matching: { fillModel: 'alpacaPaper', partialFillChance: 1, priceImprovementChance: 0 } },
    });
    const legs = [buy(P640), sell(P645, 2), buy(P650)];
    const answer = exchange.desk.submit(ticket(legs, 5, Math.round((naturalNet(exchange, legs) - 0.5) * 20) / 20));
    if (answer.kind === 'refused') throw new Error(answer.refusal.message);
    const fills = runOn(exchange, 30).filter(({ kind }) => kind === 'partial_fill' || kind === 'fill');
    expect(fills.length).toBeGreaterThan(1);
    let units = 0;
    for (const { execution, order } of fills) {
      units += execution?.units ?? 0;
      expect(order.legs.map(({ filledQuantity }) => Math.abs(filledQuantity))).toEqual([units, 2 * units, units]);
      const each = (execution?.legs ?? []).map(({ contracts, price }) => ({ contracts, price, multiplier: 100 }));
      expect(execution?.fees).toBe(optionFees(DEFAULT_FEES, each));
      expect(execution?.fees).toBeGreaterThan(0);
    }
    expect(units).toBe(5);
  });

  it('are never a market order while the market is closed, nor one against the account’s own resting order', () => {
    const exchange = at(3);
    exchange.desk.submit(ticket([buy(C700)], 1, -0.05));
    runOn(exchange, 1);
    expect(exchange.desk.submit(ticket([sell(C700)], 1, 0.05)).kind).toBe('refused');
    fillNow(exchange, [buy(C705)], 1);
    exchange.desk.submit(ticket([buy(C705)], 1, -0.02));
    runOn(exchange, 1);
    const against = ticket([{ symbol: C705, side: 'sell', ratio: 1, intent: 'sellToClose' }], 1, 0.01);
    expect(exchange.desk.submit(against)).toMatchObject({
      refusal: { status: 403, message: expect.stringContaining('potential wash trade') },
    });
    runToTime(exchange, '2026-01-05', '18:00');
    const night = ticket([buy(C700)], 1, -1, { type: 'market', netLimit: null });
    expect(exchange.desk.submit(night)).toMatchObject({
      refusal: { status: 422, message: 'options market orders are only allowed during market hours' },
    });
  });
});
