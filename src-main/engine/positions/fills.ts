import type { FeeSchedule } from '#domain/portfolio/fees';
import { optionFees, stockFees } from '#domain/portfolio/fees';
import type { Position, PositionLeg } from '#domain/portfolio/position';
import { multiplierOf } from '#domain/structures/anatomy';
import type { Leg } from '#domain/structures/leg';
import { recogniseStructure } from '#domain/structures/name';
import { profitBounds } from '#domain/structures/payoff';
import { type Cents, cashOf, cents, invariant } from '#domain/units';
import type { BrokerReport } from '#ports/broker';
import { symbolOf } from '../risk/combinationQuote.ts';
import type { OrderRecord } from '../state/orderRecord.ts';
import type { Turn } from '../turn.ts';
import { nearestExpiration } from './legs.ts';
import { closeTrade } from './trade.ts';

type Fill = Extract<BrokerReport, { kind: 'orderFilled' }>;

/** Books one execution: the position is what the fills made it, never what was hoped for. */
export function bookFill(turn: Turn, record: OrderRecord, fill: Fill): void {
  const held = turn.state.positions.get(record.positionId);
  const cash = cashOfFill(record, fill);
  const fees = feesOfFill(turn.parts.feeSchedule, record, fill);
  const position = held ? changed(held, record, fill, cash, fees) : opened(turn, record, fill, cash, fees);
  if (!held) {
    invariant(record.request.purpose === 'open', `a closing fill of ${record.key} found no position ${record.positionId}`);
    turn.emit({ kind: 'PositionOpened', position });
    return;
  }
  turn.emit({ kind: 'PositionChanged', position, why: record.request.purpose === 'open' ? 'entry fill' : 'exit fill' });
  if (position.legs.length === 0) closeTrade(turn, position, held, position.exitReason ?? reasonOf(record));
}

function reasonOf(record: OrderRecord): NonNullable<Position['exitReason']> {
  if (record.cause.kind === 'exit') return record.cause.reason;
  return record.cause.kind === 'repair' ? 'orphanRepair' : 'owner';
}

/** Cash of the legs as they printed: + received. */
function cashOfFill(record: OrderRecord, fill: Fill): Cents {
  let total = 0;
  for (const leg of fill.legs) total -= cashOf(leg.price, multiplierFor(record.legs, leg.symbol), leg.contracts);
  return cents(total);
}

/** What this execution adds to the order's fees; the broker rounds once per order. */
function feesOfFill(schedule: FeeSchedule, record: OrderRecord, _fill: Fill): Cents {
  const earlier = record.executions.slice(0, record.executions.length - _fill.legs.length);
  return cents(totalFees(schedule, record, record.executions) - totalFees(schedule, record, earlier));
}

function totalFees(schedule: FeeSchedule, record: OrderRecord, executions: OrderRecord['executions']): number {
  if (executions.length === 0) return 0;
  if (record.request.assetClass === 'stock')
    return stockFees(
      schedule,
      executions.map(({ contracts, price }) => ({ shares: contracts, price })),
    );
  return optionFees(
    schedule,
    executions.map(({ symbol, contracts, price }) => ({ contracts, price, multiplier: multiplierFor(record.legs, symbol) })),
  );
}

function multiplierFor(legs: readonly Leg[], symbol: string): number {
  const leg = legs.find((candidate) => symbolOf(candidate) === symbol);
  return leg?.kind === 'option' ? leg.contract.multiplier : 1;
}

