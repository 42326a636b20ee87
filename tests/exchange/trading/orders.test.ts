import { describe, expect, it } from 'vitest';
import { isFinal } from '#exchange/orders';
import {
  buy,
  buyToClose,
  fillNow,
  naturalNet,
  runOn,
  runToTime,
  sell,
  sellToClose,
  smallExchange,
  ticket,
} from '#support/embeddedAccount';

const [P650, P645, P640] = ['SPY260130P00650000', 'SPY260130P00645000', 'SPY260130P00640000'];
const C700 = 'SPY260130C00700000';

function open() {
  const exchange = smallExchange();
  runToTime(exchange, '2026-01-05', '10:00');
  return exchange;
}

/** The refusal's [status, code, message]; fails when the order was accepted. */
function refusalOf(exchange: ReturnType<typeof open>, ...args: Parameters<typeof ticket>) {
  const answer = exchange.desk.submit(ticket(...args));
  if (answer.kind === 'accepted') throw new Error('accepted');
  return [answer.refusal.status, answer.refusal.code, answer.refusal.message];
}

describe('an order on the embedded exchange', () => {
  it('goes pending_new, new, fill, and its legs add up to the net to the cent', () => {
    const exchange = open();
    const legs = [sell(P650), buy(P645)];
    const net = naturalNet(exchange, legs);
    const kinds: string[] = [];
    exchange.desk.onOrderUpdate(({ kind }) => kinds.push(kind));
    const answer = exchange.desk.submit(ticket(legs, 2, Math.round((net - 0.3) * 100) / 100));
    expect(answer.kind).toBe('accepted');
    runOn(exchange, 3);
    expect(kinds).toEqual(['pending_new', 'new', 'fill']);
    const [order] = exchange.desk.orders({ status: 'closed' });
    const [short, long] = order?.legs ?? [];
    expect(order?.averageNetPrice).toBeCloseTo((short?.averagePrice ?? 0) - (long?.averagePrice ?? 0), 6);
    const { cash, optionsMargin } = exchange.desk.account();
    const fees = -exchange.desk.ledger().reduce((sum, { kind, cash }) => sum + (kind === 'fee' ? cash : 0), 0);
    expect(cash).toBe(10_000_000 + Math.round((order?.averageNetPrice ?? 0) * 100) * 200 - fees);
    // Two spreads of five dollars: a requirement of 1,000 whatever the credit.
    expect(optionsMargin).toBe(100_000);
  });

  it('rests when its limit is better than the market, reserves width less credit, and gives it back when cancelled', () => {
    const exchange = open();
    const answer = exchange.desk.submit(ticket([sell(P650), buy(P645)], 1, 2.5));
    if (answer.kind === 'refused') throw new Error(answer.refusal.message);
    expect(answer.order.reserved).toBe(25_000);
    expect(exchange.desk.account().optionsBuyingPower).toBe(10_000_000 - 25_000);
    runOn(exchange, 60);
    expect(exchange.desk.orderById(answer.order.id)?.status).toBe('new');
    expect(exchange.desk.cancel(answer.order.id)).toEqual({ kind: 'requested' });
    expect(exchange.desk.orderById(answer.order.id)?.status).toBe('pending_cancel');
    expect(runOn(exchange, 1).map(({ kind }) => kind)).toEqual(['canceled']);
    expect(exchange.desk.account().optionsBuyingPower).toBe(10_000_000);
    expect(exchange.desk.cancel(answer.order.id)).toMatchObject({ kind: 'refused', refusal: { status: 422, code: 42210000 } });
  });

  it('expires at the close when it is a day order, lives on as gtc, and waits for the open when sent at night', () => {
    const exchange = open();
    const day = exchange.desk.submit(ticket([sell(P650), buy(P645)], 1, 2.5));
    const gtc = exchange.desk.submit(ticket([sell(P645), buy(P640)], 1, 2.5, { timeInForce: 'gtc' }));
    runToTime(exchange, '2026-01-05', '19:00');
    expect(day.kind === 'accepted' && exchange.desk.orderById(day.order.id)?.status).toBe('expired');
    expect(gtc.kind === 'accepted' && exchange.desk.orderById(gtc.order.id)?.status).toBe('new');
    const night = exchange.desk.submit(ticket([buy(C700)], 1, -0.05));
    expect(night.kind === 'accepted' && night.order.status).toBe('accepted');
    expect(runToTime(exchange, '2026-01-06', '09:31').map(({ kind }) => kind)).toContain('new');
    expect(night.kind === 'accepted' && isFinal(exchange.desk.orderById(night.order.id)?.status ?? 'new')).toBe(false);
  });

  it('replaces a single-leg order with a new id, and refuses it for a combination', () => {
    const exchange = open();
    const first = exchange.desk.submit(ticket([buy(C700)], 2, -0.05));
    if (first.kind === 'refused') throw new Error(first.refusal.message);
    runOn(exchange, 1);
    const second = exchange.desk.replace(first.order.id, { netLimit: -0.1 });
    expect(second.kind === 'accepted' && second.order.replaces).toBe(first.order.id);
    expect(exchange.desk.orderById(first.order.id)).toMatchObject({ status: 'replaced', reserved: 0 });
    expect(exchange.desk.account().reserved).toBe(2_000);
    const spread = exchange.desk.submit(ticket([sell(P650), buy(P645)], 1, 2.5));
    runOn(exchange, 1);
    expect(spread.kind === 'accepted' && exchange.desk.replace(spread.order.id, { netLimit: 2.4 })).toMatchObject({
      refusal: { message: 'replace mleg order is disabled' },
    });
  });
});

