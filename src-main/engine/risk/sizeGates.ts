import type { GateResult } from '#domain/decisions/decision';
import { midOf } from '#domain/market/chain';
import { optionLegs } from '#domain/structures/anatomy';
import { buyingPowerEffect, scaled } from '#domain/structures/margin';
import type { Contracts } from '#domain/units';
import type { Exposure } from './book.ts';
import { buyingPowerOf } from './buyingPower.ts';
import { isSane } from './combinationQuote.ts';
import { expirationsOf } from './concentrationGates.ts';
import { atMost, holds } from './gates.ts';
import { leaveSizeGates } from './leaveGates.ts';
import { notionalDollars, type OpenCase } from './openCase.ts';
import { isSecuredShape, lossAtFall, tiedUpDollars } from './secured.ts';
import { coverGate } from './shapeGates.ts';

/** Everything that grows with the number of units, for one number of them. */
export function sizeGates(open: OpenCase, contracts: Contracts): GateResult[] {
  const { request, limits, spot } = open;
  const notional = spot === null ? null : notionalDollars(request.legs, spot) * contracts;
  return [
    holds('wholeContracts', Number.isInteger(contracts)),
    atMost('contractsPerOrder', contracts, limits.maxContractsPerOrder, 'contracts'),
    ...leaveSizeGates(open, contracts),
    atMost('notional', notional, limits.maxNotionalPerOrderDollars, 'dollars'),
    coverGate(open, contracts),
    ...ceilingGate(open, contracts),
    ...(open.secured ? securedGates(open, contracts) : definedRiskGates(open, contracts)),
    ...buyingPowerGates(open, contracts),
    ...greekGates(open, contracts),
  ];
}

/**
 * Everything at risk at once, this candidate included, against the owner's ceiling and that of the arming. A call on shares that are
 * held adds what it can lose beside them: they are counted where they are held.
 */
function ceilingGate(open: OpenCase, contracts: Contracts): GateResult[] {
  const { book, limits, others, coveredLossPerUnit } = open;
  const ceilings = [limits.capitalCeilingDollars, book.live?.arming?.ceilingDollars ?? 0].filter((dollars) => dollars > 0);
  if (ceilings.length === 0) return [];
  const held = totalOf(others, (exposure) =>
    exposure.maxLoss === null ? null : Math.max(exposure.maxLoss, -exposure.buyingPowerEffect),
  );
  const needed = neededBuyingPower(open, contracts);
  const added = coveredLossPerUnit === null || needed === null ? null : Math.max(coveredLossPerUnit * contracts, needed);
  const used = plus(held, added);
  return [atMost('capitalCeiling', used === null ? null : used / 100, Math.min(...ceilings), 'dollars')];
}

/** Loss at expiration, computed from the legs at the worst price accepted, against equity. */
function definedRiskGates(open: OpenCase, contracts: Contracts): GateResult[] {
  const { request, book, limits, others, maxLossPerUnit } = open;
  const loss = maxLossPerUnit === null ? null : maxLossPerUnit * contracts;
  const gates = [
    atMost('riskPerTrade', loss, shareOfEquity(open, limits.maxRiskPerTradeFraction), 'cents'),
    ...expiryDayGates(open, loss),
  ];
  if (request.strategyLimits) {
    const held = totalOf(others.filter(sameStrategy(request.strategyId)), (exposure) => exposure.maxLoss);
    const allowed = book.equity === null ? null : book.equity * request.strategyLimits.maxRiskFraction;
    gates.push(atMost('strategyRisk', plus(held, loss), allowed, 'cents', request.strategyId));
  }
  return gates;
}

/** What could be lost on one expiration day in all defined-risk structures that have a leg there, this one included. */
function expiryDayGates(open: OpenCase, loss: number | null): GateResult[] {
  const { request, limits, others } = open;
  const defined = others.filter((held) => !isSecuredShape(held.legs));
  return expirationsOf(request.legs).map((day) => {
    const sameDay = defined.filter((held) => expirationsOf(held.legs).includes(day));
    const held = sameDay.reduce((sum, exposure) => sum + (exposure.maxLoss ?? -exposure.buyingPowerEffect), 0);
    return atMost('expiryDayRisk', plus(held, loss), shareOfEquity(open, limits.maxExpiryDayRiskFraction), 'cents', day);
  });
}