function opened(turn: Turn, record: OrderRecord, fill: Fill, cash: Cents, fees: Cents): Position {
  const entry = record.entry;
  const structureLegs = entry?.legs ?? record.legs;
  const units = unitsOf(record, fill);
  const legs = withFill([], structureLegs, fill);
  const multiplier = multiplierOf(structureLegs);
  const entryCredit = units > 0 ? cash / 100 / multiplier / units : 0;
  const bounds = profitBounds(structureLegs, entryCredit);
  return {
    positionId: record.positionId,
    campaignId: entry?.campaignId ?? `c${record.positionId.slice(1)}`,
    strategyId: record.strategyId,
    decisionId: record.cause.kind === 'decision' ? record.cause.decisionId : null,
    underlying: record.request.underlying,
    structure: entry?.structure ?? recogniseStructure(structureLegs),
    status: 'open',
    legs,
    units,
    openedUnits: units,
    openedAt: turn.now,
    expiration: nearestExpiration(legs),
    entryCredit: round6(entryCredit),
    cashFlow: cash,
    fees,
    maxLossPerUnit: bounds.maxLoss,
    maxProfitPerUnit: bounds.maxProfit,
    exitPlan: entry?.exitPlan ?? {
      takeProfitFraction: null,
      stopLossMultiple: null,
      trailing: null,
      timeStopDays: null,
      roll: null,
      scaleOut: [],
      takeAssignment: false,
    },
    rolls: entry?.rolls ?? 0,
    scaledOut: 0,
    highWaterProfit: cents(0),
    maxAdverse: cents(0),
    maxFavourable: cents(0),
    exitReason: null,
    realised: cents(0),
    tags: entry?.tags ?? [],
  };
}

function changed(held: Position, record: OrderRecord, fill: Fill, cash: Cents, fees: Cents): Position {
  const opening = record.request.purpose === 'open';
  const structureLegs = record.entry?.legs ?? record.legs;
  const legs = withFill(held.legs, structureLegs, fill);
  const moved = unitsOf(record, fill);
  const units = Math.max(0, round6(held.units + (opening ? moved : -moved)));
  const cashFlow = cents(held.cashFlow + cash);
  const base = { ...held, legs, units, cashFlow, fees: cents(held.fees + fees), expiration: nearestExpiration(legs) };
  const taken = held.realisedBeforeFees ?? held.realised;
  if (!opening) {
    const share = legs.length === 0 ? 1 : held.units > 0 ? moved / held.units : 0;
    // Earlier exits have taken their part of the cash: what came in for the units still open stands behind these.
    const profit = Math.round(cash + (held.cashFlow - taken) * share);
    return {
      ...base,
      realised: cents(held.realised + profit - fees),
      realisedBeforeFees: cents(taken + profit),
      status: legs.length === 0 ? 'closed' : held.status,
      scaledOut: Math.max(held.scaledOut, record.cause.kind === 'exit' ? (record.cause.step ?? 0) : 0),
    };
  }
  const multiplier = multiplierOf(structureLegs);
  const openedUnits = Math.max(held.openedUnits, units);
  const entryCredit = units > 0 ? (cashFlow - taken) / 100 / multiplier / units : held.entryCredit;
  const bounds = profitBounds(structureLegs, entryCredit);
  return {
    ...base,
    openedUnits,
    entryCredit: round6(entryCredit),
    maxLossPerUnit: bounds.maxLoss,
    maxProfitPerUnit: bounds.maxProfit,
  };
}

function unitsOf(record: OrderRecord, fill: Fill): number {
  return round6(fill.contracts * record.unitWeight);
}

/** Legs after an execution: quantities add up, the entry price averages while a leg grows, an empty leg goes. */
function withFill(legs: readonly PositionLeg[], structure: readonly Leg[], fill: Fill): PositionLeg[] {
  const result = legs.map((leg) => ({ ...leg }));
  for (const { symbol, contracts, price } of fill.legs) {
    const known = result.find((leg) => leg.symbol === symbol);
    const definition = structure.find((leg) => symbolOf(leg) === symbol);
    if (!known) {
      result.push({
        symbol,
        contract: definition?.kind === 'option' ? definition.contract : null,
        quantity: contracts,
        ratio: definition === undefined ? contracts : definition.kind === 'stock' ? definition.shares : definition.ratio,
        entryPrice: price,
      });
      continue;
    }
    const grows = Math.sign(known.quantity) === Math.sign(contracts);
    const quantity = known.quantity + contracts;
    const entryPrice = grows ? (known.entryPrice * known.quantity + price * contracts) / quantity : known.entryPrice;
    Object.assign(known, { quantity, entryPrice: round6(entryPrice) });
  }
  return result.filter((leg) => leg.quantity !== 0);
}

function round6(value: number): number {
  return Math.round(value * 1e6) / 1e6 || 0;
}
