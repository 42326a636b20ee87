import type { Refusal } from '../orders.ts';

/** Refusals in Alpaca's form. Status and code are its contract; the words follow its documentation where it gives them. */
function refusal(status: number, code: number, message: string, extras: Refusal['extras'] = {}): Refusal {
  return { status, code, message, extras };
}

const forbidden = (message: string, extras: Refusal['extras'] = {}) => refusal(403, 40310000, message, extras);
const unprocessable = (message: string, extras: Refusal['extras'] = {}) => refusal(422, 42210000, message, extras);

const dollars = (cents: number) => (cents / 100).toFixed(2);

export const refusals = {
  duplicateClientOrderId: () => refusal(422, 40010001, 'client_order_id must be unique'),
  badClientOrderId: () => refusal(422, 40010001, 'client_order_id must be no more than 128 characters'),
  orderNotFound: (id: string) => refusal(404, 40410000, `order not found for ${id}`),
  positionNotFound: () => refusal(404, 40410000, 'position does not exist'),
  tradingBlocked: () => forbidden('trading is blocked for this account'),
  suspended: () => forbidden('new orders are rejected by user request'),
  levelTooLow: (level: number) => forbidden(`account not eligible for level${level} options trading`),
  uncovered: () => forbidden('account not eligible to trade uncovered option contracts'),
  combinationUncovered: () => forbidden('mleg uncovered short contracts not allowed, please use single leg order'),
  noShorting: () => forbidden('account is not allowed to short'),
  insufficientQuantity: (symbol: string, requested: number, existing: number, held: number, orders: readonly string[]) =>
    forbidden(`insufficient qty available for order (requested: ${requested}, available: ${Math.max(existing - held, 0)})`, {
      symbol,
      available: String(Math.max(existing - held, 0)),
      existing_qty: String(existing),
      held_for_orders: String(held),
      related_orders: orders,
    }),
  insufficientBuyingPower: (available: number, cost: number) =>
    forbidden('insufficient options buying power', { options_buying_power: dollars(available), cost_basis: dollars(cost) }),
  insufficientStockBuyingPower: (available: number, cost: number) =>
    forbidden('insufficient buying power', { buying_power: dollars(available), cost_basis: dollars(cost) }),
  washTrade: (orderId: string) =>
    forbidden('potential wash trade detected. use complex orders', {
      existing_order_id: orderId,
      reject_reason: 'opposite side limit order exists',
    }),
  unknownSymbol: (symbol: string) => unprocessable(`asset "${symbol}" not found`),
  contractNotFound: (symbol: string) => unprocessable(`contract ${symbol} not found`),
  contractExpired: (symbol: string) => unprocessable(`contract ${symbol} is expired`),
  expiresSoon: (symbol: string) => unprocessable(`contract ${symbol} expires soon, unable to open new positions`),
  badQuantity: () => unprocessable('qty must be integer and greater than 0'),
  limitRequired: () => unprocessable('limit orders require a limit price'),
  badLimit: (price: number) => unprocessable(`invalid limit_price ${price}. limit price must be greater than 0`),
  subPenny: (price: number) =>
    unprocessable(`invalid limit_price ${price}. sub-penny increment does not fulfill minimum pricing criteria`),
  marketClosed: () => unprocessable('options market orders are only allowed during market hours'),
  intentMismatch: (inferred: string, specified: string) =>
    unprocessable(`position intent mismatch, inferred: ${inferred}, specified: ${specified}`),
  intentRequired: (index: number) => unprocessable(`leg.${index} position intent is required`),
  legCount: () => unprocessable('mleg orders require between 2 and 4 legs'),
  equityLeg: () => unprocessable('equity legs are not allowed in mleg orders'),
  repeatedLeg: (symbol: string) => unprocessable(`leg symbols must be unique: ${symbol}`),
  underlyingMismatch: () => unprocessable('underlying asset mismatch'),
  notRelativelyPrime: (ratios: readonly number[], gcd: number) =>
    unprocessable(`leg ratio quantities should be relatively prime: GCD[${ratios.join(' ')}] = ${gcd}`),
  notCancelable: (status: string) => unprocessable(`order is already in "${status}" state`),
  notReplaceable: (status: string) => unprocessable(`cannot replace order in "${status}" state`),
  replaceCombination: () => unprocessable('replace mleg order is disabled'),
  replaceUnchanged: () => unprocessable('order parameters are not changed'),
  replaceQuantity: () => unprocessable('qty must be > filled_qty'),
  notExercisable: (symbol: string) => unprocessable(`contract ${symbol} is not exercisable`),
  shortExercise: () => refusal(422, 40310001, 'only long positions can be exercised'),
  notExpirationDay: () => unprocessable('do not exercise instructions are only accepted on expiration day'),
  halted: (underlying: string) => unprocessable(`trading in ${underlying} is halted`),
  rejectedByExchange: () => unprocessable('order rejected by the exchange'),
} as const;