/** Cash-secured puts and covered calls: what they tie up, what they lose at the stress move, and the cash behind the puts. */
function securedGates(open: OpenCase, contracts: Contracts): GateResult[] {
  const { request, book, scanner, others, spot, coveredUnit } = open;
  const unit = scaled(coveredUnit, contracts);
  const move = scanner.stressMoveFraction;
  const stress = spot === null ? null : lossAtFall(unit, spot, move) * 100;
  const gates = [
    atMost(
      'equityShare',
      spot === null ? null : tiedUpDollars(unit, spot) * 100,
      shareOfEquity(open, scanner.maxEquityShareSecured),
      'cents',
    ),
    atMost('stressLoss', stress, shareOfEquity(open, scanner.maxStressLossFraction), 'cents'),
    atMost('cashForPuts', cashForPuts(open, contracts), book.account ? book.account.cash : null, 'cents'),
  ];
  if (request.strategyLimits) {
    const held = totalOf(others.filter(sameStrategy(request.strategyId)), (exposure) => fallOf(open, exposure, move));
    gates.push(
      atMost(
        'strategyRisk',
        plus(held, stress),
        shareOfEquity(open, request.strategyLimits.maxRiskFraction),
        'cents',
        request.strategyId,
      ),
    );
  }
  return gates;
}

/** Strikes of all short puts that only cash secures, this one included, in cents. */
function cashForPuts({ request, others }: OpenCase, contracts: Contracts): number {
  const held = others.filter((exposure) => isSecuredShape(exposure.legs));
  const dollars = held.reduce((sum, exposure) => sum + tiedUpDollars(optionsOnly(exposure.legs), 0) * exposure.units, 0);
  return (dollars + tiedUpDollars(optionsOnly(request.legs), 0) * contracts) * 100;
}

function optionsOnly<L extends { readonly kind: string }>(legs: readonly L[]): L[] {
  return legs.filter((leg) => leg.kind === 'option');
}

function fallOf({ book }: OpenCase, exposure: Exposure, move: number): number | null {
  const quote = book.quoteOf(exposure.underlying);
  return !isSane(quote) ? null : lossAtFall(exposure.legs, midOf(quote), move) * exposure.units * 100;
}

/** Buying power in use with this order, against all that there would be without any position, and against what is free now. */
function buyingPowerGates(open: OpenCase, contracts: Contracts): GateResult[] {
  const { book, limits, others } = open;
  const needed = neededBuyingPower(open, contracts);
  const { free, working, inUse, whole } = buyingPowerOf(others, book.account);
  const now = atMost('buyingPower', plus(needed, working), free, 'cents');
  // The call that covers shares just bought takes nothing: refused for what the shares took, it would leave them alone.
  if (open.completes && needed === 0) return [now];
  return [
    now,
    atMost('buyingPowerShare', plus(needed, inUse), whole === null ? null : whole * limits.maxBuyingPowerFraction, 'cents'),
  ];
}

/**
 * Cents that this order takes out of buying power: by the margin rules from the legs, never less than the request says; null while
 * a leg that nothing covers has no price to reckon with.
 */
function neededBuyingPower({ request, book, spot, coveredUnit }: OpenCase, contracts: Contracts): number | null {
  if (spot === null) return null;
  if (optionLegs(coveredUnit).some(({ contract }) => !isSane(book.quoteOf(contract.symbol)))) return null;
  const priceOf = (contract: { readonly symbol: string }): number => book.quoteOf(contract.symbol)?.ask ?? 0;
  const effect = buyingPowerEffect(coveredUnit, request.netLimit, contracts, { spot, priceOf, cashSecuredPuts: true });
  return Math.max(0, -effect, -request.buyingPowerEffectPerUnit * contracts);
}

/** Portfolio delta and vega with this order. */
function greekGates({ request, limits, others }: OpenCase, contracts: Contracts): GateResult[] {
  const delta = plus(
    totalOf(others, (held) => held.deltaShares),
    times(request.deltaSharesPerUnit, contracts),
  );
  const vega = plus(
    totalOf(others, (held) => held.vegaDollarsPerPoint),
    times(request.vegaDollarsPerUnit, contracts),
  );
  return [
    atMost('portfolioDelta', delta === null ? null : Math.abs(delta), limits.maxPortfolioDeltaShares, 'shares'),
    atMost('portfolioVega', vega === null ? null : Math.abs(vega), limits.maxPortfolioVegaDollars, 'dollars'),
  ];
}

function shareOfEquity({ book }: OpenCase, fraction: number): number | null {
  return book.equity === null ? null : book.equity * fraction;
}

function sameStrategy(strategyId: string): (exposure: Exposure) => boolean {
  return (exposure) => exposure.strategyId === strategyId;
}

function totalOf(exposures: readonly Exposure[], of: (exposure: Exposure) => number | null): number | null {
  let total: number | null = 0;
  for (const exposure of exposures) total = plus(total, of(exposure));
  return total;
}

function plus(a: number | null, b: number | null): number | null {
  return a === null || b === null ? null : a + b;
}

function times(a: number | null, b: number): number | null {
  return a === null ? null : a * b;
}
