import { civilDate } from '#domain/market/calendar';
import { isoDate } from '#domain/units';
import type { Clock } from '#ports/clock';
import type { EarningsDate, UnderlyingHistory } from '#ports/marketData';
import {
  DecodeError,
  instantOf,
  isDate,
  type Json,
  listOf,
  neededNumber,
  numberOf,
  objectOf,
  positiveNumber,
  textOf,
} from '../../brokers/alpaca/fields.ts';
import type { Gateway } from '../../brokers/alpaca/gateway.ts';

const DAY_MS = 86_400_000;
/** A split would look like a crash. Dividends stay in: the last close then is the price that was paid. */
const ADJUSTMENT = 'split,spin-off';

/**
 * Daily bars and cash dividends of one underlying. A bar or a dividend that cannot be read fails the whole: a day left out would
 * change the volatility, a dividend left out the danger of an early assignment, and nobody would see it.
 */
export async function fetchHistory(
  parts: { readonly gateway: Gateway; readonly clock: Pick<Clock, 'now'>; readonly stockFeed: 'iex' | 'sip' },
  underlying: string,
  days: number,
  earnings: readonly EarningsDate[],
): Promise<UnderlyingHistory> {
  const { gateway, clock, stockFeed } = parts;
  const now = clock.now();
  const today = civilDate(now);
  const start = new Date(now - Math.ceil(days * 1.6 + 10) * DAY_MS);
  const bars = objectOf(
    await gateway.data('market', (api) =>
      api.marketData.stocks.stockBarsRaw({
        symbols: underlying,
        timeframe: '1Day',
        start,
        end: new Date(now),
        limit: 10_000,
        adjustment: ADJUSTMENT,
        feed: stockFeed,
      }),
    ),
    'stock bars',
  );
  const daily = listOf(objectOf(bars['bars'] ?? {}, 'bars')[underlying], 'bars').map((bar) => objectOf(bar, 'bar'));
  const actions = objectOf(
    await gateway.data('market', (api) =>
      api.marketData.corporateActions.corporateActionsRaw({
        symbols: underlying,
        types: 'cash_dividend',
        start: new Date(now - 400 * DAY_MS),
        end: new Date(now + 400 * DAY_MS),
        limit: 1000,
      }),
    ),
    'corporate actions',
  );
  const dividends = listOf(
    objectOf(actions['corporate_actions'] ?? {}, 'corporate actions')['cash_dividends'],
    'cash dividends',
  ).map((item) => objectOf(item, 'cash dividend'));
  return {
    underlying,
    bars: daily
      .map(barOf)
      .filter((bar) => bar.date < today)
      .slice(-days),
    dividends: dividends.map((item) => dividendOf(item, underlying)),
    earnings: earnings.filter((date) => date.underlying === underlying),
  };
}

function barOf(bar: Json): UnderlyingHistory['bars'][number] {
  const at = instantOf(bar, 't');
  if (at === null) throw new DecodeError('bar: t is missing or not a time');
  const date = civilDate(at);
  const what = `bar of ${date}`;
  return {
    date,
    open: positiveNumber(bar, 'o', what),
    high: positiveNumber(bar, 'h', what),
    low: positiveNumber(bar, 'l', what),
    close: positiveNumber(bar, 'c', what),
    volume: numberOf(bar, 'v', what) ?? 0,
  };
}

function dividendOf(item: Json, underlying: string): UnderlyingHistory['dividends'][number] {
  const exDate = textOf(item, 'ex_date');
  if (!isDate(exDate)) throw new DecodeError(`cash dividend: ex_date is '${exDate.slice(0, 40)}'`);
  return { underlying, exDate: isoDate(exDate), amount: neededNumber(item, 'rate', `cash dividend of ${exDate}`) };
}
