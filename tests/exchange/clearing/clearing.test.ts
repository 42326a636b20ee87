import { describe, expect, it } from 'vitest';
import { addDays } from '#domain/market/calendar';
import type { Exchange } from '#exchange/exchangeApi';
import { buy, fillNow, runOn, runToTime, sell, smallExchange } from '#support/embeddedAccount';

const FRIDAY = '2026-01-09';

/** A listed contract of an underlying that expires on a day, chosen by strike relative to spot. */
function contract(exchange: Exchange, underlying: string, right: 'call' | 'put', expiration: string, moneyness: number): string {
  const spot = exchange.market.quoteOf(underlying)?.bid ?? 0;
  const listed = exchange.market.contracts({ underlyings: [underlying], right }).filter((each) => each.expiration === expiration);
  const nearest = listed.sort((a, b) => Math.abs(a.strike - spot * moneyness) - Math.abs(b.strike - spot * moneyness))[0];
  if (!nearest) throw new Error(`no ${underlying} ${right} for ${expiration}`);
  return nearest.symbol;
}

const strikeOf = (symbol: string) => Number(symbol.slice(-8)) / 1000;
const sharesOf = (exchange: Exchange, symbol: string) =>
  exchange.desk.positions().find((each) => each.symbol === symbol)?.quantity ?? 0;
const codes = (exchange: Exchange) => exchange.desk.activities(null).map(({ code }) => code);

describe('the record of activities', () => {
  /** A condor's four fills on a Monday at ten. */
  function condor(faults: Parameters<Exchange['faults']['use']>[0] = []): Exchange {
    const exchange = smallExchange();
    exchange.faults.use(faults);
    runToTime(exchange, '2026-01-05', '10:00');
    const legs = [
      buy(contract(exchange, 'SPY', 'put', FRIDAY, 0.95)),
      sell(contract(exchange, 'SPY', 'put', FRIDAY, 0.97)),
      sell(contract(exchange, 'SPY', 'call', FRIDAY, 1.03)),
      buy(contract(exchange, 'SPY', 'call', FRIDAY, 1.05)),
    ];
    fillNow(exchange, legs, 1);
    return exchange;
  }

  it('gives the four fills of a condor one moment in New York and ids in no order', () => {
    const exchange = condor();
    const rows = exchange.desk.activities(null);
    expect(rows.map(({ code }) => code)).toEqual(['FILL', 'FILL', 'FILL', 'FILL']);
    expect(new Set(rows.map(({ id }) => id.slice(0, 17))).size).toBe(1);
    expect(rows[0]?.id).toMatch(/^202601051000\d{5}::[0-9a-f]{8}-/);
    const booked = exchange.desk
      .ledger()
      .filter(({ kind }) => kind === 'fill')
      .map(({ symbol }) => symbol);
    expect(rows.map(({ symbol }) => symbol)).not.toEqual(booked);
    expect(rows.map(({ symbol }) => symbol).sort()).toEqual([...booked].sort());
  });

  it('may publish a row after younger ones, where an id already seen would hide it', () => {
    const exchange = condor([{ kind: 'lateActivity', subject: 'FILL', times: 1, delayMs: 30_000 }]);
    const seen = exchange.desk.activities(null).map(({ id }) => id);
    expect(seen).toHaveLength(3);
    runOn(exchange, 30);
    const late = exchange.desk.activities(null).find(({ id }) => !seen.includes(id));
    expect(late?.id.slice(0, 17)).toBe(seen[0]?.slice(0, 17));
  });

  it('may tell a row as cancelled before the one that stands', () => {
    const exchange = condor([{ kind: 'cancelledActivity', subject: 'FEE', times: 1 }]);
    runToTime(exchange, '2026-01-06', '09:00');
    const fees = exchange.desk.activities(null).filter(({ code }) => code === 'FEE');
    expect(fees.map(({ cancelled }) => cancelled).sort()).toEqual([false, true]);
  });
});

