import type { OrderPreview } from '#contract/chain';
import type { ParsedOf } from '#contract/contract';
import { yearsToExpiration } from '#domain/market/calendar';
import { contractAt, midOf, type Quote } from '#domain/market/chain';
import { parseOccSymbol } from '#domain/market/instrument';
import { type OptionExecution, optionFees, stockFees } from '#domain/portfolio/fees';
import { impliedVolatility } from '#domain/pricing/impliedVolatility';
import { expirationsOf, multiplierOf, optionLegs, underlyingOf } from '#domain/structures/anatomy';
import type { Leg } from '#domain/structures/leg';
import { buyingPowerEffect } from '#domain/structures/margin';
import { recogniseStructure } from '#domain/structures/name';
import { payoffAtExpiry, profitBounds } from '#domain/structures/payoff';
import {
  expectedValue,
  lognormalDistribution,
  type PriceDistribution,
  probabilityOfProfit,
} from '#domain/structures/probability';
import { type Cents, cents, type Instant, type Price } from '#domain/units';
import { ownersRisk } from '#engine/entries/enter';
import { unitGreeks } from '#engine/positions/unitGreeks';
import type { RiskBook } from '#engine/risk/book';
import { combinationQuote, combinationTick, isSane, symbolOf } from '#engine/risk/combinationQuote';
import { judge } from '#engine/risk/judge';
import { isSecuredShape, withFreeShares } from '#engine/risk/secured';
import type { Verdict } from '#engine/risk/verdict';
import { WireFailure } from '#wire/frames';
import { forwardOf, type OwnGreeksOfOne, ownGreeks } from './chainViews.ts';
import type { Desk } from './desk.ts';
import { closeOf, valueNow, yearsOf } from './valueNow.ts';

/** Points of the payoff picture, and how far it reaches on either side of spot. */
const PAYOFF_POINTS = 121;
const PAYOFF_REACH = 0.25;

type Input = ParsedOf<'order.preview'>;

/** Everything the owner wants to know before an order is sent, from fresh quotes and through the very gate that would judge it. */
export async function previewOf(desk: Desk, input: Input): Promise<OrderPreview> {
  const { market, fees: schedule } = desk.parts;
  const legs = input.legs.map((leg) => legFrom(desk, leg));
  const underlying = sameUnderlying(legs);
  await market.refresh([underlying, ...input.legs.map(({ symbol }) => symbol)]);
  const view = desk.parts.engine.view();
  const book: RiskBook = { ...desk.parts.engine.riskBook(), quoteOf: (symbol) => market.quoteOf(symbol) };
  const quote = combinationQuote(legs, book.quoteOf);
  const spotQuote = book.quoteOf(underlying);
  const spot = isSane(spotQuote) ? midOf(spotQuote) : null;
  const credit = input.netLimit ?? quote?.mid ?? null;
  const { contracts } = input;
  const rate = view.settings.scanner.riskFreeRate;
  const greeks = legs.map((leg) => greeksOf(desk, leg, book.quoteOf, spot, rate, view.now));
  const sized = (read: (greeks: OwnGreeksOfOne) => number, ofShares: number): number | null =>
    sumOf(legs, greeks, read, ofShares, contracts);
  const forecast = forecastOf(desk, legs, underlying, spot, greeks, rate);
  const bounds = credit === null ? null : profitBounds(legs, credit);
  const fees = quote ? feesOf(legs, contracts, book.quoteOf, schedule) : null;
  const expected = credit === null || !forecast ? null : expectedValue(legs, credit, forecast);
  const power =
    credit === null || spot === null
      ? null
      : buyingPowerEffect(legs, credit, contracts, {
          spot,
          cashSecuredPuts: true,
          priceOf: ({ symbol }) => midOrUnknown(book.quoteOf(symbol)),
        });
  const verdict = credit === null || spot === null ? null : verdictOf(desk, book, { legs, underlying, credit, contracts, spot });
  return {
    structure: recogniseStructure(legs),
    midCredit: quote?.mid ?? null,
    naturalCredit: quote?.natural ?? null,
    tick: combinationTick(legs, Math.abs(credit ?? 0)),
    maxProfit: times(bounds?.maxProfit ?? null, contracts),
    maxLoss: times(bounds?.maxLoss ?? null, contracts),
    breakevens: bounds?.breakevens ?? [],
    probabilityOfProfit: credit === null || !forecast ? null : probabilityOfProfit(legs, credit, forecast),
    expectedValue: expected === null ? null : cents(Math.round(expected * 100 * contracts) - (fees ?? 0)),
    forecastModel: forecast?.model ?? 'none: no volatility could be had',
    buyingPowerEffect: power,
    fees: fees === null ? null : cents(fees),
    greeks: {
      deltaShares: sized(({ delta }) => delta, 1),
      gamma: sized(({ gamma }) => gamma, 0),
      thetaDollarsPerDay: sized(({ thetaPerDay }) => thetaPerDay, 0),
      vegaDollarsPerPoint: sized(({ vegaPerPoint }) => vegaPerPoint, 0),
    },
    payoff: credit === null || spot === null ? [] : payoffOf(legs, greeks, credit, contracts, spot, rate, view.now),
    ...answerOf(verdict),
  };
}

