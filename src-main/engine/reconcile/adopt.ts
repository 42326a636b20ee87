import { parseOccSymbol, underlyingOfRoot } from '#domain/market/instrument';
import { optionFees, stockFees } from '#domain/portfolio/fees';
import type { Position, PositionLeg } from '#domain/portfolio/position';
import type { Leg } from '#domain/structures/leg';
import { recogniseStructure } from '#domain/structures/name';
import { profitBounds } from '#domain/structures/payoff';
import { cashOf, cents, type Price } from '#domain/units';
import type { AccountSnapshot } from '#ports/broker';
import { nearestExpiration } from '../positions/legs.ts';
import { contractOf } from '../positions/occContract.ts';
import { closeTrade } from '../positions/trade.ts';
import { notify, type Turn } from '../turn.ts';

/** What another hand's executions came to: signed contracts and the price per share that makes their cash, to the cent. */
export interface Paid {
  readonly symbol: string;
  readonly contracts: number;
  readonly price: Price;
}

/**
 * Takes a holding that came from elsewhere into the book as a position of its own: shown, valued and counted; at the price of the
 * broker's executions where they are known, else at its average price.
 */
export function adopt(turn: Turn, snapshot: AccountSnapshot, symbol: string, quantity: number, paid: Paid | null): boolean {
  const theirs = snapshot.positions.find((position) => position.symbol === symbol);
  const parts = parseOccSymbol(symbol);
  const underlying = theirs?.underlying ?? (parts ? underlyingOfRoot(parts.root) : symbol);
  const price = paid?.price ?? theirs?.averagePrice ?? 0;
  const leg: PositionLeg = {
    symbol,
    contract: contractOf(symbol, underlying),
    quantity,
    ratio: quantity,
    entryPrice: price,
  };
  turn.state.counters.position += 1;
  turn.state.counters.campaign += 1;
  turn.emit({
    kind: 'PositionOpened',
    position: withFees(
      turn,
      paid,
      positionOf(turn, [leg], {
        positionId: `p${turn.state.counters.position}`,
        campaignId: `c${turn.state.counters.campaign}`,
        underlying,
        strategyId: 'external',
        tags: ['external'],
        price,
      }),
    ),
  });
  notify(
    turn,
    'breach',
    'A position from elsewhere',
    `${symbol}: ${quantity > 0 ? '+' : ''}${quantity}; adopted and counted`,
    true,
  );
  return true;
}

/** What an execution of another hand adds to the fees, as far as our schedule knows. */
function withFees(turn: Turn, paid: Paid | null, position: Position): Position {
  return paid ? { ...position, fees: cents(position.fees + feesElsewhere(turn, position.legs, paid)) } : position;
}

function feesElsewhere(turn: Turn, legs: readonly PositionLeg[], { price, contracts, symbol }: Paid): number {
  const contract = legs.find((leg) => leg.symbol === symbol)?.contract;
  return contract
    ? optionFees(turn.parts.feeSchedule, [{ contracts, price, multiplier: contract.multiplier }])
    : stockFees(turn.parts.feeSchedule, [{ shares: contracts, price }]);
}

/**
 * A holding of ours that is gone without an order, expiry or assignment: closed elsewhere, at the price of the broker's executions
 * where they are known, else at its last mark.
 */
export function giveUp(turn: Turn, symbol: string, gap: number, paid: Paid | null): boolean {
  let left = Math.abs(gap);
  for (const position of [...turn.state.positions.values()]) {
    const leg = position.legs.find(
      (candidate) => candidate.symbol === symbol && Math.sign(candidate.quantity) !== Math.sign(gap),
    );
    if (!leg || left === 0) continue;
    const taken = Math.min(left, Math.abs(leg.quantity));
    left -= taken;
    const closing = -Math.sign(leg.quantity) * taken;
    const quote = turn.present.quotes.get(symbol);
    const price = paid?.price ?? (quote ? (quote.bid + quote.ask) / 2 : leg.entryPrice);
    const legs = position.legs
      .map((other) => (other === leg ? { ...other, quantity: other.quantity + closing } : other))
      .filter((other) => other.quantity !== 0);
    const cashFlow = cents(position.cashFlow - cashOf(price, leg.contract?.multiplier ?? 1, closing));
    const changed: Position = {
      ...position,
      legs,
      cashFlow,
      fees: cents(position.fees + (paid ? feesElsewhere(turn, position.legs, { ...paid, contracts: closing }) : 0)),
      units: legs.length === 0 ? 0 : position.units,
      expiration: nearestExpiration(legs),
      tags: legs.length === 0 || position.tags.includes('orphan') ? position.tags : [...position.tags, 'orphan'],
    };
    turn.emit({ kind: 'PositionChanged', position: changed, why: 'closed elsewhere' });
    // The pause belonged to a try with other legs.
    turn.present.nextExitTryAt.delete(position.positionId);
    if (legs.length === 0) closeTrade(turn, changed, position, 'external');
    notify(turn, 'breach', 'Closed elsewhere', `${symbol}: ${closing > 0 ? '+' : ''}${closing}`, true);
  }
  return left === 0;
}

/** Joins adopted legs into one structure that a strategy manages from now on. */
export function positionOf(
  turn: Turn,
  legs: readonly PositionLeg[],
  terms: {
    readonly positionId: string;
    readonly campaignId: string;
    readonly underlying: string;
    readonly strategyId: string;
    readonly tags: readonly string[];
    readonly price: Price;
  },
): Position {
  const cash = legs.reduce((sum, leg) => sum - cashOf(leg.entryPrice, leg.contract?.multiplier ?? 1, leg.quantity), 0);
  const options = legs.filter((leg) => leg.contract !== null);
  const units =
    options.length === 0 ? Math.abs(legs[0]?.quantity ?? 0) / 100 : Math.min(...options.map((leg) => Math.abs(leg.quantity)));
  const perUnit: Leg[] = legs.map((leg) =>
    leg.contract
      ? { kind: 'option', contract: leg.contract, ratio: leg.quantity / units }
      : { kind: 'stock', underlying: leg.symbol, shares: leg.quantity / units },
  );
  const entryCredit = units === 0 ? 0 : cash / 100 / 100 / units;
  const bounds = profitBounds(perUnit, entryCredit);
  return {
    positionId: terms.positionId,
    campaignId: terms.campaignId,
    strategyId: terms.strategyId,
    decisionId: null,
    underlying: terms.underlying,
    structure: recogniseStructure(perUnit),
    status: 'open',
    legs: legs.map((leg) => ({ ...leg, ratio: leg.quantity / units })),
    units,
    openedUnits: units,
    openedAt: turn.now,
    expiration: nearestExpiration(legs),
    entryCredit,
    cashFlow: cents(Math.round(cash)),
    fees: cents(0),
    maxLossPerUnit: bounds.maxLoss,
    maxProfitPerUnit: bounds.maxProfit,
    exitPlan: {
      takeProfitFraction: null,
      stopLossMultiple: null,
      trailing: null,
      timeStopDays: null,
      roll: null,
      scaleOut: [],
      takeAssignment: false,
    },
    rolls: 0,
    scaledOut: 0,
    highWaterProfit: cents(0),
    maxAdverse: cents(0),
    maxFavourable: cents(0),
    exitReason: null,
    realised: cents(0),
    tags: terms.tags,
  };
}
