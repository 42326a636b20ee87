import { addDays, civilDate, weekday } from '#domain/market/calendar';
import type { IsoDate } from '#domain/units';
import type { Exchange } from '../exchangeApi.ts';
import { dateIn, failure, ok, pageOf, type Route, wholeOf } from './route.ts';

/** What can be traded: shares, and the listed option contracts in pages. */
export function contractRoutes(exchange: Exchange): Route[] {
  const { market } = exchange;
  const asset = (symbol: string): Record<string, unknown> | null => {
    const profile = market.underlyings.find((candidate) => candidate.symbol === symbol);
    if (!profile) return null;
    return {
      id: profile.symbol,
      class: 'us_equity',
      exchange: profile.exchange,
      symbol: profile.symbol,
      name: profile.name,
      status: 'active',
      tradable: true,
      marginable: true,
      shortable: true,
      easy_to_borrow: true,
      fractionable: false,
      attributes: ['has_options'],
    };
  };
  const contractJson = (symbol: string): Record<string, unknown> | null => {
    const contract = market.contractOf(symbol);
    if (!contract) return null;
    const today = civilDate(exchange.now());
    return {
      id: contract.symbol,
      symbol: contract.symbol,
      name: `${contract.underlying} ${contract.expiration} ${contract.strike} ${contract.right}`,
      status: 'active',
      tradable: true,
      expiration_date: contract.expiration,
      root_symbol: contract.root,
      underlying_symbol: contract.underlying,
      underlying_asset_id: contract.underlying,
      type: contract.right,
      style: contract.style,
      strike_price: String(contract.strike),
      multiplier: String(contract.multiplier),
      size: String(contract.multiplier),
      open_interest: String(market.openInterestOf(symbol)),
      open_interest_date: today,
      close_price: null,
      close_price_date: null,
      ppind: contract.pennyProgram,
    };
  };
  return [
    { method: 'GET', pattern: /^\/v2\/assets$/, answer: () => ok(market.underlyings.map((profile) => asset(profile.symbol))) },
    {
      method: 'GET',
      pattern: /^\/v2\/assets\/([^/]+)$/,
      answer: ({ path }) => {
        const found = asset(path[0] ?? '');
        return found ? ok(found) : failure(404, 40410000, `asset not found for ${path[0]}`);
      },
    },
    {
      method: 'GET',
      pattern: /^\/v2\/options\/contracts$/,
      answer({ query }) {
        const today = civilDate(exchange.now());
        const exact = dateIn(query, 'expiration_date');
        const from = exact ?? dateIn(query, 'expiration_date_gte') ?? today;
        const to = exact ?? dateIn(query, 'expiration_date_lte') ?? comingWeekend(today);
        const right = query.get('type');
        const listed = market.contracts({
          underlyings: (query.get('underlying_symbols') ?? market.underlyings.map((profile) => profile.symbol).join(',')).split(
            ',',
          ),
          expirationFrom: from,
          expirationTo: to,
          ...(right === 'call' || right === 'put' ? { right } : {}),
          ...(query.get('strike_price_gte') === null ? {} : { strikeFrom: Number(query.get('strike_price_gte')) }),
          ...(query.get('strike_price_lte') === null ? {} : { strikeTo: Number(query.get('strike_price_lte')) }),
        });
        const [root, style, penny] = [query.get('root_symbol'), query.get('style'), query.get('ppind')];
        const wanted = listed.filter(
          (contract) =>
            query.get('status') !== 'inactive' &&
            (root === null || contract.root === root) &&
            (style === null || contract.style === style) &&
            (penny === null || contract.pennyProgram === (penny === 'true')),
        );
        const { page, next } = pageOf(wanted, query.get('page_token'), wholeOf(query, 'limit', 100, 10_000));
        return ok({ option_contracts: page.map((contract) => contractJson(contract.symbol)), next_page_token: next });
      },
    },
    {
      method: 'GET',
      pattern: /^\/v2\/options\/contracts\/([^/]+)$/,
      answer: ({ path }) => {
        const found = contractJson(path[0] ?? '');
        return found ? ok(found) : failure(404, 40410000, `option contract ${path[0]} not found`);
      },
    },
  ];
}

/** Alpaca's silent default: contracts up to the coming weekend. */
function comingWeekend(today: IsoDate): IsoDate {
  return addDays(today, 6 - weekday(today) || 7);
}
