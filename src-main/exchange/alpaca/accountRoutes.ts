import { z } from 'zod';
import { addDays, civilDate } from '#domain/market/calendar';
import type { IsoDate } from '#domain/units';
import type { Exchange } from '../exchangeApi.ts';
import { accountJson } from './renderAccount.ts';
import { dateIn, failure, ok, type Route } from './route.ts';

/** The account, what its owner may configure, and its equity day by day. */
export function accountRoutes(exchange: Exchange): Route[] {
  const { desk } = exchange;
  const configuration = (): Record<string, unknown> => {
    const { maxOptionsTradingLevel, suspendTrade, noShorting } = desk.configuration();
    return {
      max_options_trading_level: maxOptionsTradingLevel,
      suspend_trade: suspendTrade,
      no_shorting: noShorting,
      fractional_trading: false,
      max_margin_multiplier: '1',
      trade_confirm_email: 'none',
      ptp_no_exception_entry: false,
    };
  };
  return [
    { method: 'GET', pattern: /^\/v2\/account$/, answer: () => ok(accountJson(desk.account())) },
    { method: 'GET', pattern: /^\/v2\/account\/configurations$/, answer: () => ok(configuration()) },
    {
      method: 'PATCH',
      pattern: /^\/v2\/account\/configurations$/,
      answer({ body }) {
        const change = z
          .looseObject({
            suspend_trade: z.boolean().optional(),
            no_shorting: z.boolean().optional(),
            max_options_trading_level: z.number().int().min(0).max(3).nullable().optional(),
          })
          .safeParse(body);
        if (!change.success) return failure(422, 42210000, 'invalid account configuration');
        const { suspend_trade: suspendTrade, no_shorting: noShorting, max_options_trading_level: level } = change.data;
        desk.configure({
          ...(suspendTrade === undefined ? {} : { suspendTrade }),
          ...(noShorting === undefined ? {} : { noShorting }),
          ...(level === undefined ? {} : { maxOptionsTradingLevel: level }),
        });
        return ok(configuration());
      },
    },
    {
      method: 'GET',
      pattern: /^\/v2\/account\/portfolio\/history$/,
      answer({ query }) {
        const all = desk.equityHistory();
        const start = dateIn(query, 'start') ?? periodStart(query.get('period') ?? '1M', civilDate(exchange.now()));
        const points = all.filter(({ date }) => date >= start && date <= (dateIn(query, 'end') ?? date));
        const base = all.findLast(({ date }) => date < start)?.equity ?? exchange.settings.clearing.startingCash;
        return ok({
          timestamp: points.map((point) => Math.floor(point.at / 1000)),
          equity: points.map((point) => point.equity / 100),
          profit_loss: points.map((point) => (point.equity - base) / 100),
          profit_loss_pct: points.map((point) => point.equity / base - 1),
          base_value: base / 100,
          base_value_asof: all.findLast(({ date }) => date < start)?.date ?? start,
          timeframe: '1D',
        });
      },
    },
  ];
}

/** First day of a period such as 1D, 2W, 3M or 1A that ends today; 'all' is everything. */
function periodStart(period: string, today: IsoDate): IsoDate {
  const [, count = '', unit = ''] = /^(\d+)([DWMA])$/.exec(period) ?? [];
  const days: Readonly<Record<string, number>> = { D: 1, W: 7, M: 30, A: 365 };
  return addDays(today, -Number(count || 100) * (days[unit] ?? 365));
}
