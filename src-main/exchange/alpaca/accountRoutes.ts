import { z } from 'zod';
import type { Exchange } from '../exchangeApi.ts';
import { accountJson } from './renderAccount.ts';
import { failure, ok, type Route } from './route.ts';

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
      answer() {
        const points = desk.equityHistory();
        const base = exchange.settings.clearing.startingCash;
        return ok({
          timestamp: points.map((point) => Math.floor(point.at / 1000)),
          equity: points.map((point) => point.equity / 100),
          profit_loss: points.map((point) => (point.equity - base) / 100),
          profit_loss_pct: points.map((point) => point.equity / base - 1),
          base_value: base / 100,
          timeframe: '1D',
        });
      },
    },
  ];
}
