import type { Leg } from '#domain/structures/leg';
import { scaled } from '#domain/structures/margin';
import { profitBounds } from '#domain/structures/payoff';
import { cents, type Price } from '#domain/units';
import type { BrokerOrder, OrderLeg } from '#ports/broker';
import { nearestExpiration } from '../positions/legs.ts';
import { contractOf } from '../positions/occContract.ts';
import { unitGreeks } from '../positions/unitGreeks.ts';
import type { ClosingOrder, Exposure } from '../risk/book.ts';
import { combinationQuote } from '../risk/combinationQuote.ts';
import type { Turn } from '../turn.ts';
import { coveredLoss, type ShareCover } from './shareCover.ts';
import { buyingPowerOf } from './tiedUp.ts';

/** Orders of other hands that open something: each counts as filled, at its limit or, without one, at the worst price shown. */
export function externalExposures(turn: Turn, cover: ShareCover): Exposure[] {
  return [...turn.present.externalOrders.values()]
    .filter((order) => opens(turn, order))
    .map((order) => exposureOf(turn, order, cover));
}

/** Orders of other hands that close something. */
export function externalClosings(turn: Turn): ClosingOrder[] {
  return [...turn.present.externalOrders.values()]
    .filter((order) => !opens(turn, order))
    .map((order) => ({
      positionId: `external:${order.brokerOrderId}`,
      underlying: order.underlying,
      legs: scaled(
        order.legs.map((leg) => legOf(leg, order)),
        order.contracts - order.filledContracts,
      ),
    }));
}

/** Sides of their closing legs, per symbol: +1 buys, -1 sells. An entry of ours against one would cross it. */
export function externalClosingSides(turn: Turn): Map<string, number> {
  const sides = new Map<string, number>();
  for (const order of turn.present.externalOrders.values())
    if (!opens(turn, order)) for (const leg of order.legs) sides.set(leg.symbol, leg.side === 'buy' ? 1 : -1);
  return sides;
}

/** Whether an order opens something. Shares sold out of what is held close; everything else is what its legs say. */
export function opens(turn: Turn, order: BrokerOrder): boolean {
  if (order.assetClass === 'option') return order.legs.some(({ intent }) => intent === 'buyToOpen' || intent === 'sellToOpen');
  const selling = order.legs.every(({ side }) => side === 'sell');
  return !selling || sharesHeld(turn, order.underlying) < order.contracts - order.filledContracts;
}

function sharesHeld(turn: Turn, underlying: string): number {
  let shares = 0;
  for (const position of turn.state.positions.values())
    for (const leg of position.legs) if (leg.symbol === underlying) shares += leg.quantity;
  return shares;
}

function exposureOf(turn: Turn, order: BrokerOrder, cover: ShareCover): Exposure {
  const legs = order.legs.map((leg) => legOf(leg, order));
  const units = order.contracts - order.filledContracts;
  const quoteOf = (symbol: string) => turn.present.quotes.get(symbol) ?? null;
  const price: Price | null = order.netLimit ?? combinationQuote(legs, quoteOf)?.natural ?? null;
  const maxLoss = price === null ? null : profitBounds(legs, price).maxLoss;
  const covered = cover(order.underlying, scaled(legs, units));
  const greeks = unitGreeks(legs, order.underlying, { now: turn.now, quoteOf }, turn.settings.scanner.riskFreeRate);
  return {
    positionId: `external:${order.brokerOrderId}`,
    strategyId: 'external',
    underlying: order.underlying,
    sector: turn.parts.sectorOf(order.underlying),
    legs,
    units,
    maxLoss: maxLoss === null ? (price === null ? null : coveredLoss(covered, price * units)) : cents(maxLoss * units),
    buyingPowerEffect: buyingPowerOf(covered, (price ?? 0) * (order.assetClass === 'option' ? 100 : 1) * units),
    deltaShares: greeks === null ? null : greeks.deltaShares * units,
    vegaDollarsPerPoint: greeks === null ? null : greeks.vegaDollars * units,
    source: 'workingOrder',
    expiration: nearestExpiration(
      legs.flatMap((leg) =>
        leg.kind === 'option'
          ? [{ symbol: leg.contract.symbol, contract: leg.contract, quantity: leg.ratio, ratio: leg.ratio, entryPrice: 0 }]
          : [],
      ),
    ),
  };
}

function legOf({ symbol, side, ratio }: OrderLeg, { underlying }: BrokerOrder): Leg {
  const sign = side === 'buy' ? 1 : -1;
  const contract = contractOf(symbol, underlying);
  return contract
    ? { kind: 'option', contract, ratio: sign * ratio }
    : { kind: 'stock', underlying: symbol, shares: sign * ratio };
}
