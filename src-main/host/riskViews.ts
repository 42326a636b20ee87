import type { LimitView, RiskView } from '#contract/risk';
import { optionLegs } from '#domain/structures/anatomy';
import { type Cents, cents } from '#domain/units';
import type { Exposure } from '#engine/risk/book';
import { expirationsOf } from '#engine/risk/concentrationGates';
import { isSecuredShape } from '#engine/risk/secured';
import { stressOfBook, worstLoss } from '#engine/risk/stressGrid';
import type { EngineView } from '#engine/view';
import type { Desk } from './desk.ts';

/** Every limit with what is used of it, and the book by sector, by underlying and under stress. */
export function riskOf(desk: Desk): RiskView {
  const view = desk.view();
  const { book, settings } = view;
  const stress = stressOfBook(book, settings.risk, settings.scanner.riskFreeRate);
  const width = settings.risk.stressSpotMoves.length;
  return {
    at: view.now,
    limits: limitsOf(view, stress === null ? null : worstLoss(stress)),
    bySector: grouped(book.exposures, ({ sector }) => sector).map(([sector, held]) => ({
      sector,
      positions: positionsIn(held),
      maxLossCents: lossOf(held),
    })),
    byUnderlying: grouped(book.exposures, ({ underlying }) => underlying).map(([underlying, held]) => ({
      underlying,
      positions: positionsIn(held),
      maxLossCents: lossOf(held),
      deltaShares: totalOf(held, ({ deltaShares }) => deltaShares),
    })),
    stress: {
      spotMoves: settings.risk.stressSpotMoves,
      volatilityMoves: settings.risk.stressVolatilityMoves,
      pnlCents: settings.risk.stressVolatilityMoves.map((_, row) =>
        settings.risk.stressSpotMoves.map((_, column) => {
          const dollars = stress?.[row * width + column];
          return dollars === undefined ? null : Math.round(dollars * 100);
        }),
      ),
    },
    reconciliation: { at: view.lastDifferences?.at ?? null, differences: view.lastDifferences?.differences ?? [] },
  };
}