describe('expiration', () => {
  it('of a cash-secured put in the money: 100 shares come in at the strike, activities follow the next morning under one group', () => {
    const exchange = smallExchange();
    runToTime(exchange, '2026-01-05', '10:00');
    const put = contract(exchange, 'KO', 'put', FRIDAY, 1.06);
    const fill = fillNow(exchange, [sell(put)], 1);
    const premium = Math.round((fill.execution?.netPrice ?? 0) * 100) * 100;
    const before = exchange.desk.account().cash;
    expect(before).toBe(10_000_000 + premium - (fill.execution?.fees ?? 0));
    runToTime(exchange, FRIDAY, '18:00');
    expect(sharesOf(exchange, put)).toBe(0);
    expect(sharesOf(exchange, 'KO')).toBe(100);
    expect(exchange.desk.account().cash).toBe(before - Math.round(strikeOf(put) * 100) * 100);
    expect(codes(exchange)).not.toContain('OPASN');
    runToTime(exchange, '2026-01-10', '09:00');
    const [assigned, delivered] = exchange.desk.activities(null).filter(({ code }) => code === 'OPASN' || code === 'OPTRD');
    expect(assigned).toMatchObject({ code: 'OPASN', symbol: put, quantity: 1, date: FRIDAY });
    expect(delivered).toMatchObject({
      code: 'OPTRD',
      symbol: 'KO',
      quantity: 100,
      price: strikeOf(put),
      groupId: assigned?.groupId,
    });
  });

  it('of a spread with both legs in the money: exercise and assignment cancel out and cost exactly the width', () => {
    const exchange = smallExchange();
    runToTime(exchange, '2026-01-05', '10:00');
    const short = contract(exchange, 'SPY', 'put', FRIDAY, 1.08);
    const long = contract(exchange, 'SPY', 'put', FRIDAY, 1.06);
    fillNow(exchange, [sell(short), buy(long)], 1, 2);
    const before = exchange.desk.account().cash;
    runToTime(exchange, FRIDAY, '18:00');
    expect(exchange.desk.positions()).toEqual([]);
    expect(exchange.desk.account().cash).toBe(before - Math.round((strikeOf(short) - strikeOf(long)) * 100) * 100);
  });

  it('of a short out of the money: it vanishes and the credit stays', () => {
    const exchange = smallExchange({ settings: { clearing: { activityDelay: 'none' } } });
    runToTime(exchange, '2026-01-05', '10:00');
    const put = contract(exchange, 'SPY', 'put', FRIDAY, 0.93);
    fillNow(exchange, [sell(put)], 1, 0.05);
    const before = exchange.desk.account().cash;
    runToTime(exchange, FRIDAY, '18:00');
    expect(exchange.desk.account()).toMatchObject({ cash: before, equity: before, optionsMargin: 0 });
    expect(codes(exchange)).toContain('OPEXP');
  });

  it('leaves a long call alone when its holder says so', () => {
    const exchange = smallExchange();
    runToTime(exchange, '2026-01-05', '10:00');
    const call = contract(exchange, 'KO', 'call', FRIDAY, 0.92);
    fillNow(exchange, [buy(call)], 1);
    runToTime(exchange, '2026-01-08', '12:00');
    expect(exchange.desk.doNotExercise(call)).toMatchObject({ kind: 'refused' });
    runToTime(exchange, FRIDAY, '12:00');
    expect(exchange.desk.doNotExercise(call)).toEqual({ kind: 'requested' });
    runToTime(exchange, FRIDAY, '18:00');
    expect(exchange.desk.positions()).toEqual([]);
  });

  it('is met by the broker at 15:30 when the account could not pay: the short leg alone is bought back', () => {
    const exchange = smallExchange({ settings: { clearing: { startingCash: 1_500_000, assignmentModel: 'never' } } });
    runToTime(exchange, '2026-01-05', '10:00');
    const short = contract(exchange, 'SPY', 'put', FRIDAY, 1.03);
    const long = contract(exchange, 'SPY', 'put', FRIDAY, 0.97);
    fillNow(exchange, [sell(short), buy(long)], 1, 2);
    const heard = runToTime(exchange, FRIDAY, '15:40');
    const liquidation = heard.find(({ kind, order }) => kind === 'fill' && order.origin === 'brokerLiquidation');
    expect(liquidation?.at).toBeGreaterThanOrEqual(Date.parse('2026-01-09T20:30:00Z'));
    expect(liquidation?.execution?.legs).toMatchObject([{ symbol: short, contracts: 1 }]);
    expect(exchange.desk.positions().map(({ symbol }) => symbol)).toEqual([long]);
  });
});

