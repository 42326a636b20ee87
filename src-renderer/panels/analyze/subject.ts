import type { PositionView } from '#contract/positions';
import { type OptionContract, parseOccSymbol } from '#domain/market/instrument';
import type { Leg } from '#domain/structures/leg';
import { wordsOf } from '../../components/format/words.ts';
import type { TicketLeg } from '../../stores/ticketLegs.ts';

/** What is held (or would be) in one underlying. Ratios are whole quantities, so that one 'unit' is the whole thing. */
export interface Part {
  readonly underlying: string;
  readonly legs: readonly Leg[];
}

/** What is analysed, and the cash that has changed hands so far. */
export interface Subject {
  readonly id: string;
  readonly title: string;
  /** One part an underlying; several move together by the same share of their prices. */
  readonly parts: readonly Part[];
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
    parts: [{ underlying: position.underlying, legs }],
    cash: (position.cashFlow - position.fees) / 100,
  };
}

/** Several subjects as one: parts of the same underlying are joined. */
function joined(id: string, title: string, subjects: readonly Subject[]): Subject {
  const legs = new Map<string, Leg[]>();
  for (const part of subjects.flatMap((subject) => subject.parts))
    legs.set(part.underlying, [...(legs.get(part.underlying) ?? []), ...part.legs]);
  return {
    id,
    title,
    parts: [...legs].map(([underlying, own]) => ({ underlying, legs: own })),
    cash: subjects.reduce((sum, { cash }) => sum + cash, 0),
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
    parts: [{ underlying: first.contract.underlying, legs: options }],
    cash: (netLimit ?? 0) * first.contract.multiplier * contracts,
  };
}

/** What there is to analyse: the ticket, the whole portfolio, each position, and each underlying that holds more than one. */
export function subjectsOf(ticket: Subject | null, views: readonly PositionView[]): readonly Subject[] {
  const positions = views.map(positionSubject);
  const underlyings = [...new Set(views.map((view) => view.position.underlying))];
  const of = (underlying: string) => positions.filter(({ parts }) => parts[0]?.underlying === underlying);
  return [
    ...(ticket ? [ticket] : []),
    ...(underlyings.length > 1 ? [joined('portfolio', 'The whole portfolio', positions)] : []),
    ...positions,
    ...underlyings
      .filter((underlying) => of(underlying).length > 1)
      .map((underlying) => joined(`all ${underlying}`, `Everything in ${underlying}`, of(underlying))),
  ];
}
