import { intrinsicValue } from '#domain/structures/intrinsic';
import type { IsoDate } from '#domain/units';
import { mix32, unit } from '../hashing.ts';
import type { ExchangeParts } from '../parts.ts';
import { markPrice } from '../parts.ts';
import { heldForOrders } from '../trading/orderBook.ts';
import type { OrderDesk } from '../trading/orderDesk.ts';
import type { Holding } from './ledger.ts';

/** What would be left of cash and shares if everything in the money expired now. */
function afterExpiration(
  parts: ExchangeParts,
  underlying: string,
  expiring: readonly Holding[],
): { cash: number; shares: number } {
  let cash: number = parts.ledger.cash();
  let shares = parts.ledger.quantityOf(underlying);
  const spot = markPrice(parts, underlying);
  for (const { contract, quantity } of expiring) {
    if (!contract || intrinsicValue(contract.right, contract.strike, spot) < parts.settings.clearing.exerciseThreshold) continue;
    const delivered = quantity * contract.multiplier * (contract.right === 'call' ? 1 : -1);
    shares += delivered;
    cash -= delivered * contract.strike * 100;
  }
  return { cash, shares };
}

/**
 * The broker's risk desk on expiration day: where the account could not settle what is about to be assigned or exercised (no
 * cash for the shares, or shares it would owe), it closes the expiring options in the money one by one with market orders,
 * shorts first. It does not know about combinations, so a spread may lose one leg.
 */
export function liquidateExpiring(parts: ExchangeParts, orders: OrderDesk, date: IsoDate): void {
  const expiring = parts.ledger.holdings().filter(({ contract }) => contract?.expiration === date);
  for (const underlying of new Set(expiring.map((holding) => holding.underlying))) {
    const own = expiring.filter((holding) => holding.underlying === underlying);
    const left = afterExpiration(parts, underlying, own);
    if (left.cash >= 0 && left.shares >= Math.min(0, parts.ledger.quantityOf(underlying))) continue;
    const spot = markPrice(parts, underlying);
    const inTheMoney = own.filter(({ contract }) => contract && intrinsicValue(contract.right, contract.strike, spot) > 0);
    const shorts = inTheMoney.filter(({ quantity }) => quantity < 0);
    for (const holding of shorts.length > 0 ? shorts : inTheMoney) closeAtMarket(parts, orders, holding);
  }
}

/**
 * The same desk on any day, when the fault script wants it: closes one leg of a spread, and does not know that it is one. Asked once
 * a minute.
 */
export function liquidateOneLeg(parts: ExchangeParts, orders: OrderDesk): void {
  if (!parts.faults.has('oneLegLiquidation')) return;
  const minute = Math.floor(parts.now() / 60_000);
  const options = parts.ledger.holdings().filter(({ contract }) => contract !== null);
  for (const underlying of new Set(options.map((holding) => holding.underlying))) {
    const legs = options.filter((holding) => holding.underlying === underlying && hasPartner(holding, options));
    if (legs.length === 0 || parts.halts.isHalted(underlying)) continue;
    if (!parts.faults.strike('oneLegLiquidation', underlying, minute, parts.now())) continue;
    const leg = legs[Math.floor(unit(mix32(parts.seed, minute)) * legs.length)];
    if (leg) closeAtMarket(parts, orders, leg);
  }
}

/** Another contract of the same kind and day on the other side. */
function hasPartner({ contract, quantity }: Holding, others: readonly Holding[]): boolean {
  return others.some(
    (other) =>
      other.contract?.underlying === contract?.underlying &&
      other.contract?.expiration === contract?.expiration &&
      other.contract?.right === contract?.right &&
      Math.sign(other.quantity) === -Math.sign(quantity),
  );
}

function closeAtMarket(parts: ExchangeParts, orders: OrderDesk, holding: Holding): void {
  // The risk desk does not wait for the client's own closing orders: it takes them out first.
  for (const orderId of heldForOrders(parts.book, holding.symbol, Math.sign(holding.quantity)).orders) orders.cancelNow(orderId);
  orders.submit(
    {
      clientOrderId: null,
      orderClass: 'simple',
      type: 'market',
      timeInForce: 'day',
      contracts: Math.abs(holding.quantity),
      netLimit: null,
      legs: [{ symbol: holding.symbol, side: holding.quantity < 0 ? 'buy' : 'sell', ratio: 1, intent: null }],
    },
    'brokerLiquidation',
  );
}