describe('before expiration', () => {
  it('a deep call is assigned on the eve of the ex-date, and its writer neither keeps the shares nor gets the dividend', () => {
    const settings = { market: { underlyings: ['XOM', 'KO'] }, clearing: { earlyAssignmentChance: 1 } };
    const exchange = smallExchange({ settings });
    const dividend = exchange.market.historyOf('XOM', 1)?.dividends.find(({ exDate }) => exDate > '2026-01-10');
    const exDate = dividend?.exDate ?? addDays(exchange.market.historyOf('XOM', 1)!.bars[0]!.date, 0);
    runToTime(exchange, '2026-01-12', '10:00');
    fillNow(exchange, [{ symbol: 'XOM', side: 'buy', ratio: 1, intent: null }], 300, 0.05);
    const call = contract(exchange, 'XOM', 'call', '2026-02-20', 0.8);
    const lastDay = addDays(exDate, -1);
    runToTime(exchange, lastDay, '12:00');
    fillNow(exchange, [sell(call)], 3, 1);
    runToTime(exchange, exDate, '09:00');
    expect(codes(exchange)).toContain('OPASN');
    const left =
      300 + exchange.desk.activities(null).reduce((sum, { code, quantity }) => sum + (code === 'OPTRD' ? quantity : 0), 0);
    expect(left).toBeLessThan(300);
    expect(sharesOf(exchange, 'XOM')).toBe(left);
    runToTime(exchange, addDays(exDate, 12), '12:00');
    const paid = exchange.desk.activities(null).filter(({ code }) => code === 'DIV');
    expect(paid.reduce((sum, { netCash }) => sum + netCash, 0)).toBe(Math.round((dividend?.amount ?? 0) * 100) * left);
  });

  it('shares held over the ex-date earn the dividend some days later, and the price opens lower by it on average', () => {
    const exchange = smallExchange({ settings: { market: { underlyings: ['XOM', 'KO'] } } });
    const dividend = exchange.market.historyOf('XOM', 1)?.dividends.find(({ exDate }) => exDate > '2026-01-10');
    runToTime(exchange, '2026-01-12', '10:00');
    fillNow(exchange, [{ symbol: 'XOM', side: 'buy', ratio: 1, intent: null }], 200, 0.05);
    const before = exchange.desk.account().cash;
    const exDate = dividend?.exDate ?? exchange.market.historyOf('XOM', 1)!.bars[0]!.date;
    runToTime(exchange, exDate, '12:00');
    expect(exchange.desk.account().cash).toBe(before);
    runToTime(exchange, addDays(exDate, 11), '12:00');
    expect(exchange.desk.account().cash).toBe(before + Math.round((dividend?.amount ?? 0) * 200 * 100));
  });

  it('exercises a long call at its holder’s wish, at once', () => {
    const exchange = smallExchange();
    runToTime(exchange, '2026-01-05', '10:00');
    const call = contract(exchange, 'KO', 'call', '2026-01-16', 0.9);
    fillNow(exchange, [buy(call)], 2);
    const before = exchange.desk.account().cash;
    expect(exchange.desk.exercise(call)).toEqual({ kind: 'requested' });
    expect(exchange.desk.account().cash).toBe(before - 2 * Math.round(strikeOf(call) * 100) * 100);
    expect(sharesOf(exchange, 'KO')).toBe(200);
    expect(exchange.desk.exercise(call)).toMatchObject({ refusal: { status: 404, code: 40410000 } });
  });
});
