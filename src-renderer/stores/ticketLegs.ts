/** One leg of the owner's ticket: signed ratio per one unit. */
export interface TicketLeg {
  readonly symbol: string;
  readonly ratio: number;
}

/** A combination has at most four legs. */
export const MAX_LEGS = 4;

/** Adds to a leg (`by` +1 buys one more, -1 sells one more); a ratio of zero takes the leg out; a fifth leg changes nothing. */
export function addToLeg(legs: readonly TicketLeg[], symbol: string, by: number): readonly TicketLeg[] {
  const found = legs.find((leg) => leg.symbol === symbol);
  if (!found) return legs.length >= MAX_LEGS ? legs : [...legs, { symbol, ratio: by }];
  return legs.map((leg) => (leg.symbol === symbol ? { symbol, ratio: leg.ratio + by } : leg)).filter((leg) => leg.ratio !== 0);
}

export function withoutLeg(legs: readonly TicketLeg[], symbol: string): readonly TicketLeg[] {
  return legs.filter((leg) => leg.symbol !== symbol);
}

/** The other side of every leg: a bought spread becomes a sold one. */
export function flipped(legs: readonly TicketLeg[]): readonly TicketLeg[] {
  return legs.map((leg) => ({ symbol: leg.symbol, ratio: -leg.ratio }));
}

/** The signed ratio of a contract on the ticket, 0 when it is not there. */
export function ratioOf(legs: readonly TicketLeg[], symbol: string): number {
  return legs.find((leg) => leg.symbol === symbol)?.ratio ?? 0;
}
