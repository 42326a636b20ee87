import { atNewYork } from '#domain/market/calendar';
import { type Instant, instant, isoDate } from '#domain/units';
import { createExchange, type ExchangeOptions } from '#exchange/embeddedExchange';
import type { Exchange } from '#exchange/exchangeApi';
import type { OrderedLeg, OrderTicket, OrderUpdate } from '#exchange/orders';

export const START = isoDate('2026-01-05');

/** A small, fast exchange for stories: four underlyings, natural fills, everything else as shipped. */
export function smallExchange(options: Partial<ExchangeOptions> = {}): Exchange {
  const { settings = {}, ...rest } = options;
  return createExchange({
    seed: 7,
    start: START,
    ...rest,
    settings: {
      ...settings,
      market: { underlyings: ['SPY', 'KO', 'BAC', 'XOM'], historySessions: 30, ...settings.market },
      matching: { fillModel: 'natural', ...settings.matching },
    },
  });
}

/** Runs to an instant, past every stop on the way; returns the updates heard. */
export function runTo(exchange: Exchange, target: Instant): OrderUpdate[] {
  const heard: OrderUpdate[] = [];
  const stop = exchange.desk.onOrderUpdate((update) => heard.push(update));
  while (exchange.now() < target) exchange.advanceTo(target);
  stop();
  return heard;
}

/** Runs to a New York time of a day. */
export function runToTime(exchange: Exchange, date: string, time: string): OrderUpdate[] {
  return runTo(exchange, atNewYork(isoDate(date), time));
}

/** Runs on by seconds. */
export function runOn(exchange: Exchange, seconds: number): OrderUpdate[] {
  return runTo(exchange, instant(exchange.now() + seconds * 1000));
}

export const sell = (symbol: string, ratio = 1): OrderedLeg => ({ symbol, side: 'sell', ratio, intent: 'sellToOpen' });
export const buy = (symbol: string, ratio = 1): OrderedLeg => ({ symbol, side: 'buy', ratio, intent: 'buyToOpen' });
export const sellToClose = (symbol: string, ratio = 1): OrderedLeg => ({ symbol, side: 'sell', ratio, intent: 'sellToClose' });
export const buyToClose = (symbol: string, ratio = 1): OrderedLeg => ({ symbol, side: 'buy', ratio, intent: 'buyToClose' });

let tickets = 0;

/** A day limit order; `netLimit` signed as cash. */
export function ticket(
  legs: readonly OrderedLeg[],
  contracts: number,
  netLimit: number,
  change: Partial<OrderTicket> = {},
): OrderTicket {
  tickets += 1;
  return {
    clientOrderId: `test-${tickets}`,
    orderClass: legs.length > 1 ? 'mleg' : 'simple',
    type: 'limit',
    timeInForce: 'day',
    contracts,
    netLimit,
    legs,
    ...change,
  };
}

/** What crossing every leg pays now, signed per unit, in dollars. */
export function naturalNet(exchange: Exchange, legs: readonly OrderedLeg[]): number {
  const cents = legs.reduce((sum, { symbol, side, ratio }) => {
    const quote = exchange.market.quoteOf(symbol);
    if (!quote) throw new Error(`no quote for ${symbol}`);
    return sum + ratio * Math.round((side === 'sell' ? quote.bid : -quote.ask) * 100);
  }, 0);
  return cents / 100;
}

/** Fills an order at once: a limit some cents worse than natural, then a few seconds. Throws when it did not fill. */
export function fillNow(exchange: Exchange, legs: readonly OrderedLeg[], contracts: number, room = 0.5): OrderUpdate {
  const net = naturalNet(exchange, legs) - room;
  const single = legs.length === 1;
  const limit = single && legs[0]?.side === 'sell' ? Math.max(net, 0.05) : net;
  const answer = exchange.desk.submit(ticket(legs, contracts, Math.round(limit * 20) / 20));
  if (answer.kind === 'refused') throw new Error(`refused: ${JSON.stringify(answer.refusal)}`);
  const fill = runOn(exchange, 5).find(({ kind }) => kind === 'fill');
  if (!fill) throw new Error('not filled');
  return fill;
}
