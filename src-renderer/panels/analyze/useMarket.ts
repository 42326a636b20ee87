import { useEffect, useMemo, useState } from 'react';
import type { ChainView } from '#contract/chain';
import { civilDate } from '#domain/market/newYorkClock';
import { expirationsOf } from '#domain/structures/anatomy';
import { DEFAULT_EXPIRY_MODEL } from '#domain/structures/expiryModel';
import type { IsoDate } from '#domain/units';
import { impliedDividendYield } from '#domain/volatility/parityForward';
import { valueAt } from '../../components/form/schema.ts';
import { desk } from '../../connection/current.ts';
import { useOpenFeed } from '../../stores/feedStore.ts';
import { settingsFeed, statusFeed } from '../../stores/feeds.ts';
import { type SurfaceSlice, sliceOf } from '../../stores/surfaceSlice.ts';
import type { Holding, Market } from './analysis.ts';
import type { Part, Subject } from './subject.ts';

/** A market with the volatility at the money, the fitted smile of the first expiration, and how many legs have no volatility. */
export interface KnownMarket extends Market {
  readonly atTheMoney: number;
  readonly slice: SurfaceSlice | null;
  readonly unknown: number;
}

export interface KnownHolding extends Holding {
  readonly market: KnownMarket;
}

/** Time between two looks at the quotes, in milliseconds: a scenario does not need every tick. */
const REFRESH_MS = 1_500;
/** The same for a whole portfolio, whose every leg is priced again. */
const PORTFOLIO_REFRESH_MS = 5_000;
/** A yield read from parity over less than this says more about ticks than about dividends. */
const LEAST_YIELD_YEARS = 5 / 365;
const LARGEST_YIELD = 0.2;

/** Newest chains of everything that is held, by underlying and expiration; none of a subject until it is known. */
function useViews(parts: readonly Part[]): readonly ChainView[] {
  const wanted = parts
    .flatMap(({ underlying, legs }) => expirationsOf(legs).map((expiration) => `${underlying} ${expiration}`))
    .join(',');
  const isMany = parts.length > 1;
  const [views, setViews] = useState<readonly ChainView[]>([]);
  useEffect(() => {
    setViews([]);
    if (wanted === '') return;
    const newest = new Map<string, ChainView>();
    const all = wanted.split(',');
    let isNew = false;
    const stops = all.map((key) => {
      const [underlying = '', expiration = ''] = key.split(' ');
      return desk.feed('chain.view', { underlying, expiration }, (view) => {
        const isFirst = !newest.has(key);
        newest.set(key, view);
        isNew = true;
        // A portfolio comes in as a whole: its first picture waits for the last chain, or for the next look.
        if (isFirst && newest.size === all.length) show();
      });
    });
    function show() {
      if (!isNew) return;
      isNew = false;
      setViews([...newest.values()]);
    }
    const timer = setInterval(show, isMany ? PORTFOLIO_REFRESH_MS : REFRESH_MS);
    return () => {
      clearInterval(timer);
      for (const stop of stops) stop();
    };
  }, [wanted, isMany]);
  return views;
}

/** What a subject holds, each part in its market; parts whose chains have not come yet are counted, not shown. */
export function useHoldings(subject: Subject): { readonly holdings: readonly KnownHolding[]; readonly waiting: number } {
  useOpenFeed(settingsFeed, {});
  const setting = settingsFeed.use((feed) => valueAt(feed.item?.values, 'scanner.riskFreeRate'));
  const today: IsoDate | null = statusFeed.use((feed) => (feed.item ? civilDate(feed.item.now) : null));
  const views = useViews(subject.parts);
  const rate = typeof setting === 'number' ? setting : DEFAULT_EXPIRY_MODEL.rate;
  return useMemo(() => {
    const holdings = subject.parts.flatMap((part) => {
      const own = views.filter((view) => view.underlying === part.underlying);
      const market = marketOf(part, own, today, rate);
      return market ? [{ ...part, market }] : [];
    });
    return { holdings, waiting: subject.parts.length - holdings.length };
  }, [subject, views, today, rate]);
}

function marketOf(part: Part, views: readonly ChainView[], today: IsoDate | null, rate: number): KnownMarket | null {
  const [first] = [...views].sort((left, right) => left.daysToExpiration - right.daysToExpiration);
  if (!today || !first || first.spot === null) return null;
  const { spot } = first;
  // A leg whose own volatility is not known is valued at the money's, and counted as unknown.
  const volatilities = new Map<string, number>();
  for (const cell of views.flatMap((view) => view.rows.flatMap((row) => [row.call, row.put]))) {
    if (cell?.impliedVolatility != null) volatilities.set(cell.symbol, cell.impliedVolatility);
  }
  const nearest = [...first.rows].sort((left, right) => Math.abs(left.strike - spot) - Math.abs(right.strike - spot))[0];
  const atTheMoney = nearest?.call?.impliedVolatility ?? nearest?.put?.impliedVolatility ?? null;
  if (atTheMoney === null) return null;
  const { years, forward } = first;
  const implied = forward !== null && years > LEAST_YIELD_YEARS ? impliedDividendYield({ forward, rate }, spot, years) : 0;
  return {
    spot,
    today,
    rate,
    dividendYield: Math.min(Math.max(implied, -LARGEST_YIELD), LARGEST_YIELD),
    atTheMoney,
    slice: sliceOf(first, rate),
    unknown: part.legs.filter((leg) => leg.kind === 'option' && !volatilities.has(leg.contract.symbol)).length,
    volatilityOf: (contract) => volatilities.get(contract.symbol) ?? atTheMoney,
  };
}
