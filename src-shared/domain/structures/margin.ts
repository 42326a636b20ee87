import type { OptionContract } from '../market/instrument.ts';
import { type Cents, type Contracts, cashOf, cents, centsFromDollars, invariant, type Price } from '../units.ts';
import { multiplierOf, underlyingOf } from './anatomy.ts';
import { uncoveredShortContracts } from './coverage.ts';
import type { Leg, OptionLeg } from './leg.ts';
import { afterShareCover, universalSpreadMargin, worstOfUnderlying } from './universalSpread.ts';

export { uncoveredShortContracts, uncoveredShorts } from './coverage.ts';
export { stressMargin } from './stressMargin.ts';
export { universalSpreadMargin } from './universalSpread.ts';

/** Percentages of the Reg-T / FINRA 4210 strategy rules. Fractions. */
export interface RegTRates {
  /** Of the underlying's price for an uncovered option: 0.20 for equities and sector ETFs, 0.15 for broad indices. Range 0.1 to 1. */
  readonly uncovered: number;
  /** Floor: of the underlying's price (calls) or the strike (puts). Range 0.05 to 1. */
  readonly minimum: number;
  /** Of the market value of shares sold short, proceeds included. Range 1 to 3. */
  readonly shortStock: number;
}

/** FINRA Rule 4210(f)(2) and Regulation T section 220.12, equity options. */
export const REG_T_EQUITY: RegTRates = { uncovered: 0.2, minimum: 0.1, shortStock: 1.5 };
/** The same for options on broad-based indices. */
export const REG_T_BROAD_INDEX: RegTRates = { uncovered: 0.15, minimum: 0.1, shortStock: 1.5 };

export interface MarginContext {
  /** Price of the underlying. */
  readonly spot: Price;
  /**
   * What a contract costs now, dollars per share (for an order: its expected fill). Only uncovered shorts are asked for. Where it
   * is not known (NaN, Infinity) the most that an option can be worth counts: the spot of a call, the strike of a put.
   */
  readonly priceOf: (contract: OptionContract) => Price;
  readonly rates?: RegTRates;
  /** True = uncovered puts are secured by their whole strike in cash (levels 1 to 3 at a retail broker). Default false. */
  readonly cashSecuredPuts?: boolean;
  /** What the account already holds in this underlying (`ratio` = signed contracts held): may cover, or be covered by, the order. */
  readonly held?: readonly Leg[];
}

/**
 * Reg-T requirement of `contracts` units of a structure, in cents: the deposit that must stay behind it, before any credit.
 * - defined risk: the worst loss of the covered legs at expiration, premiums ignored (a spread: its width; a condor: its wider
 *   side; a debit spread, calendar or long option: 0, since what was paid is already gone);
 * - uncovered call: premium + max(20 % spot - OTM, 10 % spot); uncovered put: premium + max(20 % spot - OTM, 10 % strike);
 *   a short call and a short put together: the greater of the two + the premium of the other;
 * - cash-secured put: its strike; covered call: nothing beyond the shares; shares sold short: 150 % of their value.
 * When a structure has both, the two parts add up. Long shares are paid in full and need nothing more.
 * Sources: FINRA 4210(f)(2), Cboe Margin Manual. Throws InvariantError for mixed underlyings.
 */
export function regTRequirement(legs: readonly Leg[], contracts: Contracts, context: MarginContext): Cents {
  return requirementOf([...(context.held ?? []), ...scaled(legs, contracts)], context);
}

/**
 * Change of buying power when `contracts` units are opened at `netCredit` (dollars per share, + credit), in cents:
 * - uses, + frees. Cash received or paid, less the additional requirement over what is already held.
 * A 30/25 put credit spread for 1.20: 120 - 500 = -380.
 */
export function buyingPowerEffect(legs: readonly Leg[], netCredit: Price, contracts: Contracts, context: MarginContext): Cents {
  const before = context.held && context.held.length > 0 ? requirementOf(context.held, context) : 0;
  return cents(cashOf(netCredit, multiplierOf(legs), contracts) - (regTRequirement(legs, contracts, context) - before));
}

/** The same under the universal spread rule; null when the result would leave an uncovered short call. */
export function universalBuyingPowerEffect(
  legs: readonly Leg[],
  netCredit: Price,
  contracts: Contracts,
  held: readonly Leg[] = [],
): Cents | null {
  const before = universalSpreadMargin(held) ?? 0;
  const after = universalSpreadMargin([...held, ...scaled(legs, contracts)]);
  return after === null ? null : cents(cashOf(netCredit, multiplierOf(legs), contracts) - (after - before));
}

/** Legs of `contracts` units: ratios become signed contracts, shares signed shares. */
export function scaled(legs: readonly Leg[], contracts: Contracts): Leg[] {
  return legs.map((leg) =>
    leg.kind === 'stock' ? { ...leg, shares: leg.shares * contracts } : { ...leg, ratio: leg.ratio * contracts },
  );
}