function limitsOf({ book, settings, now }: EngineView, stressDollars: number | null): LimitView[] {
  const { risk } = settings;
  const { exposures, equity } = book;
  const share = (cents: number | null): number | null =>
    cents === null || equity === null || equity <= 0 ? null : cents / equity;
  const busiest = (key: (exposure: Exposure) => string): number =>
    Math.max(0, ...grouped(exposures, key).map(([, held]) => positionsIn(held)));
  // Shares, cash-secured puts and covered calls are bounded by the equity they tie up and by their stress loss instead.
  const losses = exposures
    .filter(({ legs }) => optionLegs(legs).length > 0 && !isSecuredShape(legs))
    .map(({ maxLoss }) => maxLoss);
  const largest = losses.includes(null) ? null : Math.max(0, ...losses.map((loss) => loss ?? 0));
  const days = [...new Set(exposures.flatMap(({ legs }) => expirationsOf(legs)))];
  const fullestDay = (of: (held: readonly Exposure[]) => number): number =>
    Math.max(0, ...days.map((day) => of(exposures.filter(({ legs }) => expirationsOf(legs).includes(day)))));
  const fallFrom = (start: number | null): number | null =>
    start === null || equity === null ? null : Math.max(0, start - equity);
  const fraction = (fall: number | null, start: number | null): number | null =>
    fall === null || start === null || start <= 0 ? null : fall / start;
  const dayFall = fallFrom(book.dayStartEquity);
  const power = exposures.reduce((sum, { buyingPowerEffect }) => sum - buyingPowerEffect, 0);
  const delta = totalOf(exposures, ({ deltaShares }) => deltaShares);
  const vega = totalOf(exposures, ({ vegaDollarsPerPoint }) => vegaDollarsPerPoint);
  const snapshotAge = book.snapshotAt === null ? null : (now - book.snapshotAt) / 1000;
  const limit = limitMaker(risk);
  return [
    limit('maxRiskPerTradeFraction', 'Largest loss of one trade', 'trade', share(largest), 'fraction of equity'),
    limit('maxPositions', 'Open positions', 'concentration', positionsIn(exposures), 'positions'),
    limit(
      'maxPositionsPerSector',
      'Positions in the fullest sector',
      'concentration',
      busiest(({ sector }) => sector),
      'positions',
    ),
    limit(
      'maxPositionsPerSymbol',
      'Positions in the fullest underlying',
      'concentration',
      busiest(({ underlying }) => underlying),
      'positions',
    ),
    limit(
      'maxPositionsPerStrategy',
      'Positions of the fullest strategy',
      'concentration',
      busiest(({ strategyId }) => strategyId),
      'positions',
    ),
    limit(
      'maxPositionsPerExpiration',
      'Positions of the fullest expiration day',
      'concentration',
      fullestDay((held) => positionsIn(held)),
      'positions',
    ),
    limit(
      'maxExpiryDayRiskFraction',
      'Risk on the fullest expiration day',
      'concentration',
      share(fullestDay((held) => riskIn(held.filter(({ legs }) => !isSecuredShape(legs))))),
      'fraction of equity',
    ),
    limit('maxBuyingPowerFraction', 'Buying power in use', 'account', share(power), 'fraction of equity'),
    limit('maxDailyLossFraction', 'Loss today', 'loss', fraction(dayFall, book.dayStartEquity), 'fraction'),
    limit('maxDailyLossDollars', 'Loss today, in dollars', 'loss', dayFall === null ? null : dayFall / 100, 'dollars'),
    limit(
      'maxWeeklyLossFraction',
      'Loss this week',
      'loss',
      fraction(fallFrom(book.weekStartEquity), book.weekStartEquity),
      'fraction',
    ),
    limit(
      'maxDrawdownFraction',
      'Fall from the highest equity',
      'loss',
      fraction(fallFrom(book.peakEquity), book.peakEquity),
      'fraction',
    ),
    limit('maxOrdersPerDay', 'Orders today', 'activity', book.ordersToday, 'orders'),
    limit('maxOrdersPerMinute', 'Orders in the last minute', 'activity', book.ordersLastMinute, 'orders'),
    limit('maxOrdersPerSecond', 'Orders in the last second', 'activity', book.ordersLastSecond, 'orders'),
    limit(
      'maxEntriesPerSymbolPerDay',
      'Entries today in the busiest underlying',
      'activity',
      Math.max(0, ...book.entriesTodayBySymbol.values()),
      'entries',
    ),
    limit(
      'maxRoundTripsPerSymbolPerDay',
      'Opened and closed today in the busiest underlying',
      'activity',
      Math.max(0, ...book.roundTripsToday.values()),
      'round trips',
    ),
    ...(risk.maxDayTradesPerFiveDays > 0
      ? [
          limit(
            'maxDayTradesPerFiveDays',
            'Opened and closed on one day, five sessions',
            'activity',
            book.dayTrades,
            'round trips',
          ),
        ]
      : []),
    limit('maxPortfolioDeltaShares', 'Portfolio delta', 'greeks', delta === null ? null : Math.abs(delta), 'shares'),
    limit('maxPortfolioVegaDollars', 'Portfolio vega', 'greeks', vega === null ? null : Math.abs(vega), 'dollars per point'),
    limit(
      'maxStressLossFraction',
      'Worst loss under stress',
      'stress',
      share(stressDollars === null ? null : stressDollars * 100),
      'fraction of equity',
    ),
    limit('maxSnapshotAgeSeconds', 'Age of the account snapshot', 'data', snapshotAge, 'seconds'),
  ];
}

type NumberSetting = {
  [Key in keyof EngineView['settings']['risk']]: EngineView['settings']['risk'][Key] extends number ? Key : never;
}[keyof EngineView['settings']['risk']];

function limitMaker(risk: EngineView['settings']['risk']) {
  return (setting: NumberSetting, title: string, group: LimitView['group'], used: number | null, unit: string): LimitView => ({
    limit: setting,
    title,
    group,
    used,
    max: risk[setting],
    unit,
    breached: used !== null && used > risk[setting],
    setting: `risk.${setting}`,
    note: used === null ? 'A value is missing: nothing new is opened until it is known' : '',
  });
}

function grouped(exposures: readonly Exposure[], key: (exposure: Exposure) => string): [string, Exposure[]][] {
  const groups = new Map<string, Exposure[]>();
  for (const exposure of exposures) groups.set(key(exposure), [...(groups.get(key(exposure)) ?? []), exposure]);
  return [...groups.entries()].sort(([a], [b]) => a.localeCompare(b));
}

function positionsIn(exposures: readonly Exposure[]): number {
  return new Set(exposures.map(({ positionId }) => positionId)).size;
}

/** What could be lost; where there is no bound, what is tied up. */
function riskIn(exposures: readonly Exposure[]): number {
  return exposures.reduce((sum, { maxLoss, buyingPowerEffect }) => sum + (maxLoss ?? -buyingPowerEffect), 0);
}

/** What all of them could lose, cents; null when one of them has no bound: then neither has the sum. */
export function lossOf(exposures: readonly Pick<Exposure, 'maxLoss'>[]): Cents | null {
  return exposures.reduce<Cents | null>(
    (sum, { maxLoss }) => (sum === null || maxLoss === null ? null : cents(sum + maxLoss)),
    cents(0),
  );
}

function totalOf(exposures: readonly Exposure[], read: (exposure: Exposure) => number | null): number | null {
  let total = 0;
  for (const exposure of exposures) {
    const value = read(exposure);
    if (value === null) return null;
    total += value;
  }
  return total;
}
