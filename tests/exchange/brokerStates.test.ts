import { describe, expect, it } from 'vitest';
import { atNewYork } from '#domain/market/calendar';
import { isoDate } from '#domain/units';
import type { FaultScript } from '#exchange/faults';
import { buy, fillNow, naturalNet, runOn, runToTime, sell, smallExchange, ticket } from '#support/embeddedAccount';

const [P650, P645] = ['SPY260130P00650000', 'SPY260130P00645000'];
const DAY = '2026-01-05';
const at = (time: string) => atNewYork(isoDate(DAY), time);

function openWith(faults: FaultScript, haltRefusalFraction = 0) {
  const exchange = smallExchange({ faults, settings: { matching: { haltRefusalFraction } } });
  runToTime(exchange, DAY, '10:00');
  return exchange;
}

describe('a halt in SPY from 10:30 to 10:45', () => {
  const halt: FaultScript = [{ kind: 'halt', subject: 'SPY', from: at('10:30'), until: at('10:45') }];

  it('freezes its quotes and those of its options, not the others’, and lets them go where the market is then', () => {
    const exchange = openWith(halt, 0);
    const quotes = () => ['SPY', P650, P645].map((symbol) => exchange.market.quoteOf(symbol));
    runToTime(exchange, DAY, '10:31');
    const frozen = quotes();
    const other = exchange.market.quoteOf('XOM');
    expect(frozen[0]?.at).toBe(at('10:30'));
    runToTime(exchange, DAY, '10:44');
    expect(quotes()).toEqual(frozen);
    expect(exchange.market.quoteOf('XOM')).not.toEqual(other);
    expect(
      exchange.market.chainSnapshot('SPY', { minDaysToExpiration: 0, maxDaysToExpiration: 40, strikesWithin: 0.1 })?.spot,
    ).toEqual(frozen[0]);
    runToTime(exchange, DAY, '10:46');
    expect(quotes()).not.toEqual(frozen);
    expect(exchange.market.quoteOf('SPY')?.at).toBe(at('10:46'));
  });

  it('fills nothing: an order that waits at the natural price fills when trading resumes', () => {
    const exchange = openWith(halt, 0);
    runToTime(exchange, DAY, '10:35');
    const legs = [sell(P650), buy(P645)];
    const answer = exchange.desk.submit(ticket(legs, 1, Math.round((naturalNet(exchange, legs) - 1) * 100) / 100));
    expect(answer.kind).toBe('accepted');
    runToTime(exchange, DAY, '10:44');
    expect(exchange.desk.positions()).toEqual([]);
    runToTime(exchange, DAY, '10:46');
    expect(exchange.desk.positions()).toHaveLength(2);
  });

  it('may refuse at the door, in words that name the halt', () => {
    const exchange = openWith(halt, 1);
    runToTime(exchange, DAY, '10:35');
    const answer = exchange.desk.submit(ticket([sell(P650), buy(P645)], 1, 0.5));
    expect(answer).toMatchObject({ kind: 'refused', refusal: { status: 422, message: 'trading in SPY is halted' } });
    expect(exchange.faults.hits()).toMatchObject([{ kind: 'halt', subject: 'SPY' }]);
  });
});

describe('a house that raises its requirement tenfold', () => {
  it('shows it in the account, refuses what no longer fits, and lets closing through', () => {
    const dear: FaultScript = [{ kind: 'buyingPowerShock', from: at('10:30'), until: at('11:00') }];
    const exchange = openWith(dear);
    fillNow(exchange, [sell(P650), buy(P645)], 10);
    // Ten spreads of five dollars: 5,000.
    expect(exchange.desk.account().optionsMargin).toBe(500_000);
    runToTime(exchange, DAY, '10:31');
    expect(exchange.desk.account().optionsMargin).toBe(5_000_000);
    const more = exchange.desk.submit(ticket([sell(P650), buy(P645)], 12, 0.5));
    expect(more).toMatchObject({ kind: 'refused', refusal: { message: 'insufficient options buying power' } });
    const out = exchange.desk.submit(
      ticket(
        [
          { symbol: P650, side: 'buy', ratio: 1, intent: 'buyToClose' },
          { symbol: P645, side: 'sell', ratio: 1, intent: 'sellToClose' },
        ],
        10,
        -4,
      ),
    );
    expect(out.kind).toBe('accepted');
    runToTime(exchange, DAY, '11:01');
    expect(exchange.desk.account().optionsMargin).toBe(0);
  });
});

describe('a risk desk that does not know of spreads', () => {
  it('closes one leg of one at market and leaves the other', () => {
    const exchange = openWith([{ kind: 'oneLegLiquidation', times: 1, from: at('10:30') }]);
    fillNow(exchange, [sell(P650), buy(P645)], 2);
    runToTime(exchange, DAY, '10:33');
    const held = exchange.desk.positions().map(({ symbol, quantity }) => [symbol, quantity]);
    expect([[[P650, -2]], [[P645, 2]]]).toContainEqual(held);
    const orders = exchange.desk.orders({ status: 'all' }).filter(({ origin }) => origin === 'brokerLiquidation');
    expect(orders).toMatchObject([{ status: 'filled', quantity: 2 }]);
  });

  it('leaves a single option alone', () => {
    const exchange = openWith([{ kind: 'oneLegLiquidation', from: at('10:30') }]);
    fillNow(exchange, [buy(P645)], 1);
    runOn(exchange, 3_600);
    expect(exchange.desk.positions()).toHaveLength(1);
  });
});

describe('a vendor without greeks', () => {
  it('gives prices and neither volatility nor delta, in chain and single look', () => {
    const exchange = openWith([{ kind: 'missingGreeks', subject: 'SPY', from: at('10:30'), until: at('11:00') }]);
    const slices = () =>
      exchange.market.chainSnapshot('SPY', { minDaysToExpiration: 20, maxDaysToExpiration: 40, strikesWithin: 0.05 })?.slices ??
      [];
    expect(slices().some(({ puts }) => puts.vendorIv.some(Number.isFinite))).toBe(true);
    runToTime(exchange, DAY, '10:31');
    const [slice] = slices();
    expect([...(slice?.puts.vendorIv ?? []), ...(slice?.calls.vendorDelta ?? [])].every(Number.isNaN)).toBe(true);
    expect(slice?.puts.bid.some((bid) => bid > 0)).toBe(true);
    expect(exchange.market.look(P650)).toMatchObject({ impliedVolatility: null, greeks: null });
  });
});