function sameUnderlying(legs: readonly Leg[]): string {
  try {
    multiplierOf(legs);
    return underlyingOf(legs);
  } catch {
    throw new WireFailure({ code: 'badInput', message: 'All legs must be of one underlying.', retryable: false });
  }
}

/** The contract as it is listed. Throws a failure that names a symbol which is not. */
export function legFrom(desk: Desk, { symbol, ratio }: { symbol: string; ratio: number }): Leg {
  const { market } = desk.parts;
  if (market.underlyings.some((known) => known.symbol === symbol)) return { kind: 'stock', underlying: symbol, shares: ratio };
  const parts = parseOccSymbol(symbol);
  const slice = parts ? market.slice(parts.root, parts.expiration) : null;
  const index = parts && slice ? slice.strikes.indexOf(parts.strike) : -1;
  const contract = parts && slice && index >= 0 ? contractAt(slice, parts.right, index) : null;
  if (!contract) throw new WireFailure({ code: 'notListed', message: `${symbol} is not listed.`, retryable: false });
  return { kind: 'option', contract, ratio };
}

type QuoteOf = (symbol: string) => Quote | null;

function greeksOf(desk: Desk, leg: Leg, quoteOf: QuoteOf, spot: Price | null, rate: number, now: Instant) {
  const quote = quoteOf(symbolOf(leg));
  if (leg.kind === 'stock' || !isSane(quote) || spot === null) return null;
  const { right, strike, underlying, expiration } = leg.contract;
  const years = yearsOf(leg, now);
  const slice = desk.parts.market.slice(underlying, expiration);
  const forward = slice ? forwardOf(slice, spot, rate, years) : spot * Math.exp(rate * years);
  const terms = { right, strike, spot, forward, rate, years };
  // A wing without a bid has a mark all the same, and the structure's value a derivative: the volatility here is that of the mark.
  const own = impliedVolatility({ right, forward, strike, years, discount: Math.exp(-rate * years), price: midOf(quote) });
  return own.kind === 'volatility' ? ownGreeks({ ...terms, volatility: own.volatility }) : null;
}

function sumOf(
  legs: readonly Leg[],
  greeks: readonly (OwnGreeksOfOne | null)[],
  read: (greeks: OwnGreeksOfOne) => number,
  ofShares: number,
  contracts: number,
): number | null {
  let total = 0;
  for (const [index, leg] of legs.entries()) {
    const own = greeks[index];
    if (leg.kind === 'stock') total += leg.shares * ofShares;
    else if (own) total += leg.ratio * leg.contract.multiplier * read(own);
    else return null;
  }
  return total * contracts;
}

/** The engine's own forecast for the first expiration where it has one, else lognormal at the legs' average volatility. */
function forecastOf(
  desk: Desk,
  legs: readonly Leg[],
  underlying: string,
  spot: Price | null,
  greeks: readonly (OwnGreeksOfOne | null)[],
  rate: number,
): PriceDistribution | null {
  const view = desk.parts.engine.view();
  const [first] = expirationsOf(legs);
  const scanned = view.market?.underlyings.find((candidate) => candidate.underlying === underlying);
  const known = scanned?.expirations.find(({ slice }) => slice.expiration === first);
  if (known) return known.forecast;
  const own = greeks.filter((greek) => greek !== null);
  if (spot === null || first === undefined || own.length === 0) return null;
  const volatility = own.reduce((sum, greek) => sum + greek.volatility, 0) / own.length;
  const years = yearsToExpiration(view.now, closeOf(first));
  return lognormalDistribution({ forward: spot * Math.exp(rate * years), years, volatility });
}

