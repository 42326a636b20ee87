import type { Decision } from '#domain/decisions/decision';
import type { Desk } from '../desk.ts';
import { OUTSIDE_SOURCES, type OutsideSource, type OutsideText } from './outsideTexts.ts';

/** Trades and orders that are looked through, newest first. */
const MOST_LOOKED_AT = 200;
/** Texts of one source that a question takes along. */
const MOST_TEXTS = 3;

/** What others wrote and the desk knows of a proposal's underlying. */
export function textsOn(desk: Desk, { underlying }: Decision): readonly OutsideText[] {
  const { journal, market } = desk.parts;
  const { halts, lastDifferences } = desk.view();
  const isOfIt = (other: { readonly underlying: string }): boolean => other.underlying === underlying;
  const found: Readonly<Record<OutsideSource, readonly string[]>> = {
    ownerNote: journal
      .trades(MOST_LOOKED_AT)
      .filter(isOfIt)
      .map(({ notes }) => notes),
    companyName: market.underlyings.filter(({ symbol }) => symbol === underlying).map(({ name }) => name),
    brokerMessage: journal
      .orders(MOST_LOOKED_AT)
      .filter(isOfIt)
      .map(({ message }) => message),
    haltReason: [halts.get(underlying) ?? ''],
    bookDifference: (lastDifferences?.differences ?? [])
      .filter(({ subject }) => subject.startsWith(underlying))
      .map(({ subject, theirs }) => `${subject}: ${theirs}`),
  };
  return OUTSIDE_SOURCES.flatMap((source) =>
    found[source]
      .filter((text) => text.trim() !== '')
      .slice(0, MOST_TEXTS)
      .map((text) => ({ source, text })),
  );
}
