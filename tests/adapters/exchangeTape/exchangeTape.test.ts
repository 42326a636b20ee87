import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openTapedExchange } from '#adapters/exchangeTape/exchangeTape';
import { type Instant, isoDate, plusMs } from '#domain/units';
import type { Exchange } from '#exchange/exchangeApi';
import { exchangeSettings } from '#exchange/settings';

let folder = '';
let file = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'strikedesk-tape-'));
  file = join(folder, 'calls.jsonl');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const wanted = { seed: 7, start: isoDate('2026-01-05'), settings: exchangeSettings.parse({ market: { historySessions: 30 } }) };

function advance(exchange: Exchange, to: Instant): void {
  while (exchange.now() < to) exchange.advanceTo(to);
}

/** Buys and sells single puts and calls of SPY through two mornings, cancelling now and then. */
function trade(exchange: Exchange): void {
  advance(exchange, plusMs(exchange.now(), 45 * 60_000));
  for (let n = 0; n < 12; n += 1) {
    const listed = exchange.market.contracts({ underlyings: ['SPY'], right: n % 2 === 0 ? 'put' : 'call' });
    const contract = listed[Math.floor(listed.length / 2) + n];
    const quote = contract ? exchange.market.quoteOf(contract.symbol) : null;
    if (!contract || !quote) continue;
    const answer = exchange.desk.submit({
      clientOrderId: `story-${n}`,
      orderClass: 'simple',
      type: 'limit',
      timeInForce: 'day',
      contracts: 1,
      netLimit: -Math.max(0.01, Math.round(quote.ask * 100) / 100),
      legs: [{ symbol: contract.symbol, side: 'buy', ratio: 1, intent: 'buyToOpen' }],
    });
    if (n % 3 === 0 && answer.kind === 'accepted') exchange.desk.cancel(answer.order.id);
    exchange.advanceTo(plusMs(exchange.now(), 90_000));
  }
}

const stateOf = (exchange: Exchange) => ({
  at: exchange.now(),
  account: exchange.desk.account(),
  ledger: exchange.desk.ledger(),
  orders: exchange.desk.orders({ status: 'all' }),
  quote: exchange.market.quoteOf('SPY'),
});

describe('the exchange with a memory', () => {
  it('is the same exchange after a restart: account, ledger, orders and market, to the cent', () => {
    const first = openTapedExchange(file, wanted, null);
    trade(first.exchange);
    const before = stateOf(first.exchange);
    expect(before.ledger.length).toBeGreaterThan(5);
    first.close();
    // A crash in the middle of a write: the line has no end and was never carried out.
    appendFileSync(file, '{"at":1,"call":"subm');
    const second = openTapedExchange(file, { ...wanted, seed: 99 }, before.at);
    expect(second.seed).toBe(7);
    expect(stateOf(second.exchange)).toEqual(before);
    trade(second.exchange);
    const later = stateOf(second.exchange);
    second.close();
    expect(stateOf(openTapedExchange(file, wanted, later.at).exchange)).toEqual(later);
  });
});
