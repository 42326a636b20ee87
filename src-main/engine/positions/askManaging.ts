import type { Turn } from '../turn.ts';

/** Asks for the quotes of everything held, and of orders from elsewhere that may come to be held; the round runs when they come. */
export function askManaging(turn: Turn): void {
  const symbols = new Set<string>();
  for (const position of turn.state.positions.values()) {
    symbols.add(position.underlying);
    for (const leg of position.legs) symbols.add(leg.symbol);
  }
  for (const order of turn.present.externalOrders.values()) {
    symbols.add(order.underlying);
    for (const leg of order.legs) symbols.add(leg.symbol);
  }
  if (symbols.size === 0) return;
  turn.present.manageDue = true;
  turn.act({ kind: 'requestQuotes', symbols: [...symbols].sort() });
}
