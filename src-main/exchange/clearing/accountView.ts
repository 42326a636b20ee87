import { type Cents, cents, centsFromDollars, instant } from '#domain/units';
import type { ExchangeAccount, ExchangePosition } from '../exchangeApi.ts';
import { seededUuid } from '../hashing.ts';
import { type ExchangeParts, isLocked, marginFactor, markPrice, tradingLevel } from '../parts.ts';
import { legsAfter, requirementOf, shortStockRequirement } from '../trading/buyingPower.ts';
import { heldForOrders } from '../trading/orderBook.ts';
import type { Holding } from './ledger.ts';

const ACCOUNT_SALT = 90_001;

/** Shares or contracts times multiplier times price, in signed cents. */
function worthOf(holding: Holding, price: number): Cents {
  return centsFromDollars(price * holding.quantity * (holding.contract?.multiplier ?? 1));
}

/** Positions as the broker shows them, in the order in which they were entered. */
export function positionsOf(parts: ExchangeParts): readonly ExchangePosition[] {
  return parts.ledger.holdings().map((holding) => {
    const mark = markPrice(parts, holding.symbol);
    const marketValue = worthOf(holding, mark);
    const costBasis = worthOf(holding, holding.averagePrice);
    const held = heldForOrders(parts.book, holding.symbol, Math.sign(holding.quantity)).quantity;
    return {
      symbol: holding.symbol,
      assetClass: holding.contract ? 'us_option' : 'us_equity',
      underlying: holding.underlying,
      contract: holding.contract,
      quantity: holding.quantity,
      quantityAvailable: Math.max(Math.abs(holding.quantity) - held, 0),
      averagePrice: holding.averagePrice,
      markPrice: mark,
      lastDayPrice: holding.lastDayPrice,
      marketValue,
      costBasis,
      unrealised: cents(marketValue - costBasis),
    };
  });
}

/** Requirement of all option positions, cents, as the house has it now. */
export function optionsMargin(parts: ExchangeParts): Cents {
  const holdings = parts.ledger.holdings();
  let total = 0;
  for (const underlying of new Set(holdings.filter(({ contract }) => contract).map((holding) => holding.underlying))) {
    const legs = legsAfter(holdings, underlying, []);
    total += requirementOf(legs, markPrice(parts, underlying), (contract) => markPrice(parts, contract.symbol));
  }
  return cents(Math.ceil(total * marginFactor(parts)));
}

/** Buying power held by open orders, cents. */
function reservedByOrders(parts: ExchangeParts): Cents {
  return cents(parts.book.open().reduce((sum, order) => sum + order.reserved, 0));
}

/**
 * Cash that is not needed behind short options, short shares or open orders. Shares are bought with cash in full, so stock and
 * options share one buying power; it may be below zero here after an assignment.
 */
export function freeCash(parts: ExchangeParts, margin: Cents = optionsMargin(parts)): number {
  const { ledger, settings } = parts;
  const shorts = shortStockRequirement(ledger.holdings(), settings.clearing.shortStockRequirement, (symbol) =>
    markPrice(parts, symbol),
  );
  return ledger.cash() - margin - shorts - reservedByOrders(parts);
}

/** Cash plus everything at its mark, cents. */
export function equityOf(parts: ExchangeParts): Cents {
  const { ledger } = parts;
  return cents(
    ledger.holdings().reduce((sum, holding) => sum + worthOf(holding, markPrice(parts, holding.symbol)), ledger.cash() as number),
  );
}

/** The account as the broker shows it. `lastEquity` is what the previous close left. */
export function accountOf(parts: ExchangeParts, lastEquity: Cents): ExchangeAccount {
  const { ledger, settings, configuration } = parts;
  let longValue = 0;
  let shortValue = 0;
  let stockValue = 0;
  for (const holding of ledger.holdings()) {
    const value = worthOf(holding, markPrice(parts, holding.symbol));
    if (value >= 0) longValue += value;
    else shortValue += value;
    if (!holding.contract) stockValue += Math.abs(value);
  }
  const margin = optionsMargin(parts);
  const equity = cents(ledger.cash() + longValue + shortValue);
  const maintenance = cents(margin + Math.ceil(stockValue * settings.clearing.maintenanceRate));
  const free = cents(Math.max(0, freeCash(parts, margin)));
  return {
    accountId: seededUuid(parts.seed, ACCOUNT_SALT),
    accountNumber: settings.clearing.accountNumber,
    cash: ledger.cash(),
    equity,
    lastEquity,
    longMarketValue: cents(longValue),
    shortMarketValue: cents(shortValue),
    optionsMargin: margin,
    maintenanceMargin: maintenance,
    reserved: reservedByOrders(parts),
    buyingPower: free,
    optionsBuyingPower: free,
    marginDeficit: cents(Math.max(0, maintenance - equity)),
    optionsApprovedLevel: settings.clearing.optionsLevel,
    optionsTradingLevel: tradingLevel(parts),
    tradingBlocked: isLocked(parts),
    accountBlocked: false,
    suspendedByUser: configuration.current.suspendTrade,
    createdAt: parts.ledger.all()[0]?.at ?? instant(0),
  };
}
