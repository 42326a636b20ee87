import type { PositionView } from '#contract/positions';
import { type OptionContract, parseOccSymbol } from '#domain/market/instrument';
import type { Leg } from '#domain/structures/leg';
import { wordsOf } from '../../components/format/words.ts';
import type { TicketLeg } from '../../stores/ticketLegs.ts';

/** What is analysed: all its legs at their full size, and the cash that has changed hands so far. */
export interface Subject {
  readonly id: string;
  readonly title: string;
  readonly underlying: string;
  /** Ratios are whole quantities, so that one 'unit' is the whole thing. */
  readonly legs: readonly Leg[];
  /** Dollars received (+) or paid (−) so far, fees included. */
  readonly cash: number;
}

/** Terms of a standard US equity option; a ticket's quotes do not carry the contract's own (the engine's preview does). */
const STANDARD_TERMS = { style: 'american', settlement: 'physical', multiplier: 100, pennyProgram: false } as const;

function standardContract(symbol: string): OptionContract | null {
  const parts = parseOccSymbol(symbol);
  return parts ? { ...STANDARD_TERMS, ...parts, symbol, underlying: parts.root } : null;
}

/** One position with its cash flow and fees. */
export function positionSubject(view: PositionView): Subject {
  const { position } = view;
  const legs = position.legs.map(
    ({ symbol, contract, quantity }): Leg =>
      contract ? { kind: 'option', contract, ratio: quantity } : { kind: 'stock', underlying: symbol, shares: quantity },
  );
  return {
    id: position.positionId,
    title: `${position.underlying} ${wordsOf(position.structure)} × ${position.units}`,
    underlying: position.underlying,
    legs,
    cash: (position.cashFlow - position.fees) / 100,
  };
}

/** Everything held in one underlying, as one. */
export function underlyingSubject(underlying: string, views: readonly PositionView[]): Subject {
  const parts = views.filter((view) => view.position.underlying === underlying).map(positionSubject);
  return {
    id: `all ${underlying}`,
    title: `Everything in ${underlying}`,
    underlying,
    legs: parts.flatMap((part) => part.legs),
    cash: parts.reduce((sum, part) => sum + part.cash, 0),
  };
}

/** The order ticket at its limit; null while it has no legs or holds a symbol that is no option. */
export function ticketSubject(legs: readonly TicketLeg[], contracts: number, netLimit: number | null): Subject | null {
  const options = legs.flatMap(({ symbol, ratio }) => {
    const contract = standardContract(symbol);
    return contract ? [{ kind: 'option' as const, contract, ratio: ratio * contracts }] : [];
  });
  const [first] = options;
  if (!first || options.length !== legs.length) return null;
  return {
    id: 'ticket',
    title: 'The order ticket',
    underlying: first.contract.underlying,
    legs: options,
    cash: (netLimit ?? 0) * first.contract.multiplier * contracts,
  };
}

/** What there is to analyse: the ticket, each position, and each underlying that holds more than one. */
export function subjectsOf(ticket: Subject | null, views: readonly PositionView[]): readonly Subject[] {
  const underlyings = [...new Set(views.map((view) => view.position.underlying))];
  const joined = underlyings.filter((underlying) => views.filter((view) => view.position.underlying === underlying).length > 1);
  return [
    ...(ticket ? [ticket] : []),
    ...views.map(positionSubject),
    ...joined.map((underlying) => underlyingSubject(underlying, views)),
  ];
}
