import { useEffect, useMemo, useState } from 'react';
import type { ChainView } from '#contract/chain';
import { civilDate } from '#domain/market/newYorkClock';
import { expirationsOf } from '#domain/structures/anatomy';
import { DEFAULT_EXPIRY_MODEL } from '#domain/structures/expiryModel';
import type { IsoDate } from '#domain/units';
import { valueAt } from '../../components/form/schema.ts';
import { desk } from '../../connection/current.ts';
import { useOpenFeed } from '../../stores/feedStore.ts';
import { settingsFeed, statusFeed } from '../../stores/feeds.ts';
import type { Market } from './analysis.ts';
import type { Subject } from './subject.ts';

/** A market with the volatility at the money, and how many legs have none of their own. */
interface KnownMarket extends Market {
  readonly atTheMoney: number;
  readonly unknown: number;
}

/** Time between two looks at the quotes, in milliseconds: a scenario does not need every tick. */
const REFRESH_MS = 1_000;

function useViews(underlying: string, expirations: readonly string[]): readonly ChainView[] {
  const dates = expirations.join(' ');
  const [views, setViews] = useState<readonly ChainView[]>([]);
  useEffect(() => {
    setViews([]);
    if (dates === '') return;
    const newest = new Map<string, ChainView>();
    let isNew = false;
    const stops = dates.split(' ').map((expiration) =>
      desk.feed('chain.view', { underlying, expiration }, (view) => {
        const isFirst = !newest.has(expiration);
        newest.set(expiration, view);
        isNew = true;
        if (isFirst) show();
      }),
    );
    function show() {
      if (!isNew) return;
      isNew = false;
      setViews([...newest.values()]);
    }
    const timer = setInterval(show, REFRESH_MS);
    return () => {
      clearInterval(timer);
      for (const stop of stops) stop();
    };
  }, [underlying, dates]);
  return views;
}

/** The market that a subject lives in: spot, each contract's implied volatility and the yield that its chains imply; null until known. */
export function useMarket(subject: Subject): KnownMarket | null {
  useOpenFeed(settingsFeed, {});
  const setting = settingsFeed.use((feed) => valueAt(feed.item?.values, 'scanner.riskFreeRate'));
  const today: IsoDate | null = statusFeed.use((feed) => (feed.item ? civilDate(feed.item.now) : null));
  const views = useViews(subject.underlying, expirationsOf(subject.legs));
  const rate = typeof setting === 'number' ? setting : DEFAULT_EXPIRY_MODEL.rate;
  return useMemo(() => marketOf(subject, views, today, rate), [subject, views, today, rate]);
}

function marketOf(subject: Subject, views: readonly ChainView[], today: IsoDate | null, rate: number): KnownMarket | null {
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
  const years = first.daysToExpiration / 365;
  const dividendYield = first.forward !== null && years > 0 ? rate - Math.log(first.forward / spot) / years : 0;
  const unknown = subject.legs.filter((leg) => leg.kind === 'option' && !volatilities.has(leg.contract.symbol)).length;
  return {
    spot,
    today,
    rate,
    dividendYield,
    atTheMoney,
    unknown,
    volatilityOf: (contract) => volatilities.get(contract.symbol) ?? atTheMoney,
  };
}
