import { DAYS_PER_YEAR } from '#domain/pricing/blackScholes';
import { calendarDaysBetween } from '#domain/structures/anatomy';
import { earlyAssignmentRisk, hasPinRisk, strikeInterest } from '#domain/structures/assignment';
import { type ProfitBounds, profitBounds } from '#domain/structures/payoff';
import { structureValue } from '#domain/structures/valuation';
import { strikeText } from '../../components/format/contracts.ts';
import { civilDay } from '../../components/format/instants.ts';
import {
  type Axis,
  axisOf,
  type Bend,
  type ConePoint,
  type Curve,
  curveOn,
  daysBetween,
  daysToExpiration,
  extremesOf,
  type GreeksRow,
  greeksRow,
  type Holding,
  type LegRow,
  legRows,
  probabilityCone,
  profitAt,
  profitAtExpiration,
  scenarioOf,
  zerosOf,
} from './analysis.ts';
import { addDays } from './days.ts';
import { type Odds, oddsOf, touchOdds } from './odds.ts';
import type { KnownHolding } from './useMarket.ts';

const SPOT_MOVES = [-0.1, -0.06, -0.03, -0.01, 0, 0.01, 0.03, 0.06, 0.1] as const;
const DAY_STEPS = 6;
/** Points of a curve of theoretical values: smooth, and each one prices every leg. */
const ONE_POINTS = 90;
const MANY_POINTS = 40;
/** Dividends until expiration that parity implies are believed from this share of the price. */
const LEAST_DIVIDEND = 0.001;

/** Everything that the panel shows of a subject in one bent world. */
export interface Figures {
  readonly days: number;
  readonly axis: Axis;
  readonly expiration: Curve;
  readonly now: Curve;
  readonly between: readonly Curve[];
  /** Of one underlying; null for several, whose prices do not move as one. */
  readonly bounds: ProfitBounds | null;
  readonly extremes: { readonly best: number | null; readonly worst: number | null };
  readonly breakevens: readonly number[];
  readonly odds: readonly Odds[];
  readonly touches: readonly { readonly level: number; readonly probability: number }[];
  readonly warnings: readonly string[];
  readonly bySpot: readonly GreeksRow[];
  readonly byDate: readonly GreeksRow[];
  readonly legs: readonly LegRow[];
  readonly cone: readonly ConePoint[];
}

export function figuresOf(holdings: readonly KnownHolding[], cash: number, bend: Bend): Figures {
  const days = daysToExpiration(holdings);
  const axis = axisOf(holdings);
  const wanted = holdings.length > 1 ? MANY_POINTS : ONE_POINTS;
  const onDay = (day: number) => (move: number) => profitAt(holdings, cash, { ...bend, days: day }, move);
  const expiration = curveOn(axis, 'at expiration', (move) => profitAtExpiration(holdings, cash, bend, move));
  const [only] = holdings.length === 1 ? holdings : [];
  const today = holdings[0]?.market.today;
  const bounds = only ? boundsOf(only, cash, bend) : null;
  const breakevens = bounds?.breakevens ?? zerosOf(expiration);
  return {
    days,
    axis,
    expiration,
    now: curveOn(axis, 'now', onDay(bend.days), wanted),
    between: daysBetween(bend.days, days).map((day) =>
      curveOn(axis, today ? civilDay(addDays(today, day)) : `in ${day} d`, onDay(day), wanted),
    ),
    bounds,
    extremes: extremesOf(holdings, expiration),
    breakevens,
    odds: only ? oddsOf(only, cash, bend, only.market.atTheMoney, only.market.slice, days) : [],
    touches: only ? touchOdds(only, bend, only.market.atTheMoney, days, breakevens.slice(0, 4)) : [],
    warnings: holdings.flatMap((holding) => warningsOf(holding, bend)),
    bySpot: SPOT_MOVES.map((move) => greeksRow(holdings, cash, { ...bend, spotMove: (1 + bend.spotMove) * (1 + move) - 1 })),
    byDate: Array.from({ length: DAY_STEPS }, (_, index) => Math.round((days * index) / (DAY_STEPS - 1)))
      .filter((day, index, all) => all.indexOf(day) === index)
      .map((day) => greeksRow(holdings, cash, { ...bend, days: day })),
    legs: legRows(holdings, bend, (leg) =>
      leg.kind === 'stock'
        ? `${leg.underlying} shares`
        : `${holdings.length > 1 ? `${leg.contract.underlying} ` : ''}${civilDay(leg.contract.expiration)} ${strikeText(leg.contract.strike)} ${leg.contract.right}`,
    ),
    cone: only ? probabilityCone(only.market, only.market.atTheMoney, days) : [],
  };
}

/** Exact where every option expires together; else later legs are valued in the bent world's volatility. */
function boundsOf({ legs, market }: Holding, cash: number, bend: Bend): ProfitBounds {
  const multiplier = legs.find((leg) => leg.kind === 'option')?.contract.multiplier ?? 1;
  const { rate, dividendYield, volatilityOf } = scenarioOf(market, bend);
  return profitBounds(legs, cash / multiplier, { rate, dividendYield, volatilityOf });
}

/** Short options that may be assigned, or whose assignment is a coin toss, in the bent world. */
function warningsOf({ legs, market, underlying }: Holding, bend: Bend): readonly string[] {
  const scenario = scenarioOf(market, bend);
  const pinned = hasPinRisk(legs, scenario.spot, scenario.date)
    ? [`${underlying}: pin risk, a short strike is within half a per cent on its last day`]
    : [];
  const assigned = legs.flatMap((leg) => {
    if (leg.kind === 'stock' || leg.ratio >= 0 || leg.contract.expiration <= scenario.date) return [];
    const { contract } = leg;
    const optionPrice = structureValue([{ ...leg, ratio: 1 }], scenario) / contract.multiplier;
    const years = calendarDaysBetween(scenario.date, contract.expiration) / DAYS_PER_YEAR;
    const paid = -Math.expm1(-market.dividendYield * years);
    const { atRisk } = earlyAssignmentRisk(contract, {
      spot: scenario.spot,
      optionPrice,
      dividend: paid > LEAST_DIVIDEND ? paid * scenario.spot : 0,
      strikeInterest: strikeInterest(contract.strike, market.rate, years),
    });
    return atRisk ? [`${underlying} ${strikeText(contract.strike)} ${contract.right}: early exercise would pay its holder`] : [];
  });
  return [...pinned, ...assigned];
}