function requirementOf(legs: readonly Leg[], context: MarginContext): Cents {
  if (legs.length === 0) return cents(0);
  underlyingOf(legs);
  const rates = context.rates ?? REG_T_EQUITY;
  const { options, idleShares } = afterShareCover(legs);
  const { naked, defined } = splitNaked(options, (leg) => nakedDollars(leg.contract, context, rates));
  const definedLoss = worstOfUnderlying(defined);
  invariant(definedLoss !== null, 'covered legs cannot lose without bound');
  const shortShares = Math.max(0, -idleShares) * context.spot * rates.shortStock;
  return cents(definedLoss + centsFromDollars(nakedRequirement(naked, context, rates)) + centsFromDollars(shortShares));
}

/** Takes out the fewest short contracts that leave every other short covered, those with the smallest requirement first. */
function splitNaked(
  options: readonly OptionLeg[],
  costOf: (leg: OptionLeg) => number,
): { naked: OptionLeg[]; defined: OptionLeg[] } {
  const naked: OptionLeg[] = [];
  let defined = [...options];
  let open = uncoveredShortContracts(defined);
  for (const leg of options.filter(({ ratio }) => ratio < 0).sort((a, b) => costOf(a) - costOf(b))) {
    if (open === 0) break;
    const helps = open - uncoveredShortContracts(defined.filter((other) => other !== leg));
    if (helps === 0) continue;
    naked.push({ ...leg, ratio: -helps });
    defined = defined.flatMap((other) =>
      other !== leg ? [other] : leg.ratio + helps < 0 ? [{ ...leg, ratio: leg.ratio + helps }] : [],
    );
    open -= helps;
  }
  return { naked, defined };
}

/** Premium of one contract in dollars. */
function premiumDollars(contract: OptionContract, { spot, priceOf }: MarginContext): number {
  const price = priceOf(contract);
  const most = contract.right === 'call' ? spot : contract.strike;
  return (price <= most ? price : most) * contract.multiplier;
}

/** Dollars for one uncovered contract, premium included. */
function nakedDollars(contract: OptionContract, context: MarginContext, rates: RegTRates): number {
  const { right, strike, multiplier } = contract;
  const { spot } = context;
  const outOfTheMoney = Math.max(right === 'call' ? strike - spot : spot - strike, 0);
  const floor = rates.minimum * (right === 'call' ? spot : strike);
  return premiumDollars(contract, context) + Math.max(rates.uncovered * spot - outOfTheMoney, floor) * multiplier;
}

function nakedRequirement(naked: readonly OptionLeg[], context: MarginContext, rates: RegTRates): number {
  const each = (right: 'call' | 'put'): { requirement: number; premium: number; contracts: number }[] =>
    naked
      .filter((leg) => leg.contract.right === right)
      .map(({ contract, ratio }) => ({
        requirement: nakedDollars(contract, context, rates),
        premium: premiumDollars(contract, context),
        contracts: -ratio,
      }))
      .sort((a, b) => b.requirement - a.requirement);
  if (!context.cashSecuredPuts) return pairedRequirement(each('call'), each('put'));
  const cash = naked
    .filter((leg) => leg.contract.right === 'put')
    .map((leg) => -leg.ratio * leg.contract.strike * leg.contract.multiplier);
  return pairedRequirement(each('call'), []) + cash.reduce((sum, dollars) => sum + dollars, 0);
}

interface Uncovered {
  readonly requirement: number;
  readonly premium: number;
  readonly contracts: number;
}

/** Pairs uncovered calls with uncovered puts, dearest with dearest: greater requirement + premium of the other. */
function pairedRequirement(calls: readonly Uncovered[], puts: readonly Uncovered[]): number {
  let total = 0;
  const left = [...calls];
  const right = [...puts];
  while (left.length > 0 || right.length > 0) {
    const [call] = left;
    const [put] = right;
    const contracts = Math.min(call?.contracts ?? Number.POSITIVE_INFINITY, put?.contracts ?? Number.POSITIVE_INFINITY);
    if (call && put) {
      const callGreater = call.requirement >= put.requirement;
      total += contracts * (callGreater ? call.requirement + put.premium : put.requirement + call.premium);
    } else total += contracts * ((call ?? put)?.requirement ?? 0);
    takeFromFirst(left, contracts);
    takeFromFirst(right, contracts);
  }
  return total;
}

function takeFromFirst(queue: Uncovered[], contracts: number): void {
  const [first, ...rest] = queue;
  if (!first) return;
  queue.splice(
    0,
    queue.length,
    ...(first.contracts > contracts ? [{ ...first, contracts: first.contracts - contracts }] : []),
    ...rest,
  );
}