describe('refusals in the broker’s own words', () => {
  it('names what is wrong with the form', () => {
    const exchange = open();
    expect(refusalOf(exchange, [buy(C700)], 1.5, -1)).toEqual([422, 42210000, 'qty must be integer and greater than 0']);
    expect(refusalOf(exchange, [sell(P650), buy(P645)], 1, 0.333)[2]).toContain('sub-penny');
    expect(refusalOf(exchange, [buy('SPY260130C00700123')], 1, -1)).toEqual([
      422,
      42210000,
      'contract SPY260130C00700123 not found',
    ]);
    expect(refusalOf(exchange, [buy('SPY251219C00700000')], 1, -1)[2]).toBe('contract SPY251219C00700000 is expired');
    expect(refusalOf(exchange, [sell(P650, 2), buy(P645, 2)], 1, 0.5)[2]).toBe(
      'leg ratio quantities should be relatively prime: GCD[2 2] = 2',
    );
    expect(refusalOf(exchange, [sell(P650), buy('KO260130P00065000')], 1, 0.5)[2]).toBe('underlying asset mismatch');
    expect(refusalOf(exchange, [sell(P650), sell(C700)], 1, 0.5)).toEqual([
      403,
      40310000,
      'mleg uncovered short contracts not allowed, please use single leg order',
    ]);
  });

  it('refuses a second order with the same client id', () => {
    const exchange = open();
    const once = ticket([buy(C700)], 1, -0.05);
    expect(exchange.desk.submit(once).kind).toBe('accepted');
    expect(exchange.desk.submit(once)).toMatchObject({
      refusal: { status: 422, code: 40010001, message: 'client_order_id must be unique' },
    });
  });

  it('refuses what is uncovered, too dear, or beyond the level', () => {
    const exchange = open();
    expect(refusalOf(exchange, [sell(C700)], 1, 0.1)[2]).toBe('account not eligible to trade uncovered option contracts');
    // Two cash-secured puts at 650 need 130,000 less the premium; there are 100,000.
    expect(refusalOf(exchange, [sell(P650)], 2, 9)).toEqual([403, 40310000, 'insufficient options buying power']);
    exchange.desk.configure({ maxOptionsTradingLevel: 2 });
    expect(refusalOf(exchange, [sell(P650), buy(P645)], 1, 0.5)[2]).toBe('account not eligible for level3 options trading');
    exchange.desk.configure({ maxOptionsTradingLevel: null, suspendTrade: true });
    expect(refusalOf(exchange, [buy(C700)], 1, -0.05)[2]).toBe('new orders are rejected by user request');
  });

  it('holds what a closing order would close: a second one finds nothing available', () => {
    const exchange = open();
    fillNow(exchange, [sell(P650), buy(P645)], 1);
    const close = [buyToClose(P650), sellToClose(P645)];
    expect(exchange.desk.submit(ticket(close, 1, -0.1)).kind).toBe('accepted');
    expect(exchange.desk.positions().map(({ quantityAvailable }) => quantityAvailable)).toEqual([0, 0]);
    expect(refusalOf(exchange, close, 1, -0.2)[2]).toBe('insufficient qty available for order (requested: 1, available: 0)');
    expect(refusalOf(exchange, [buy(P650)], 1, -0.2)[2]).toBe(
      'position intent mismatch, inferred: buy_to_close, specified: buy_to_open',
    );
  });

  it('does not let the long leg of a spread be sold from under the short one beyond the cash that secures it', () => {
    const exchange = smallExchange({ settings: { clearing: { startingCash: 5_000_000 } } });
    runToTime(exchange, '2026-01-05', '10:00');
    fillNow(exchange, [sell(P650), buy(P645)], 1);
    expect(refusalOf(exchange, [sellToClose(P645)], 1, 0.1)[2]).toBe('insufficient options buying power');
  });

  it('lets shares cover one call each hundred, and keeps them while they do', () => {
    const exchange = open();
    fillNow(exchange, [{ symbol: 'KO', side: 'buy', ratio: 1, intent: null }], 100, 0.05);
    const call = exchange.market
      .contracts({ underlyings: ['KO'], right: 'call', expirationFrom: exchange.market.contractOf(P650)!.expiration })
      .find(({ strike }) => strike > 70)!;
    fillNow(exchange, [sell(call.symbol)], 1);
    expect(exchange.desk.account().optionsMargin).toBe(0);
    expect(refusalOf(exchange, [sell(call.symbol)], 1, 0.05)[2]).toBe('account not eligible to trade uncovered option contracts');
    expect(refusalOf(exchange, [{ symbol: 'KO', side: 'sell', ratio: 1, intent: null }], 100, 50)[2]).toContain(
      'insufficient qty',
    );
  });

  it('takes no new position in an expiring contract in the last half hour, but closes one', () => {
    const exchange = open();
    runToTime(exchange, '2026-01-09', '15:00');
    const expiring = exchange.market
      .contracts({ underlyings: ['KO'], right: 'call' })
      .find(({ strike, expiration }) => expiration === '2026-01-09' && strike >= 74)!;
    fillNow(exchange, [buy(expiring.symbol)], 1, 0.05);
    runToTime(exchange, '2026-01-09', '15:31');
    expect(refusalOf(exchange, [buy(expiring.symbol.replace('C', 'P'))], 1, -0.05)[2]).toContain(
      'expires soon, unable to open new positions',
    );
    expect(exchange.desk.submit(ticket([sellToClose(expiring.symbol)], 1, 0.01)).kind).toBe('accepted');
  });
});
