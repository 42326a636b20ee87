import { describe, expect, it } from 'vitest';
import { QUOTE_DEFECTS } from '#domain/market/chain';
import { instant } from '#domain/units';
import { FaultDesk } from '#exchange/faults';
import { buy, fillNow, naturalNet, runOn, runToTime, sell, smallExchange, ticket } from '#support/embeddedAccount';

const [P650, P645] = ['SPY260130P00650000', 'SPY260130P00645000'];

function openWith(faults: ConstructorParameters<typeof FaultDesk>[1]) {
  const exchange = smallExchange({ faults: faults ?? [] });
  runToTime(exchange, '2026-01-05', '10:00');
  return exchange;
}

describe('the fault desk', () => {
  it('answers the same occasion the same way, strikes about as often as asked, and no more than the limit', () => {
    const now = instant(0);
    const desk = new FaultDesk(5, [{ kind: 'serverError', probability: 0.25 }]);
    const twin = new FaultDesk(5, [{ kind: 'serverError', probability: 0.25 }]);
    let hits = 0;
    for (let i = 0; i < 4000; i += 1) {
      const struck = desk.strike('serverError', 'POST /v2/orders', i, now) !== null;
      expect(twin.matching('serverError', 'POST /v2/orders', i, now) !== null).toBe(struck);
      if (struck) hits += 1;
    }
    expect(hits).toBeGreaterThan(900);
    expect(hits).toBeLessThan(1100);
    expect(desk.hits()).toHaveLength(hits);
    const once = new FaultDesk(5, [{ kind: 'disconnectStream', times: 1, from: 100, until: 200, subject: 'trading' }]);
    expect(once.strike('disconnectStream', 'trading', 1, instant(99))).toBeNull();
    expect(once.strike('disconnectStream', 'data', 1, instant(150))).toBeNull();
    expect(once.strike('disconnectStream', 'trading', 1, instant(150))).not.toBeNull();
    expect(once.strike('disconnectStream', 'trading', 2, instant(150))).toBeNull();
  });
});

describe('the exchange under faults', () => {
  it('lets a fill win against a cancel', () => {
    const exchange = openWith([{ kind: 'fillRacesCancel' }]);
    const legs = [sell(P650), buy(P645)];
    const net = naturalNet(exchange, legs);
    const answer = exchange.desk.submit(ticket(legs, 1, Math.round((net + 0.02) * 100) / 100));
    runOn(exchange, 1);
    if (answer.kind === 'refused') throw new Error('refused');
    exchange.desk.cancel(answer.order.id);
    expect(runOn(exchange, 1).map(({ kind }) => kind)).toEqual(['fill']);
    expect(exchange.desk.orderById(answer.order.id)?.status).toBe('filled');
  });

  it('drops, repeats, delays and reorders what it tells, never what happened', () => {
    const kindsWith = (kind: 'dropUpdate' | 'duplicateUpdate' | 'delayUpdate' | 'reorderUpdate', times?: number) => {
      const exchange = openWith([{ kind, delayMs: 3_000, ...(times ? { times } : {}) }]);
      const legs = [sell(P650), buy(P645)];
      const heard: string[] = [];
      exchange.desk.onOrderUpdate((update) => heard.push(`${update.kind}#${update.sequence}`));
      exchange.desk.submit(ticket(legs, 1, Math.round((naturalNet(exchange, legs) - 0.5) * 20) / 20));
      runOn(exchange, 10);
      expect(exchange.desk.positions()).toHaveLength(2);
      return heard;
    };
    expect(kindsWith('dropUpdate')).toEqual([]);
    expect(kindsWith('duplicateUpdate')).toEqual(['pending_new#1', 'pending_new#1', 'new#2', 'new#2', 'fill#3', 'fill#3']);
    expect(kindsWith('delayUpdate')).toEqual(['pending_new#1', 'new#2', 'fill#3']);
    expect(kindsWith('reorderUpdate', 1)).toEqual(['new#2', 'pending_new#1', 'fill#3']);
  });

  it('locks the account, rejects after acceptance, trades by another hand', () => {
    const locked = openWith([{ kind: 'accountLocked' }]);
    expect(locked.desk.account().tradingBlocked).toBe(true);
    expect(locked.desk.submit(ticket([buy('SPY260130C00700000')], 1, -0.05))).toMatchObject({
      refusal: { status: 403, code: 40310000 },
    });
    const rejecting = openWith([{ kind: 'rejectAfterAccept' }]);
    rejecting.desk.submit(ticket([buy('SPY260130C00700000')], 1, -0.05));
    expect(runOn(rejecting, 1).map(({ kind, reason }) => [kind, reason?.code])).toEqual([['rejected', 42210000]]);
    const owned = openWith([
      { kind: 'manualTradeElsewhere', subject: 'SPY', times: 1, from: Date.parse('2026-01-05T15:05:00Z') },
    ]);
    fillNow(owned, [sell(P650), buy(P645)], 1);
    const heard = runOn(owned, 600).filter(({ kind }) => kind === 'fill');
    expect(heard.map(({ order }) => order.origin)).toEqual(['manualElsewhere']);
    expect(owned.desk.positions()).toHaveLength(1);
  });

  it('shows crossed, missing and stale quotes, and still fills at the true ones', () => {
    const window = { minDaysToExpiration: 5, maxDaysToExpiration: 40, strikesWithin: 0.1 };
    const defects = (kind: 'crossedQuotes' | 'missingQuotes') => {
      const slice = openWith([{ kind, probability: 0.2 }]).market.chainSnapshot('SPY', window)?.slices[0];
      return [...(slice?.puts.defect ?? [])].filter((defect) => QUOTE_DEFECTS[defect] === kind.replace('Quotes', '')).length;
    };
    expect(defects('crossedQuotes')).toBeGreaterThan(5);
    expect(defects('missingQuotes')).toBeGreaterThan(5);
    const stale = openWith([{ kind: 'staleQuotes', subject: 'SPY', delayMs: 60_000 }]);
    const slice = stale.market.chainSnapshot('SPY', window)?.slices[0];
    expect(Math.max(...(slice?.calls.quoteAt ?? []))).toBeLessThanOrEqual(stale.now() - 60_000);
    const crossed = openWith([{ kind: 'crossedQuotes' }]);
    crossed.desk.submit(ticket([sell(P650), buy(P645)], 1, 0.2));
    const fill = runOn(crossed, 3).find(({ kind }) => kind === 'fill');
    expect(fill?.execution?.netPrice).toBeGreaterThan(0.2);
  });

  it('assigns a short option early for no reason', () => {
    const exchange = openWith([{ kind: 'earlyAssignment', subject: 'SPY', times: 1 }]);
    fillNow(exchange, [sell(P650), buy(P645)], 1);
    runToTime(exchange, '2026-01-06', '09:00');
    expect(exchange.desk.positions().map(({ symbol, quantity }) => [symbol, quantity])).toEqual([
      [P645, 1],
      ['SPY', 100],
    ]);
    expect(exchange.desk.activities(null).map(({ code }) => code)).toContain('OPASN');
  });
});