function feesOf(legs: readonly Leg[], contracts: number, quoteOf: QuoteOf, schedule: Parameters<typeof optionFees>[0]): number {
  const executions: OptionExecution[] = optionLegs(legs).map((leg) => ({
    contracts: leg.ratio * contracts,
    price: midOrUnknown(quoteOf(leg.contract.symbol)),
    multiplier: leg.contract.multiplier,
  }));
  const shares = legs.flatMap((leg) =>
    leg.kind === 'stock' ? [{ shares: leg.shares * contracts, price: midOrUnknown(quoteOf(leg.underlying)) }] : [],
  );
  return optionFees(schedule, executions) + stockFees(schedule, shares);
}

function midOrUnknown(quote: Quote | null): number {
  return isSane(quote) ? midOf(quote) : Number.NaN;
}

interface Wanted {
  readonly legs: readonly Leg[];
  readonly underlying: string;
  readonly credit: Price;
  readonly contracts: number;
  readonly spot: Price;
}

/** The gate's verdict as the ticket shows it; what goes at a smaller size only does not pass. */
export function answerOf(verdict: Verdict | null): Pick<OrderPreview, 'gates' | 'wouldPass' | 'wouldGo' | 'failedBy'> {
  return {
    gates: verdict?.gates ?? [],
    wouldPass: verdict?.kind === 'approved',
    wouldGo: verdict === null || verdict.kind === 'refused' ? 0 : verdict.approved.contracts,
    failedBy: verdict?.reasons ?? [],
  };
}

/** What the one gate would say to the owner's order now. */
function verdictOf(desk: Desk, book: RiskBook, { legs, underlying, credit, contracts, spot }: Wanted): Verdict {
  const { settings } = desk.parts.engine.view();
  const covered = withFreeShares(legs, 1, underlying, book.freeShares(underlying));
  const power = buyingPowerEffect(covered, credit, 1, {
    spot,
    cashSecuredPuts: true,
    priceOf: ({ symbol }) => midOrUnknown(book.quoteOf(symbol)),
  });
  const secured = isSecuredShape(covered);
  const request = {
    ...ownersRisk(
      legs,
      profitBounds(legs, credit).maxLoss,
      power,
      secured,
      unitGreeks(legs, underlying, book, settings.scanner.riskFreeRate),
    ),
    purpose: 'open' as const,
    origin: 'owner' as const,
    strategyId: 'manual',
    positionId: null,
    underlying,
    contracts,
    netLimit: credit,
  };
  return judge(request, book, settings.risk, settings.scanner);
}

function payoffOf(
  legs: readonly Leg[],
  greeks: readonly (OwnGreeksOfOne | null)[],
  credit: Price,
  contracts: number,
  spot: Price,
  rate: number,
  now: Instant,
): OrderPreview['payoff'] {
  const strikes = optionLegs(legs).map((leg) => leg.contract.strike);
  const low = Math.min(spot * (1 - PAYOFF_REACH), ...strikes.map((strike) => strike * 0.95));
  const high = Math.max(spot * (1 + PAYOFF_REACH), ...strikes.map((strike) => strike * 1.05));
  const single = expirationsOf(legs).length <= 1;
  return Array.from({ length: PAYOFF_POINTS }, (_, point) => {
    const at = low + ((high - low) * point) / (PAYOFF_POINTS - 1);
    const later = single ? payoffAtExpiry(legs, credit, at) : valueAtFirst(legs, credit, at);
    const today = valueNow(legs, greeks, at, rate, now);
    return {
      spot: at,
      atExpiration: Math.round(later * 100 * contracts),
      now: today === null ? null : Math.round((today + credit * multiplierOf(legs)) * 100 * contracts),
    };
  });
}

function valueAtFirst(legs: readonly Leg[], credit: Price, at: Price): number {
  const [first] = expirationsOf(legs);
  const alive = legs.filter((leg) => leg.kind === 'stock' || leg.contract.expiration === first);
  return payoffAtExpiry(alive, credit, at);
}

function times(amount: Cents | null, contracts: number): Cents | null {
  return amount === null ? null : cents(Math.round(amount * contracts));
}
